/** The domain's roles as readers. */
import { readFileSync } from "node:fs";
import type { Reader } from "./deployment.ts";

interface Roles {
  readonly roles: readonly { readonly id: string; readonly purposes: readonly string[] }[];
}

const { roles }: Roles = JSON.parse(
  readFileSync(new URL("../../schema/domain.json", import.meta.url), "utf8"),
);

/** One for each role. */
export const ONE_READER_A_ROLE: readonly Reader[] = roles.map(({ id, purposes }) => ({
  role: id,
  purpose: purposes[0] ?? "",
}));

/** One for each purpose of each role. */
export const READERS: readonly Reader[] = roles.flatMap(({ id, purposes }) =>
  purposes.map((purpose) => ({ role: id, purpose })),
);
