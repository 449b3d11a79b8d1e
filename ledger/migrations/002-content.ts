/**
 * Tables of the content: what was reported, screened, said, planned and given. Nothing here decides who may read it,
 * but for the member that took a report or statement and the member whose house a stay was in.
 */
import type { Migration } from "../../src/connectors/migrate.ts";

export const CONTENT: Migration = {
  number: 2,
  name: "content",
  sql: `
    create table report (
      uid text primary key,
      case_uid text not null unique references case_file,
      number text not null unique,
      channel text not null,
      received_at timestamptz(3) not null,
      reporter text,
      anonymous boolean not null,
      summary text,
      immediate_danger boolean not null,
      taken_by_member text not null references member,
      check (not anonymous or reporter is null)
    );

    create table screening (
      case_uid text primary key references case_file,
      outcome text,
      suggested_outcome text,
      rationale text,
      screener text not null,
      reviewer text check (reviewer <> screener),
      interview_language text,
      interpreter_used boolean,
      decided_at timestamptz(3)
    );
    create table screening_finding (
      case_uid text not null references screening,
      indicator text not null,
      evidence text not null,
      confidence text not null,
      primary key (case_uid, indicator)
    );
    create table screening_dimension (
      case_uid text not null references screening,
      dimension text not null,
      positive boolean not null,
      strong smallint not null,
      medium smallint not null,
      weak smallint not null,
      primary key (case_uid, dimension)
    );

    create table exploitation (
      case_uid text primary key references case_file,
      acts text[] not null,
      means text[] not null,
      purposes text[] not null,
      sexual_kinds text[] not null,
      sector text,
      control_methods text[] not null,
      recruitment_methods text[] not null,
      recruitment_platforms text[] not null,
      exploitation_platforms text[] not null,
      location_of_recruitment jsonb,
      location_of_exploitation jsonb,
      duration_band text,
      narrative text
    );
    create table trafficking_event (
      case_uid text not null references exploitation,
      position smallint not null,
      kind text not null check (kind in ('RECRUITMENT', 'TRANSIT', 'EXPLOITATION')),
      date date,
      place jsonb,
      description text,
      primary key (case_uid, position)
    );

    create table victim_statement (
      case_uid text not null references case_file,
      position smallint not null,
      text text not null,
      taken_by text not null,
      taken_by_member text not null references member,
      recording_ref text,
      taken_at timestamptz(3) not null,
      primary key (case_uid, position)
    );
    create table support_plan (
      case_uid text not null references case_file,
      position smallint not null,
      type text not null,
      objectives text,
      action_plan text,
      planned_end date,
      actual_end date,
      primary key (case_uid, position)
    );
    create table service_delivery (
      case_uid text not null references case_file,
      position smallint not null,
      type text not null,
      provider_member text not null references member,
      delivered_at date not null,
      primary key (case_uid, position)
    );
    create table facility (
      uid text primary key,
      name text not null,
      area text not null,
      address jsonb not null,
      capacity integer not null check (capacity > 0),
      house_member text not null references member
    );
    create table shelter_stay (
      case_uid text not null references case_file,
      position smallint not null,
      facility text not null references facility,
      house_member text not null references member,
      admitted_on date not null,
      left_on date check (left_on >= admitted_on),
      free_to_leave boolean not null,
      security_plan text,
      primary key (case_uid, position)
    );
    create table health_assessment (
      case_uid text not null references case_file,
      position smallint not null,
      physical text,
      psychological text,
      disability boolean not null,
      urgent_need boolean not null,
      primary key (case_uid, position)
    );
    create table case_note (
      case_uid text not null references case_file,
      position smallint not null,
      at timestamptz(3) not null,
      by_staff text not null,
      text text not null,
      primary key (case_uid, position)
    );
    create table return_plan (
      uid text primary key,
      case_uid text not null unique references case_file,
      wish text not null,
      risk_assessment text,
      planned_month text check (planned_month ~ '^[0-9]{4}-[0-9]{2}$'),
      receiving_organisation text references member
    );

    -- Which generated world the rows came from: a database is seeded once, and never by another world.
    create table seed_marker (
      singleton boolean primary key default true check (singleton),
      seed bigint not null,
      scale text not null,
      generator text not null,
      seeded_at timestamptz not null default now()
    );`,
};
