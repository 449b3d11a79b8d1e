/** The five statements of the link table, prepared by name. Lists arrive as parallel arrays, so text never varies. */

const WANTED =
  "unnest($2::text[], $3::text[], $4::bytea[]) with ordinality as wanted(type, member, key_mac, at)";

export const FIND_BY_UID = {
  name: "link-by-uid",
  text: `select uid, type, agency, member, key_sealed from object_link
         where uid = any($1::text[]) and unlinked_at is null
         order by linked_at desc, key_mac`,
};

/** $1 agency, $2 types, $3 members, $4 MACs → at (from 1), uid */
export const FIND_BY_KEY = {
  name: "link-by-key",
  text: `select at::int, link.uid from ${WANTED}
         join object_link link on link.agency = $1 and link.type = wanted.type and link.member = wanted.member
          and link.key_mac = wanted.key_mac and link.unlinked_at is null`,
};

/**
 * For keys that the agency was not linked by: the uid by which others know the same key, unless this agency's key was
 * unlinked from it, and how often it was unlinked.
 */
export const CANDIDATES = {
  name: "link-candidates",
  text: `select at::int,
           (select link.uid from object_link link
             where link.key_mac = wanted.key_mac and link.unlinked_at is null
               and not exists (select from object_link former
                                where former.key_mac = wanted.key_mac and former.agency = $1
                                  and former.member = wanted.member and former.uid = link.uid)
             order by link.linked_at, link.uid limit 1) as uid,
           (select count(*)::int from object_link former
             where former.key_mac = wanted.key_mac and former.agency = $1 and former.type = wanted.type
               and former.member = wanted.member and former.unlinked_at is not null) as generation
         from ${WANTED}`,
};

export const INSERT = {
  name: "link-insert",
  text: `insert into object_link
           (uid, type, agency, member, key_type, key_mac, key_sealed, confidence, method, evidence, linked_by)
         select *, $11 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[],
                                   $7::text[], $8::real[], $9::text[], $10::text[])
         on conflict do nothing`,
};

export const UNLINK = {
  name: "link-unlink",
  text: `update object_link set unlinked_at = now(), unlinked_by = $3, evidence = $4
         where uid = $1 and agency = $2 and unlinked_at is null`,
};
