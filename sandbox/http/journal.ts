/** What a sandbox agency was asked and how much it answered, for tests; the latest 1,000 requests. */
export interface JournalEntry {
  readonly method: string;
  /** With the query, as received. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly status: number;
  readonly responseBytes: number;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  clear(): void;
}

const KEPT = 1_000;

export function createJournal(): Journal & { write(entry: JournalEntry): void } {
  const entries: JournalEntry[] = [];
  return {
    entries,
    clear: () => void entries.splice(0),
    write: (entry) => {
      entries.push(entry);
      if (entries.length > KEPT) entries.shift();
    },
  };
}
