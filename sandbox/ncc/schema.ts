/**
 * The national committee's database. Cells of tables, assignees and citations are JSON. Row-level security shows rows to
 * a session with the purpose NRM_LOOKUP, and to no other reader.
 */
const TABLES = ["recommendation", "report", "release_table", "fund_payment"] as const;

const secured = TABLES.map(
  (table) => `
  alter table ${table} enable row level security;
  create policy purpose on ${table} for select using (current_setting('ihala.purpose', true) = 'NRM_LOOKUP')`,
).join(";");

export const NCC_TABLES = `
  create table recommendation (
    number text primary key,
    source text not null,
    text_ar text not null,
    text_en text not null,
    assignees jsonb not null,
    status text not null,
    evidence jsonb not null,
    published boolean not null
  );
  create table report (
    number text primary key,
    kind text not null,
    period_from date,
    period_until date,
    status text not null,
    assignees jsonb not null,
    cites jsonb not null
  );
  create table release_table (
    code text not null,
    year integer not null,
    title_ar text not null,
    title_en text not null,
    method text not null,
    cells jsonb not null,
    primary key (code, year)
  );
  create table fund_payment (
    ref text primary key,
    case_ref text not null,
    kind text not null,
    source text not null,
    amount numeric(12, 3) not null,
    paid_on date
  )`;

export const NCC_INDEXES = `
  create index on report (kind, period_from, period_until);
  create index on recommendation (source, status);
  create index on fund_payment (case_ref, paid_on, ref);
  ${secured}`;
