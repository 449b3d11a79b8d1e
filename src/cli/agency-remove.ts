/**
 * `ihala agency remove CODE`: takes an agency out of the configuration, when nothing names it any more.
 *
 * Checks  schema, manifest, keys, policies and issuers, each place that names it (`agency-names.ts`); what `ihala check` does, of the
 *         configuration without it. The ledger's agency stays: without the ledger there is no case.
 * Out     how a gateway that runs takes it up. With any problem the file stays byte for byte; status 1.
 * Kept    its keys in the link table, and that it was suspended: rows are never deleted. One that only pauses is suspended.
 * Errors  BAD_USER_INPUT for an agency that is none; those of `config-edit.ts`.
 */
import { type Document, isMap, isSeq } from "yaml";
import type { ConfigSource } from "../config/load.ts";
import { GatewayError } from "../kernel/errors.ts";
import { placesThatName } from "./agency-names.ts";
import { checkConfig } from "./check.ts";
import { editConfigFile } from "./config-edit.ts";
import { namedAgency } from "./named-member.ts";
import { takeUp } from "./take-up.ts";
import type { Terminal } from "./terminal.ts";

export async function runAgencyRemove(
  source: ConfigSource,
  code: string,
  terminal: Terminal,
): Promise<number> {
  const config = await source.read();
  if (namedAgency(config, code).kind === "ledger")
    throw new GatewayError("BAD_USER_INPUT", `\`${code}\` keeps the ledger, without which there is no case`);
  refuseIf(code, await placesThatName(config, code));
  const next = await editConfigFile({
    file: source.file,
    edit: (document) => takeOut(document, code),
    check: async (without) => refuseIf(code, await checkConfig(without, terminal)),
  });
  terminal.out(`${code}: taken out of \`${source.file}\`; ${await takeUp(next)}\n`);
  return 0;
}

function takeOut(document: Document, code: string): void {
  const agencies = document.get("agencies");
  const at = isSeq(agencies)
    ? agencies.items.findIndex((item) => isMap(item) && item.get("code") === code)
    : -1;
  if (at < 0) throw new GatewayError("CONFIG_INVALID", `the file does not list \`${code}\``);
  document.deleteIn(["agencies", at]);
}

function refuseIf(code: string, problems: readonly string[]): void {
  if (problems.length > 0)
    throw new GatewayError("CONFIG_INVALID", `\`${code}\` cannot leave yet; nothing was written`, {
      problems,
    });
}
