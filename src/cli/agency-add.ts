/**
 * `ihala agency add FILE`: writes an agency into the configuration, when everything that belongs to it is there and it does what it must.
 *
 * In      its entry as YAML, as in `examples/joining/`; for a Federation subgraph in production a type, and keys of objects
 *         that it knows, as `agency check` takes them (`ADDRESS=KEY` where it has several members).
 * Checks  what `ihala check` does, of the configuration with the agency; its own document in the schema; in a data directory that serves production,
 *         what `serve` refuses, and the conformance kit for each member of kind `federation`.
 * Out     what was found, and how a gateway that runs takes it up. With any problem the file stays byte for byte; status 1.
 * Errors  BAD_USER_INPUT for an entry that is none; those of `config-edit.ts`.
 */
import { readFile } from "node:fs/promises";
import { type Document, isMap, isSeq, type ParsedNode, parseDocument } from "yaml";
import type { Config } from "../config/config.ts";
import { modeOf } from "../config/data-directory.ts";
import { readSecret } from "../config/secret.ts";
import { GatewayError } from "../kernel/errors.ts";
import { readPolicyFiles } from "../policy/policy-files.ts";
import { readSchemaFolder } from "../supergraph/schema-folder.ts";
import { runAgencyCheck } from "./agency-check.ts";
import { checkConfig } from "./check.ts";
import { editConfigFile } from "./config-edit.ts";
import { policyDirectory, schemaDirectory } from "./folders.ts";
import { productionProblems } from "./production.ts";
import { takeUp } from "./take-up.ts";
import type { Terminal } from "./terminal.ts";

export interface AgencyAddOptions {
  readonly type?: string;
  readonly known?: readonly string[];
}

type Agency = Config["agencies"][number];

export async function runAgencyAdd(
  file: string | null,
  entryFile: string,
  options: AgencyAddOptions,
  terminal: Terminal,
): Promise<number> {
  const { node, code } = await readEntry(entryFile);
  const next = await editConfigFile({
    file,
    edit: (document) => append(document, node),
    check: (config) => checkAgency(config, code, options, terminal),
  });
  terminal.out(`${code}: written to \`${file}\`; ${await takeUp(next)}\n`);
  return 0;
}

async function readEntry(file: string): Promise<{ readonly node: ParsedNode; readonly code: string }> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new GatewayError("BAD_USER_INPUT", `\`${file}\` cannot be read`, { cause });
  });
  const { contents, errors } = parseDocument(text);
  const node = isSeq(contents) && contents.items.length === 1 ? contents.items[0] : contents;
  const code = isMap(node) ? node.get("code") : undefined;
  if (errors.length > 0 || typeof code !== "string")
    throw new GatewayError("BAD_USER_INPUT", `\`${file}\` holds no entry of one agency, as YAML`);
  return { node: node as ParsedNode, code };
}

function append(document: Document, node: ParsedNode): void {
  if (!isSeq(document.get("agencies")))
    throw new GatewayError("CONFIG_INVALID", "the file lists no `agencies`: begin it by `ihala config`");
  document.addIn(["agencies"], node);
}

async function checkAgency(
  config: Config,
  code: string,
  options: AgencyAddOptions,
  terminal: Terminal,
): Promise<void> {
  const agency = config.agencies.find((one) => one.code === code) as Agency;
  refuseIf(code, [
    ...(await documentProblems(config, code)),
    ...(await checkConfig(config, terminal)),
    ...(await secretProblems(agency)),
  ]);
  if ((await modeOf(config.data)) !== "production") {
    terminal.out("not asked yet: this data directory serves no production\n");
    return;
  }
  refuseIf(code, await productionProblems(config, await readPolicyFiles(policyDirectory(config))));
  if (agency.kind === "federation") await conformanceOf(config, agency, options, terminal);
}

async function documentProblems(config: Config, code: string): Promise<readonly string[]> {
  const { subgraphs } = await readSchemaFolder(schemaDirectory(config));
  if (subgraphs.length === 0 || subgraphs.some(({ agency }) => agency === code)) return [];
  return [`schema: \`${code.toLowerCase()}.graphql\` is not there: what would it be asked for?`];
}

/** One that cannot be read now cannot be read by the gateway. */
async function secretProblems({ members }: Agency): Promise<readonly string[]> {
  const references = members.flatMap(({ database }) => (database ? [database] : []));
  const read = await Promise.allSettled(references.map((reference) => readSecret(reference)));
  return read.flatMap((one) => (one.status === "rejected" ? [String((one.reason as Error).message)] : []));
}

async function conformanceOf(
  config: Config,
  { code, members }: Agency,
  { type, known = [] }: AgencyAddOptions,
  terminal: Terminal,
): Promise<void> {
  if (type === undefined)
    throw new GatewayError("BAD_USER_INPUT", "say what it is asked about, by `--type` and `--known`");
  for (const { address, url = "" } of members) {
    const prefix = `${address}=`;
    const its =
      members.length === 1
        ? known
        : known.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    const asked = { agency: code, member: address, type, known: its };
    if ((await runAgencyCheck(config, url, asked, terminal)) !== 0)
      refuseIf(code, [`\`${address}\` does not do what the gateway relies on, see above`]);
  }
}

function refuseIf(code: string, problems: readonly string[]): void {
  if (problems.length > 0)
    throw new GatewayError("CONFIG_INVALID", `\`${code}\` cannot join yet; nothing was written`, {
      problems,
    });
}
