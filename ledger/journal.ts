/** The last requests that the ledger received, oldest first: tests ask it what a denied field did not ask. */
import type { Reader } from "./reader.ts";

interface LedgerRequest {
  /** `files`: a file was asked for, by the variable `ref`. */
  readonly subgraph: "spine" | "content" | "files";
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly reader: Reader;
}

export interface Journal {
  readonly requests: readonly LedgerRequest[];
  /** SQL texts of the statements since the last `clear`. */
  readonly statements: readonly string[];
  clear(): void;
}

export interface WritableJournal extends Journal {
  request(entry: LedgerRequest): void;
  statement(sql: string): void;
}

/** Keeps at most `size` of each; 0 keeps nothing, which is what a process of its own does. */
export function createJournal(size: number): WritableJournal {
  const requests: LedgerRequest[] = [];
  const statements: string[] = [];
  const add = <Entry>(list: Entry[], entry: Entry) => {
    list.push(entry);
    if (list.length > size) list.shift();
  };
  return {
    requests,
    statements,
    request: (entry) => add(requests, entry),
    statement: (sql) => add(statements, sql),
    clear: () => {
      requests.length = 0;
      statements.length = 0;
    },
  };
}
