/**
 * The access log as one reader may ask for it: of a case, of a person, or, for a person, her own.
 *
 * Own     a person's log is hers; a case's is its holder's, as the ledger says. Nobody else's: what they see, policy decides.
 * Files   a person's log holds what was read of her as a worker, too, and her own what was read of her cases, once that is safe.
 * Root    `accessLog` finds a case under its own issue only, and none that is hidden from the reader.
 * Absent  an id that is nobody's, one that is hidden, and a log that is empty or under embargo are one answer: an empty page.
 * Cost    one question to the ledger for each case; for a person one to the labour authority, and for herself one to the ledger.
 */
import type { AccessEntry, AccessLogs, AccessQuestion } from "../../src/disclosures/access-log.ts";
import type { SubgraphRequest } from "../../src/execute/backend.ts";
import type { Clock } from "../../src/kernel/clock.ts";
import { GatewayError } from "../../src/kernel/errors.ts";

/** What the ledger says of a reader and a case that exists for that reader. */
export interface CaseStanding {
  readonly holder: boolean;
}

/** Subjects besides the person of whom her log tells. */
export interface HerFiles {
  readonly workers: readonly string[];
  /** In which she is a victim; none unless her account is safe to read of them on. */
  readonly cases: readonly string[];
  readonly isSafe: boolean;
}

/** Asks the same whatever there is. Rejects when not all of it can be known. */
export type HerFilesOf = (uid: string, isHerself: boolean, request: SubgraphRequest) => Promise<HerFiles>;

export interface AccessLogSources {
  readonly pages: AccessLogs;
  /** Null for a case that does not exist for the reader. Rejects when the ledger cannot be asked. */
  readonly caseStanding: (uid: string, request: SubgraphRequest) => Promise<CaseStanding | null>;
  /** The person of a personal number. */
  readonly personOf: (personalNumber: string) => Promise<string | null>;
  readonly herFiles: HerFilesOf;
  /** Police, prosecution or court know the person as a suspect or defendant. */
  readonly isAccused: (uid: string) => Promise<boolean>;
  readonly clock: Clock;
}

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** Whom a log is about; `uid` is no name that a row may have but an entity's key. */
interface About {
  readonly type: "Case" | "Person";
  readonly subject: string;
}

export interface LogRow extends AccessEntry {
  readonly own: boolean;
  readonly about: About;
}

export interface LogPage {
  readonly own: boolean;
  readonly edges: readonly { readonly cursor: string; readonly node: LogRow }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const SUBJECT_ROLE = "dataSubject";
const DEFAULT_PAGE = 100;

export class ReaderLogs {
  readonly #sources: AccessLogSources;
  readonly #request: SubgraphRequest;

  constructor(sources: AccessLogSources, request: SubgraphRequest) {
    this.#sources = sources;
    this.#request = request;
  }

  /** Of a case that exists for the reader: the gateway has seen to that. */
  async ofCase(uid: string, page: PageArguments): Promise<LogPage> {
    const standing = await this.#sources.caseStanding(uid, this.#request);
    return this.#page({ type: "Case", subject: uid }, standing?.holder === true, page);
  }

  async ofPerson(uid: string, page: PageArguments): Promise<LogPage> {
    const own = this.#isSubject && uid === (await this.#self());
    if (this.#isSubject && !own) return emptyPage(page);
    return this.#page({ type: "Person", subject: uid }, own, page);
  }

  async asked(
    { caseId, personId }: { readonly caseId?: string | null; readonly personId?: string | null },
    page: PageArguments,
  ): Promise<LogPage> {
    if (caseId && personId)
      throw new GatewayError("BAD_USER_INPUT", "`accessLog` takes a case or a person, not both");
    if (caseId) return this.#askedCase(caseId, page);
    const person = personId ?? (this.#isSubject ? await this.#self() : null);
    return person === null ? emptyPage(page) : this.ofPerson(person, page);
  }

  async #askedCase(uid: string, page: PageArguments): Promise<LogPage> {
    const { reader } = this.#request;
    if (this.#isSubject || reader.issue !== uid) return emptyPage(page);
    const standing = await this.#sources.caseStanding(uid, this.#request);
    return standing === null
      ? emptyPage(page)
      : this.#page({ type: "Case", subject: uid }, standing.holder === true, page);
  }

  async #page(about: About, own: boolean, { first, after }: PageArguments): Promise<LogPage> {
    const { pages, clock } = this.#sources;
    const { type, subject: uid } = about;
    const found = await pages.page({
      about: { type, uid },
      asSubject: this.#isSubject,
      ...(type === "Person" ? await this.#hers(uid) : { isAccused: false }),
      first: first ?? DEFAULT_PAGE,
      after: after ?? null,
      now: new Date(clock.now()),
    });
    if (!found) throw new GatewayError("BAD_CURSOR", "`after` is no cursor of this list");
    const { entries, hasNext } = found;
    return {
      own,
      edges: entries.map((entry) => ({ cursor: entry.cursor, node: { ...entry, own, about } })),
      pageInfo: {
        hasNextPage: hasNext,
        hasPreviousPage: after !== null && after !== undefined,
        startCursor: entries.at(0)?.cursor ?? null,
        endCursor: entries.at(-1)?.cursor ?? null,
      },
    };
  }

  async #hers(uid: string): Promise<Pick<AccessQuestion, "files" | "isAccused" | "showsCases">> {
    const { herFiles, isAccused } = this.#sources;
    const [accused, { workers, cases, isSafe }] = await Promise.all([
      isAccused(uid),
      herFiles(uid, this.#isSubject, this.#request),
    ]);
    const files = [
      ...workers.map((worker) => ({ type: "Worker", uid: worker })),
      ...cases.map((its) => ({ type: "Case", uid: its })),
    ];
    return { files, isAccused: accused, showsCases: isSafe };
  }

  get #isSubject(): boolean {
    return this.#request.reader.role === SUBJECT_ROLE;
  }

  #self(): Promise<string | null> {
    return this.#sources.personOf(this.#request.reader.staff);
  }
}

const emptyPage = ({ after }: PageArguments): LogPage => ({
  own: false,
  edges: [],
  pageInfo: {
    hasNextPage: false,
    hasPreviousPage: after !== null && after !== undefined,
    startCursor: null,
    endCursor: null,
  },
});
