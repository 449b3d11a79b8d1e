/**
 * Who read about one subject, when, for what and which field groups: the data tracker's pages, from the copy of the log.
 *
 * Order     newest first, by the keys of the last entry of the page before, so that what is added neither repeats nor skips.
 * Embargo   what is hidden from a subject is not read for her: an embargoed log and an empty one take the same statements.
 *           By default entries of an investigation are hidden, and every entry about an accused person, for twelve months.
 * Cases     in her own log nothing tells of a case: that waits until the centre says that her account is safe to read it on.
 * Groups    are in the ciphertexts; null when the entry's key is not here. To a subject such an entry is not shown.
 * Source    domain, agencies §12.
 */
import type pg from "pg";
import type { BlindIndex } from "../audit/blind-index.ts";
import { entriesOfRecord } from "../audit/encode-record.ts";
import type { Subject, SubjectKeyring } from "../audit/subject-keys.ts";
import type { Embargoes } from "./embargo.ts";

export interface AccessEntry {
  /** ISO 8601. */
  readonly at: string;
  /** Address of the member that read. */
  readonly member: string;
  readonly purpose: string;
  readonly groups: readonly string[] | null;
  readonly visibleFrom: string;
  readonly cursor: string;
}

export interface AccessPage {
  readonly entries: readonly AccessEntry[];
  readonly hasNext: boolean;
}

export interface AccessQuestion {
  readonly about: Subject;
  /** The person herself asks. */
  readonly asSubject: boolean;
  /** Police, prosecution or court know her as a suspect or defendant. */
  readonly isAccused: boolean;
  /** 1 to 100. */
  readonly first: number;
  readonly after: string | null;
  readonly now: Date;
}

export interface AccessLogs {
  /** Null for a cursor that is none. */
  page(question: AccessQuestion): Promise<AccessPage | null>;
}

export interface AccessLogParts {
  readonly pool: Pick<pg.Pool, "query">;
  readonly blind: BlindIndex;
  readonly embargoes: Pick<Embargoes, "of">;
  readonly keys: SubjectKeyring;
  /** Groups that tell of a case. */
  readonly isCaseGroup: (group: string) => boolean;
}

/** Purposes of an investigation. */
const INVESTIGATIVE = ["CRIMINAL_INVESTIGATION", "PROSECUTION", "IMMIGRATION_ENFORCEMENT"];

interface Row {
  readonly log: string;
  readonly sequence: string;
  readonly at: Date;
  readonly member: string;
  readonly purpose: string;
  readonly text: string;
  readonly key: string;
  readonly visible_from: Date;
}

/** Of an order and the default the later one holds; `greatest` passes over null. */
const VISIBLE_FROM = `greatest($3::timestamptz, case
  when s.at <= $4::timestamptz then s.at
  when $5::boolean or r.purpose = any($6::text[]) then s.at + interval '12 months'
  else s.at end)`;

const PAGE = {
  name: "access-log-page",
  text: `
    select s.log, s.sequence, s.at, r.member, r.purpose, r.text, s.key, ${VISIBLE_FROM} as visible_from
      from disclosure.subject s join disclosure.record r on r.log = s.log and r.sequence = s.sequence
     where s.index = $1 and s.shown
       and (not $2::boolean or ${VISIBLE_FROM} <= $7::timestamptz)
       and ($8::timestamptz is null or (s.at, s.log, s.sequence) < ($8, $9::text, $10::bigint))
     order by s.at desc, s.log desc, s.sequence desc limit $11`,
};

type Place = readonly [at: string | null, log: string | null, sequence: string | null];
const START: Place = [null, null, null];

export function createAccessLogs({ pool, blind, embargoes, keys, isCaseGroup }: AccessLogParts): AccessLogs {
  const groupsOf = (row: Row): readonly string[] | null => {
    const entry = entriesOfRecord(Buffer.from(row.text), keys).find(({ key }) => key === row.key)?.entry;
    return entry?.groups.map(({ group }) => group) ?? null;
  };

  const entryOf = (row: Row, asSubject: boolean): readonly AccessEntry[] => {
    const all = groupsOf(row);
    const groups = asSubject ? (all ?? []).filter((group) => !isCaseGroup(group)) : all;
    if (asSubject && groups?.length === 0) return [];
    const { at, member, purpose, visible_from: visibleFrom } = row;
    return [
      {
        ...{ member, purpose, groups, cursor: cursorOf(row) },
        at: at.toISOString(),
        visibleFrom: visibleFrom.toISOString(),
      },
    ];
  };

  return {
    async page({ about, asSubject, isAccused, first, after, now }) {
      const start = after === null ? START : placeOf(after);
      if (start === null) return null;
      const { until, releasedUpTo } = await embargoes.of(about);
      const fixed = [blind.of(about), asSubject, until, releasedUpTo, isAccused, INVESTIGATIVE, now];
      const entries: AccessEntry[] = [];
      for (let place = start; ; ) {
        const values = [...fixed, ...place, first + 1];
        const { rows } = await pool.query<Row>({ ...PAGE, values });
        entries.push(...rows.flatMap((row) => entryOf(row, asSubject)));
        const last = rows.at(-1);
        if (!last || rows.length <= first || entries.length > first)
          return { entries: entries.slice(0, first), hasNext: entries.length > first };
        place = [last.at.toISOString(), last.log, last.sequence];
      }
    },
  };
}

const cursorOf = ({ at, log, sequence }: Row): string => `${at.toISOString()} ${sequence} ${log}`;

const CURSOR = /^(\S+) (\d{1,18}) (.+)$/s;

function placeOf(cursor: string): Place | null {
  const [, at, sequence, log] = CURSOR.exec(cursor) ?? [];
  if (at === undefined || log === undefined || sequence === undefined) return null;
  return Number.isNaN(Date.parse(at)) ? null : [at, log, sequence];
}
