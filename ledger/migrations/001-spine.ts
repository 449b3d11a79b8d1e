/**
 * Tables of the spine: who is in a case, how far it came, and everything that decides who may know of it.
 *
 * Staff are named by uid where they are shown and by `staff_id` where a reader's token must match; organisations by
 * member address everywhere. Rows that grow with a case (events, referrals, consents) are added, never rewritten.
 */
import type { Migration } from "../../src/connectors/migrate.ts";

export const SPINE: Migration = {
  number: 1,
  name: "spine",
  sql: `
    create table member (
      address text primary key,
      agency text not null
    );

    create table case_file (
      uid text primary key,
      nrm_number text not null unique,
      owner_member text not null references member,
      case_worker text,
      opened_at timestamptz(3) not null,
      closed_at timestamptz(3),
      closure_reason text,
      merged_into text references case_file deferrable initially deferred,
      risk_level text not null,
      risk_rank smallint not null generated always as
        (case risk_level when 'LOW' then 1 when 'MEDIUM' then 2 when 'HIGH' then 3 when 'IMMINENT' then 4 end) stored,
      identification_state text not null,
      protection_state text not null,
      justice_state text not null,
      labour_state text not null,
      redress_state text not null,
      holders text[] not null,
      check (closed_at >= opened_at)
    );
    create index case_file_opened on case_file (opened_at, uid);
    create index case_file_risk on case_file (risk_rank, opened_at, uid);
    create index case_file_owner on case_file (owner_member, opened_at, uid);
    create index case_file_identification on case_file (identification_state, opened_at, uid);
    create index case_file_protection on case_file (protection_state, opened_at, uid);
    create index case_file_justice on case_file (justice_state, opened_at, uid);
    create index case_file_labour on case_file (labour_state, opened_at, uid);
    create index case_file_redress on case_file (redress_state, opened_at, uid);

    create table related_case (
      case_uid text not null references case_file deferrable initially deferred,
      related_uid text not null references case_file deferrable initially deferred,
      primary key (case_uid, related_uid),
      check (case_uid <> related_uid)
    );

    create table track_event (
      case_uid text not null references case_file,
      track text not null check (track in ('IDENTIFICATION', 'PROTECTION', 'JUSTICE', 'LABOUR', 'REDRESS')),
      version integer not null check (version > 0),
      at timestamptz(3) not null,
      from_state text not null,
      to_state text not null,
      by_member text not null references member,
      purpose text not null,
      field_group text not null,
      primary key (case_uid, track, version)
    );
    create index track_event_order on track_event (case_uid, at);

    create table case_party (
      uid text primary key,
      case_uid text not null references case_file,
      person text not null,
      role text not null,
      code text unique check (code is null or role = 'VICTIM'),
      from_date date not null,
      until_date date check (until_date >= from_date),
      is_child boolean not null,
      trafficking_status text,
      status_decided_by text,
      age_when_trafficked smallint,
      relationship_to_trafficker text,
      documents_held_by text,
      holders text[] not null
    );
    create index case_party_case on case_party (case_uid);
    create index case_party_person on case_party (person);

    create table person (
      uid text primary key,
      is_child boolean not null,
      aliases text[] not null,
      primary_language text,
      other_languages text[] not null,
      number_of_children smallint,
      education text,
      safe_contact jsonb check (safe_contact is null or safe_contact ? 'channel')
    );

    create table consent (
      uid text primary key,
      case_uid text not null references case_file,
      scope text not null,
      field_groups text[] not null,
      status text not null check (status in ('GIVEN', 'REFUSED', 'WITHDRAWN', 'EXPIRED', 'NOT_ASKED')),
      given_by text not null,
      checklist jsonb not null check (checklist ?& array['agreedToInterview', 'toldPurpose', 'toldUses',
        'toldResearch', 'toldAccessRight', 'toldRetention', 'toldWithdrawal']),
      given_at timestamptz(3),
      valid_until timestamptz(3),
      withdrawn_at timestamptz(3),
      replaced_by text references consent deferrable initially deferred
    );
    create index consent_case on consent (case_uid);
    create table consent_recipient (
      consent_uid text not null references consent,
      member text not null references member,
      primary key (consent_uid, member)
    );

    create table referral (
      uid text primary key,
      case_uid text not null references case_file,
      from_member text not null references member,
      to_member text not null references member,
      reason text not null,
      purpose text not null,
      status text not null
        check (status in ('DRAFT', 'SENT', 'ACCEPTED', 'REJECTED', 'DONE', 'REVOKED', 'EXPIRED')),
      granted_groups text[] not null,
      basis text not null,
      consent_uid text references consent,
      sent_at timestamptz(3) check (sent_at is not null or status = 'DRAFT'),
      responded_at timestamptz(3),
      expires_at timestamptz(3) not null,
      details text
    );
    create index referral_case on referral (case_uid, to_member);
    create index referral_inbox on referral (to_member, sent_at, uid);
    create index referral_live on referral (to_member, purpose, expires_at) include (case_uid)
      where status = 'ACCEPTED';

    -- Who of a member's staff is on the case: 'owner' for the holding organisation, 'receiver' for a receiving one.
    create table case_staff (
      case_uid text not null references case_file,
      member text not null references member,
      staff_id text not null,
      capacity text not null check (capacity in ('worker', 'supervisor', 'reviewer')),
      side text not null check (side in ('owner', 'receiver')),
      primary key (case_uid, member, side, staff_id, capacity)
    );
    create index case_staff_reader on case_staff (member, staff_id, side) include (case_uid);

    -- A suspect who works for the member; a member of staff who is linked to a party.
    create table case_overlay (
      case_uid text not null references case_file,
      kind text not null check (kind in ('OFFICIAL_SUSPECT', 'STAFF_CONFLICT')),
      subject text not null,
      primary key (case_uid, kind, subject)
    );

    -- What prosecution and court reported about the case.
    create table agency_event (
      case_uid text not null references case_file,
      kind text not null check (kind in ('CHARGED', 'SEALED', 'UNSEALED')),
      at timestamptz(3) not null,
      by_member text not null references member,
      court_groups text[] not null default '{}',
      primary key (case_uid, kind, at)
    );
    create index agency_event_kind on agency_event (kind, case_uid);`,
};
