/**
 * What anybody with the database's password may look at in the policy store, and what its content is as files.
 *
 * Rule    only what is signed is shown; a row that does not verify fails the command with POLICY_UNTRUSTED.
 */
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";
import { writeContent } from "../policy-store/content.ts";
import { type Officer, officerName, type Publication } from "../policy-store/statements.ts";
import type { PolicyStore } from "../policy-store/store.ts";
import { numberOf } from "./policy-acts.ts";
import { withPolicyStore } from "./policy-store-place.ts";
import type { Terminal } from "./terminal.ts";

interface Json {
  readonly json?: boolean;
}

const name = (officer: Officer): string => `${officer.agency} (${officerName(officer)})`;

/** One line a publication, the newest last: that is in force. */
export async function runVersions(
  config: Config,
  { json = false }: Json,
  terminal: Terminal,
): Promise<number> {
  const all = await withPolicyStore(config, ({ store }) => store.publications());
  if (json) terminal.out(`${JSON.stringify(all, null, 2)}\n`);
  else for (const one of all) terminal.out(publicationLine(one, one === all.at(-1)));
  return 0;
}

function publicationLine(
  { number, version, policies, at, by, with: others }: Publication,
  isInForce: boolean,
) {
  const what = number === version ? `version ${version}` : `back to version ${version}`;
  const eyes = others.length > 0 ? `, with ${others.map(name).join(" and ")}` : "";
  const mark = isInForce ? "*" : " ";
  return `${mark} ${number} ${at} ${what} ${policies.slice(0, 12)} by ${name(by)}${eyes}\n`;
}

/** In the order of time. */
export async function runLog(config: Config, { json = false }: Json, terminal: Terminal): Promise<number> {
  const entries = (await withPolicyStore(config, ({ store }) => everything(store))).toSorted((a, b) =>
    a.at < b.at ? -1 : 1,
  );
  for (const { act, at, by, what, ...rest } of entries)
    terminal.out(
      json ? `${JSON.stringify({ act, at, by, ...rest })}\n` : `${at} ${act} ${what} by ${name(by)}\n`,
    );
  return 0;
}

async function everything(store: PolicyStore) {
  const [drafts, publications, shadows] = await Promise.all([
    store.drafts(),
    store.publications(),
    store.shadows(),
  ]);
  const approvals = (await Promise.all(drafts.map(({ number }) => store.approvals(number)))).flat();
  return [
    ...drafts.map((one) => ({
      ...one,
      act: "draft",
      what: `${one.number}${one.title ? ` (${one.title})` : ""}`,
    })),
    ...approvals.map((one) => ({ ...one, act: "approve", what: `draft ${one.draft}` })),
    ...publications.map((one) => ({ ...one, what: `version ${one.version}` })),
    ...shadows.map((one) => ({
      ...one,
      act: "shadow",
      what: one.draft === null ? "off" : `draft ${one.draft}`,
    })),
  ];
}

export async function runExport(
  config: Config,
  folder: string,
  { draft, publication }: { readonly draft?: string; readonly publication?: string },
  terminal: Terminal,
): Promise<number> {
  const { files, hash } = await withPolicyStore(config, async ({ store }) => {
    const content = await store.content(await wanted(store, draft, publication));
    await writeContent(content, folder);
    return content;
  });
  terminal.out(`${folder}: ${files.length} files, ${hash}\n`);
  return 0;
}

async function wanted(store: PolicyStore, draft?: string, publication?: string): Promise<string> {
  if (draft !== undefined) return (await store.draft(numberOf(draft))).hash;
  if (publication !== undefined) return (await store.publication(numberOf(publication))).hash;
  const published = await store.published();
  if (published) return published.hash;
  throw new GatewayError("POLICY_REFUSED", "nothing is published in the policy store");
}

export async function runKey(config: Config, terminal: Terminal): Promise<number> {
  terminal.out(`${await withPolicyStore(config, async ({ signer }) => signer.vkey)}\n`);
  return 0;
}
