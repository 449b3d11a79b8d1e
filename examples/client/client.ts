/**
 * All that a client of Ihala needs: a token, a purpose and, beyond lists and headers, the case that the request is about.
 *
 * Out     the answer as it came: `data`, `errors`, what was withheld, each with its place and its reason, and what is owed for what
 *         was shown, by field group.
 */
export interface Reader {
  /** Access token of the agency's own issuer; in the sandbox `ihala token` prints one. */
  readonly token: string;
  /** Why this is asked (`x-purpose`): one of the purposes of the reader's role. */
  readonly purpose: string;
  /** The reader's id of the case that the request is about (`x-issue`). */
  readonly issue?: string;
}

/** What the reader owes: `date` is the last day on which copies may be kept, `hours` the time for a review. */
export interface Obligation {
  readonly code: string;
  readonly date?: string;
  readonly hours?: number;
}

export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
  readonly extensions?: {
    readonly withheld?: readonly {
      readonly path: readonly (string | number)[];
      readonly reason: string;
    }[];
    readonly obligations?: Readonly<Record<string, readonly Obligation[]>>;
  };
}

export async function ask<Data>(
  url: string,
  { token, purpose, issue }: Reader,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "x-purpose": purpose,
      ...(issue === undefined ? {} : { "x-issue": issue }),
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Answer<Data>;
}

/** Asks about one case: first for the reader's own id of it, then under that id. Null when there is none for this reader. */
export async function askCase<Data>(
  url: string,
  reader: Reader,
  query: string,
  nrmNumber: string,
): Promise<Answer<Data> | null> {
  const found = await ask<{ readonly case: { readonly id: string } | null }>(
    url,
    reader,
    "query($nrmNumber: CaseNumber!) { case(nrmNumber: $nrmNumber) { id } }",
    { nrmNumber },
  );
  if (found.errors) return { errors: found.errors };
  const id = found.data?.case?.id;
  return id === undefined ? null : ask<Data>(url, { ...reader, issue: id }, query, { nrmNumber });
}
