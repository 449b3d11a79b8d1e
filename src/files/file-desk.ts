/**
 * Files: a link in place of each reference that a reader is shown, and the file itself when the link is used.
 *
 * Link     sealed for the reader, for 60 s, once, in whichever replica.
 * Use      who asks is verified anew; the question that led to the file is asked again, decided at that instant by the policies and
 *          facts of that instant; when it still shows the file, its record is on disk before the first byte is given.
 * Absent   a link that is over, used, edited or another reader's, a file that is not shown any more or gone: FILE_NOT_FOUND,
 *          alike, and for the former no agency is asked.
 * Errors   those of the stages; of the agency when it cannot be asked. A link that was used stays used whatever comes of it.
 */
import { type AgencyFile, segmentOf } from "../connectors/file-exchange.ts";
import type { OutboundReader } from "../execute/backend.ts";
import type { Showing } from "../identity/authenticate.ts";
import type { Coordinate } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { Locale } from "../kernel/messages.ts";
import type { FileReader } from "../kernel/sealed-file-link.ts";
import type { FileSeals } from "../kernel/seals.ts";
import type { PreparedOperation } from "../operation/prepared.ts";
import type { Plan } from "../plan/plan.ts";
import type { Projected } from "../respond/project.ts";
import type { FileTool, ShownFile } from "../respond/writing.ts";
import { fileFields } from "./file-fields.ts";
import { checkLength, digestOf, type LinkedQuestion, readLink, writeLink } from "./file-link.ts";
import type { LinkUses } from "./link-uses.ts";
import { type Narrowed, narrow } from "./narrow.ts";

/** Where the files of agencies are. */
export interface FileSources {
  /** What serves the file that a field's value names; null when it names none. */
  locate(coordinate: Coordinate, reference: string): FileSource | null;
}

export interface FileSource {
  /** The agency's own name of it. */
  readonly reference: string;
  open(reader: OutboundReader, signal: AbortSignal): Promise<AgencyFile>;
}

export interface FileParts {
  readonly sources: FileSources;
  readonly uses: Pick<LinkUses, "use">;
  /** Path of links, `/files/`. */
  readonly path: string;
}

/** Who asks for a file, and the last part of its link as it came. */
export interface FileRequest extends Showing {
  readonly link: string;
  readonly locale: Locale;
  /** Aborts when the caller hangs up. */
  readonly signal: AbortSignal;
}

export interface Asked {
  readonly operation: PreparedOperation;
  readonly plan: Plan;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly reader: FileReader;
}

/** The question behind a link, decided and planned anew; nobody has been asked yet. */
export interface Reopened {
  /** Asks it; `take` sees each file that is shown. */
  ask(take: FileTool): Promise<Reasked>;
  /** Records what is disclosed; `answered` is what the record's HMAC is of. */
  record(shown: Recorded, answered: string): Promise<void>;
  readonly reader: OutboundReader;
  readonly signal: AbortSignal;
}

type Recorded = Pick<Projected, "withheld" | "refusals" | "disclosed">;

interface Reasked extends Omit<Recorded, "disclosed"> {
  /** An agency that did not answer. */
  readonly fault: GatewayError | null;
}

/** Null where nothing is sealed, as in development. */
export const fileDesk = (
  parts: FileParts | undefined,
  seals: FileSeals | null,
  now: () => number,
): FileDesk | null => (parts && seals ? new FileDesk(parts, seals, now) : null);

class FileDesk {
  readonly #parts: FileParts;
  readonly #seals: FileSeals;
  readonly #now: () => number;
  readonly #narrowed = new WeakMap<PreparedOperation, Map<string, Narrowed>>();

  constructor(parts: FileParts, seals: FileSeals, now: () => number) {
    this.#parts = parts;
    this.#seals = seals;
    this.#now = now;
  }

  /**
   * Gives links in an answer; null when it shows no files. Errors: LIMIT_EXCEEDED; BAD_USER_INPUT in an operation that is no query,
   * which cannot be asked again.
   */
  linksFor({ operation, plan, variables, reader }: Asked): FileTool | null {
    const paths = fileFields(plan.projection);
    if (paths.length === 0) return null;
    if (plan.internal.kind !== "query")
      throw new GatewayError(
        "BAD_USER_INPUT",
        "links to files are given by queries alone: ask for the file in one",
      );
    const questions = new Map(
      paths.map((path) => [keyOf(path), this.#question(operation, path, variables)] as const),
    );
    for (const question of questions.values()) checkLength(question);
    return (shown) => {
      const source = this.#parts.sources.locate(shown.coordinate, shown.reference);
      const question = questions.get(keyOf(shown.path));
      if (!question || source === null || segmentOf(source.reference) === null) return null;
      const text = writeLink(question, digestOf(shown), this.#now());
      return `${this.#parts.path}${this.#seals.seal(reader, text)}`;
    };
  }

  async open(
    given: string,
    reader: FileReader,
    reopen: (question: LinkedQuestion) => Promise<Reopened>,
  ): Promise<AgencyFile> {
    const text = this.#seals.open(reader, given);
    const link = text === null ? null : readLink(text, this.#now());
    if (!link) throw noSuchFile();
    const question = await reopen(link).catch(alike);
    if (!(await this.#parts.uses.use(link.id))) throw noSuchFile();
    return this.#given(link.digest, question);
  }

  async #given(digest: string, { ask, record, reader, signal }: Reopened): Promise<AgencyFile> {
    let file: ShownFile | null = null as ShownFile | null;
    const { fault, ...refused } = await ask((shown) => {
      if (digestOf(shown) === digest) file ??= shown;
      return null;
    });
    const source = file && this.#parts.sources.locate(file.coordinate, file.reference);
    if (!file || !source) {
      if (fault) throw fault;
      await record({ ...refused, disclosed: [] }, "");
      throw noSuchFile();
    }
    const opened = await source.open(reader, signal);
    try {
      await record({ ...NOTHING_REFUSED, disclosed: disclosedBy(file) }, file.reference);
      return opened;
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  #question(
    operation: PreparedOperation,
    path: readonly string[],
    given: Asked["variables"],
  ): LinkedQuestion {
    const known = this.#narrowed.get(operation) ?? new Map<string, Narrowed>();
    this.#narrowed.set(operation, known);
    const narrowed = known.get(keyOf(path)) ?? narrow(operation, path);
    known.set(keyOf(path), narrowed);
    const { query, variables } = narrowed;
    return {
      query,
      variables: Object.fromEntries(Object.entries(given).filter(([name]) => variables.has(name))),
    };
  }
}

const keyOf = (path: readonly string[]): string => path.join("\0");

const NOTHING_REFUSED: Omit<Recorded, "disclosed"> = { withheld: [], refusals: new Map() };

/** This file alone: the question may have come upon others, which nobody is given. */
const disclosedBy = ({ subject, shown }: ShownFile): Projected["disclosed"] =>
  subject ? [{ type: subject.type, uid: subject.uid, groups: [shown] }] : [];

export const noSuchFile = (): GatewayError => new GatewayError("FILE_NOT_FOUND", "there is no such file");

/** A question that schema or policies do not know any more reads as a file that is gone; that too much was asked is said. */
function alike(error: unknown): never {
  if (error instanceof GatewayError && error.family === "caller" && error.code !== "BUDGET_EXHAUSTED")
    throw noSuchFile();
  throw error;
}
