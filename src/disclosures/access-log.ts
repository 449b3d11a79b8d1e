/**
 * Who read about somebody, when, for what and which field groups: the data tracker's pages, from the copy of the log.
 *
 * Order     newest first, by the keys of the last entry of the page before, so that what is added neither repeats nor skips.
 * Files     a person's log is one of several subjects: herself, her file as a worker, her cases. An answer that showed more than one of
 *           them is one entry.
 * Embargo   what is hidden from a subject is not read for her: an embargoed log and an empty one take the same statements.
 *           By default entries of an investigation are hidden, and every entry about an accused person, for twelve months. An order
 *           about the person holds for all her files, one about a file for that file besides.
 * Cases     in her own log nothing tells of a case, unless the centre has recorded that her account is safe to read it on.
 * Groups    are in the ciphertexts; null when nobody opens them. To a subject such an entry is not shown.
 * Source    domain, agencies §12.
 */
import type pg from "pg";
import type { BlindIndex } from "../audit/blind-index.ts";
import { readEntry, sealedEntriesOf } from "../audit/encode-record.ts";
import type { Opening } from "../audit/sealed.ts";
import type { Subject } from "../audit/subject-keys.ts";
import type { Embargo, Embargoes } from "./embargo.ts";

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
  /** Other subjects whose entries are in this log. */
  readonly files?: readonly Subject[];
  /** The person herself asks. */
  readonly asSubject: boolean;
  /** She may read of her cases; needs to be said of `asSubject` alone. */
  readonly showsCases?: boolean;
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
  readonly open: Opening;
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
  readonly keys: readonly string[];
  readonly visible_from: Date;
}

/** Of an order and the default the later one holds; `greatest` passes over null. */
const VISIBLE_FROM = `greatest(file.until, case
  when s.at <= file.released then s.at
  when $5::boolean or r.purpose = any($6::text[]) then s.at + interval '12 months'
  else s.at end)`;

const PAGE = {
  name: "access-log-page",
  text: `
    select r.log, r.sequence, r.at, r.member, r.purpose, r.text,
           array_agg(s.key) as keys, min(visible.since) as visible_from
      from unnest($1::text[], $3::timestamptz[], $4::timestamptz[]) as file(index, until, released)
      join disclosure.subject s on s.index = file.index and s.shown
      join disclosure.record r on r.log = s.log and r.sequence = s.sequence
      cross join lateral (select ${VISIBLE_FROM} as since) visible
     where (not $2::boolean or visible.since <= $7::timestamptz)
       and ($8::timestamptz is null or (s.at, s.log, s.sequence) < ($8, $9::text, $10::bigint))
     group by r.log, r.sequence
     order by r.at desc, r.log desc, r.sequence desc limit $11`,
};

type Place = readonly [at: string | null, log: string | null, sequence: string | null];
const START: Place = [null, null, null];

export function createAccessLogs({ pool, blind, embargoes, open, isCaseGroup }: AccessLogParts): AccessLogs {
  /** Of each row, in order; null when no entry of it can be read. */
  const groupsOf = async (rows: readonly Row[]): Promise<readonly (readonly string[] | null)[]> => {
    const entries = rows.flatMap(({ text, keys }, row) =>
      sealedEntriesOf(Buffer.from(text)).flatMap((sealed) =>
        keys.includes(sealed.key) ? [{ row, sealed }] : [],
      ),
    );
    const opened = await open(entries.map(({ sealed }) => sealed));
    return rows.map((_, row) => {
      const read = entries.flatMap((entry, at) => (entry.row === row && opened[at]) || []);
      const groups = read.flatMap((plain) => readEntry(plain).groups.map(({ group }) => group));
      return read.length === 0 ? null : [...new Set(groups)].sort();
    });
  };

  const entriesOf = async (
    rows: readonly Row[],
    { asSubject, showsCases }: AccessQuestion,
  ): Promise<readonly AccessEntry[]> => {
    const isShown = (group: string) => !asSubject || showsCases || !isCaseGroup(group);
    const all = await groupsOf(rows);
    return rows.flatMap((row, index) => {
      const groups = all[index]?.filter(isShown) ?? null;
      if (asSubject && (groups ?? []).length === 0) return [];
      const { member, purpose } = row;
      const [at, visibleFrom] = [row.at.toISOString(), row.visible_from.toISOString()];
      return [{ at, member, purpose, groups, visibleFrom, cursor: cursorOf(row) }];
    });
  };

  const embargoed = async ({ about, files = [] }: AccessQuestion) => {
    const subjects = [about, ...files];
    const [hers, ...theirs] = await embargoes.of(subjects);
    const all = [hers, ...theirs.map((its) => strictest(hers, its))];
    return [
      subjects.map((subject) => blind.of(subject)),
      all.map((embargo) => embargo?.until ?? null),
      all.map((embargo) => embargo?.releasedUpTo ?? null),
    ] as const;
  };

  return {
    async page(question) {
      const { asSubject, isAccused, first, after, now } = question;
      const start = after === null ? START : placeOf(after);
      if (start === null) return null;
      const [indexes, until, released] = await embargoed(question);
      const fixed = [indexes, asSubject, until, released, isAccused, INVESTIGATIVE, now];
      const entries: AccessEntry[] = [];
      for (let place = start; ; ) {
        const values = [...fixed, ...place, first + 1];
        const { rows } = await pool.query<Row>({ ...PAGE, values });
        entries.push(...(await entriesOf(rows, question)));
        const last = rows.at(-1);
        if (!last || rows.length <= first || entries.length > first)
          return { entries: entries.slice(0, first), hasNext: entries.length > first };
        place = [last.at.toISOString(), last.log, last.sequence];
      }
    },
  };
}

/** An order about her and one about a file of hers: hidden as long as either says, released by either. */
function strictest(hers: Embargo | undefined, its: Embargo): Embargo {
  const later = (one: Date | null | undefined, other: Date | null) =>
    !one || (other && other > one) ? other : one;
  return {
    until: later(hers?.until, its.until),
    releasedUpTo: later(hers?.releasedUpTo, its.releasedUpTo),
  };
}

const cursorOf = ({ at, log, sequence }: Row): string => `${at.toISOString()} ${sequence} ${log}`;

const CURSOR = /^(\S+) (\d{1,18}) (.+)$/s;

function placeOf(cursor: string): Place | null {
  const [, at, sequence, log] = CURSOR.exec(cursor) ?? [];
  if (at === undefined || log === undefined || sequence === undefined) return null;
  return Number.isNaN(Date.parse(at)) ? null : [at, log, sequence];
}
