/**
 * The version before, as the gateway's database meets it while replicas are restarted: up to which migration of each store it knows, and
 * its statements as it sends them, in its own words. Who adds a migration writes down here what went before it.
 */

/** Stores that it does not have are missing. */
export const PREVIOUS: Readonly<Record<string, number>> = {
  "break-glass": 1,
  "disclosure-copy": 2,
  links: 1,
  policies: 1,
  proofs: 1,
  revocations: 1,
  "staff-directory": 1,
};

/** Prepared by name on a connection that outlives the migration, where it did so. */
export const STATEMENTS = {
  link: {
    name: "link-insert",
    text: `insert into object_link
           (uid, type, agency, member, key_type, key_mac, key_sealed, confidence, method, evidence, linked_by)
         select *, $11 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[],
                                   $7::text[], $8::real[], $9::text[], $10::text[])
         on conflict do nothing`,
  },
  linksOf: {
    name: "link-by-uid",
    text: `select uid, type, agency, member, key_sealed from object_link
         where uid = any($1::text[]) and unlinked_at is null
         order by linked_at desc, key_mac`,
  },
  unlink: {
    name: "link-unlink",
    text: `update object_link set unlinked_at = now(), unlinked_by = $3, evidence = $4
         where uid = $1 and agency = $2 and unlinked_at is null`,
  },
  open: {
    name: "",
    text: `insert into break_glass.opening
    (uid, case_uid, member, staff, role, opened_at, until, day, retry_key, reason_key, reason)
  values ($1, $2, $3, $4, $5, $6, $7, ($6::timestamptz at time zone $8)::date, $9, $10, $11)`,
  },
  notify: {
    name: "",
    text: `insert into break_glass.notice (opening, member, role)
              values ($1, $2, null), ($1, null, 'EPC.reviewer'), ($1, null, 'NCC.auditor')`,
  },
  openNow: {
    name: "break-glass-open",
    text: `select case_uid as "caseUid", max(until) as until from break_glass.opening
          where member = $1 and staff = $2 and role = $3 and opened_at <= $4 and until > $4
          group by case_uid order by max(opened_at) desc`,
  },
  copy: {
    name: "disclosure-append",
    text: `
    with added as (
      insert into disclosure.record (log, sequence, at, reader, member, role, purpose, leaf, text)
      select $1, r.sequence, r.at, r.reader, r.member, r.role, r.purpose, r.leaf, r.text
        from unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::text[])
          as r(sequence, at, reader, member, role, purpose, leaf, text)
       where ($2[1] = 1 or exists (select from disclosure.record b where b.log = $1 and b.sequence = $2[1] - 1))
         and not exists (select from unnest($2::bigint[], $8::bytea[]) as o(sequence, leaf)
                           join disclosure.record b on b.log = $1 and b.sequence = o.sequence and b.leaf <> o.leaf)
      on conflict (log, sequence) do nothing
      returning sequence),
    indexed as (
      insert into disclosure.subject (index, log, sequence, at, key, shown)
      select s.index, $1, s.sequence, s.at, s.key, s.shown
        from unnest($10::text[], $11::bigint[], $12::timestamptz[], $13::text[], $14::boolean[])
          as s(index, sequence, at, key, shown)
        join added on added.sequence = s.sequence
      on conflict (index, log, sequence) do nothing)
    select count(*)::int as added from added`,
  },
  copied: { name: "", text: "select max(sequence) as last from disclosure.record where log = $1" },
  draftContent: {
    name: "",
    text: "insert into policy_store.content (hash) values ($1) on conflict do nothing",
  },
  draft: { name: "", text: "insert into policy_store.draft (number, hash, note) values ($1, $2, $3)" },
  approve: {
    name: "",
    text: "insert into policy_store.approval (draft, officer, note) values ($1, $2, $3)",
  },
  bundle: {
    name: "",
    text: "insert into policy_store.bundle (sha256, body) values ($1, $2) on conflict do nothing",
  },
  publish: {
    name: "",
    text: "insert into policy_store.publication (number, hash, bundle, note) values ($1, $2, $3, $4)",
  },
  heads: {
    name: "",
    text: `select (select max(number) from policy_store.publication) as publication,
                        (select max(number) from policy_store.shadow) as shadow`,
  },
  prove: {
    name: "remember-proofs",
    text: `insert into proof_seen (id) select id from unnest($1::bytea[]) as seen (id) order by id
         on conflict do nothing
         returning id`,
  },
  revoke: {
    name: "",
    text: `insert into staff_revocation (member, staff, revoked_by) values ($1, $2, $3)
                on conflict (member, staff) where lifted_at is null do nothing`,
  },
  revoked: { name: "", text: "select member, staff from staff_revocation where lifted_at is null" },
  staff: {
    name: "",
    text: `
  insert into staff_directory
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
  on conflict (uid) do update
    set staff_id = excluded.staff_id, member = excluded.member, agency = excluded.agency, role = excluded.role,
        name_ar = excluded.name_ar, name_latin = excluded.name_latin`,
  },
  staffByUid: {
    name: "staff-by-uid",
    text: `select uid, staff_id as "staffId", member, agency, role, name_ar as "nameAr", name_latin as "nameLatin"
         from staff_directory where uid = any($1::text[])`,
  },
} as const;
