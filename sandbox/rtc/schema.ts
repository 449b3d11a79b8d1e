/**
 * The training centre's database. Keys are its own staff, certificate, programme and item numbers. The full-text index
 * is for searching knowledge by Arabic and English words.
 */
export const RTC_TABLES = `
  create table holder (
    holder_no text primary key,
    staff_id text not null,
    member text not null,
    agency text not null,
    unique (member, staff_id)
  );
  create table trainer (
    number text primary key,
    holder_no text not null,
    certified_by text not null,
    member text not null,
    agency text not null
  );
  create table certificate (
    number text primary key,
    skill text not null,
    holder_no text not null,
    member text not null,
    valid_until date not null
  );
  create table programme (
    number text primary key,
    title_ar text not null,
    title_en text not null,
    published boolean not null
  );
  create table run (
    programme_no text not null,
    starts_on date not null,
    ends_on date not null,
    place text not null,
    seats integer not null,
    primary key (programme_no, starts_on)
  );
  create table knowledge (
    number text primary key,
    kind text not null,
    title_ar text not null,
    title_en text not null,
    body_ar text not null,
    body_en text not null,
    published boolean not null,
    words tsvector not null generated always as (
      setweight(to_tsvector('arabic', title_ar), 'A') || setweight(to_tsvector('english', title_en), 'A') ||
      to_tsvector('arabic', body_ar) || to_tsvector('english', body_en)
    ) stored
  )`;

export const RTC_INDEXES = `
  create index on certificate (holder_no, valid_until, number);
  create index on knowledge (kind, number);
  create index on knowledge using gin (words)`;
