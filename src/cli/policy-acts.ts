/** What officers' commands on the policy store do and print; each resolves to the status of the process. */
import type { Config } from "../config/config.ts";
import { systemClock } from "../kernel/clock.ts";
import { GatewayError } from "../kernel/errors.ts";
import { diffText } from "../policy/review/diff-text.ts";
import { approveDraft } from "../policy-store/approvals.ts";
import { readContent } from "../policy-store/content.ts";
import { draftPolicies } from "../policy-store/draft.ts";
import { publishDraft } from "../policy-store/publish.ts";
import { rollbackTo } from "../policy-store/rollback.ts";
import { shadowDraft } from "../policy-store/shadow-draft.ts";
import type { Officer } from "../policy-store/statements.ts";
import { officerBy } from "./officer.ts";
import { presentation } from "./officer-proof.ts";
import { type OpenedStore, withPolicyStore } from "./policy-store-place.ts";
import type { Terminal } from "./terminal.ts";

interface OfficerOptions {
  readonly token?: string;
  readonly key?: string;
}

type Act = (
  opened: OpenedStore,
  officer: Officer,
  another: (file: string) => Promise<Officer>,
) => Promise<string>;

/** Opens the store, learns who gives the command, and prints what came of it. */
async function act(
  config: Config,
  { token = "", key }: OfficerOptions,
  terminal: Terminal,
  work: Act,
): Promise<number> {
  const said = await withPolicyStore(config, async (opened) => {
    const { clock, dataDirectory, pool } = opened;
    const source = { config, clock, dataDirectory, pool, terminal };
    return work(opened, await officerBy(source, { token, key }), (file) =>
      officerBy(source, { token: file }),
    );
  });
  terminal.out(said);
  return 0;
}

export const runDraft = (
  config: Config,
  folder: string,
  { title = "", ...options }: OfficerOptions & { readonly title?: string },
  terminal: Terminal,
): Promise<number> =>
  act(config, options, terminal, async (opened, officer) => {
    const { draft, change } = await draftPolicies(opened, officer, {
      content: await readContent(folder),
      title,
    });
    const needs =
      draft.needs.length > 0 ? `an officer of each of ${draft.needs.join(", ")}` : "another officer";
    return [
      ...diffText(change.diff).trimEnd().split("\n"),
      `files: ${change.files.join(", ") || "the same"}`,
      ...(change.dropped.length > 0 ? [`no longer promised as before: ${change.dropped.join(", ")}`] : []),
      `draft ${draft.number} ${draft.hash}`,
      `to be approved by ${needs}`,
      "",
    ].join("\n");
  });

export const runApprove = (
  config: Config,
  { draft, hash = "" }: { readonly draft: string | undefined; readonly hash: string | undefined },
  options: OfficerOptions,
  terminal: Terminal,
): Promise<number> =>
  act(config, options, terminal, async (opened, officer) => {
    const number = numberOf(draft);
    const { missing } = await approveDraft(opened, officer, { number, hash });
    const rest = missing.length > 0 ? `still missing: ${missing.join("; ")}` : "it may be published";
    return `draft ${number} approved; ${rest}\n`;
  });

export const runPublish = (
  config: Config,
  draft: string | undefined,
  options: OfficerOptions,
  terminal: Terminal,
): Promise<number> =>
  act(config, options, terminal, async (opened, officer) => {
    const { version, policies } = await publishDraft(opened, officer, numberOf(draft));
    return `version ${version} is published; records name it ${policies}\n`;
  });

export const runRollback = (
  config: Config,
  version: string | undefined,
  { with: files = [], ...options }: OfficerOptions & { readonly with?: readonly string[] },
  terminal: Terminal,
): Promise<number> =>
  act(config, options, terminal, async (opened, officer, another) => {
    const others = await Promise.all(files.map(another));
    const back = await rollbackTo(opened, officer, { version: numberOf(version), others });
    return `back to version ${back.version} by publication ${back.number}; records name it ${back.policies}\n`;
  });

export const runShadow = (
  config: Config,
  draft: string | undefined,
  { off = false, ...options }: OfficerOptions & { readonly off?: boolean },
  terminal: Terminal,
): Promise<number> =>
  act(config, options, terminal, async (opened, officer) => {
    if (off === (draft !== undefined))
      throw new GatewayError("BAD_USER_INPUT", "name a draft, or say `--off`");
    const shadow = await shadowDraft(opened, officer, off ? null : numberOf(draft));
    return shadow.draft === null ? "no draft is in the shadow\n" : `draft ${shadow.draft} is in the shadow\n`;
  });

/** What an officer hands to a colleague who acts with her: never her key. */
export async function runPresent({ token = "", key }: OfficerOptions, terminal: Terminal): Promise<number> {
  const shown = await presentation({ token, key }, terminal, systemClock);
  terminal.out(`${shown.token}\n${shown.proof ?? ""}\n`);
  return 0;
}

export function numberOf(text: string | undefined): number {
  if (text !== undefined && /^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new GatewayError("BAD_USER_INPUT", `\`${text}\` is no number of a draft or publication`);
}
