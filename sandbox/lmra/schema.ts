/**
 * The labour authority's database. Every filter and order of `schema/lmra.graphql` has an index; every list that hangs on
 * a worker or an employer has one in the order it is read.
 *
 * Keys      permit number (worker), CPR (person), employer number; nobody else's.
 * shuffled  an order that says nothing: neither age of a permit nor size of an employer.
 */
export const LMRA_TABLES = `
  create table employer (
    employer_no text primary key,
    cr_number text unique,
    kind text not null,
    name text not null,
    area text not null,
    worker_count integer not null,
    shuffled uuid not null generated always as (md5(employer_no)::uuid) stored unique
  );
  create table worker (
    permit_no text primary key,
    cpr text not null unique,
    mobile_phone text not null,
    permit_type text not null,
    permit_status text not null,
    valid_from date not null,
    valid_until date not null,
    employer_no text,
    occupation text not null,
    sector text not null,
    unpaid_months integer not null,
    shuffled uuid not null generated always as (md5(permit_no)::uuid) stored unique
  );
  create table permit (
    permit_no text not null,
    employer_no text not null,
    valid_from date not null,
    valid_until date not null,
    end_reason text not null,
    primary key (permit_no, valid_from)
  );
  create table contract (
    permit_no text primary key,
    wage numeric(12, 3) not null,
    hours_per_week integer not null,
    signed_in_origin boolean not null,
    languages text[] not null
  );
  create table wage_month (
    permit_no text not null,
    period text not null,
    due numeric(12, 3) not null,
    paid numeric(12, 3) not null,
    paid_on date,
    primary key (permit_no, period)
  );
  create table complaint (
    number text primary key,
    permit_no text not null,
    grounds text[] not null,
    filed_on date not null,
    state text not null,
    screened_for_trafficking boolean not null
  );
  create table left_work (
    permit_no text primary key,
    filed_on date not null,
    by_employer boolean not null,
    complaint_before boolean not null
  );
  create table inspection (
    number text primary key,
    employer_no text not null,
    visited_on date not null,
    findings text not null,
    result text not null
  );
  create table risk_signal (
    number text primary key,
    employer_no text not null,
    rule text not null,
    score double precision not null,
    facts jsonb not null,
    raised_at timestamptz not null,
    sector text not null,
    area text not null,
    intervention jsonb
  )`;

/** Made after the rows are in. */
export const LMRA_INDEXES = `
  create index on worker (valid_until, permit_no);
  create index on worker (unpaid_months, permit_no);
  create index on worker (permit_status, shuffled);
  create index on worker (permit_type, shuffled);
  create index on worker (sector, shuffled);
  create index on worker (employer_no, shuffled);
  create index on employer (name);
  create index on employer (kind, shuffled);
  create index on employer (area, shuffled);
  create index on complaint (permit_no, filed_on, number);
  create index on inspection (employer_no, visited_on, number);
  create index on risk_signal (employer_no, raised_at, number)`;
