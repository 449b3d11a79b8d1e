/**
 * `ihala check`: is this deployment in order? Configuration, schema with its ownership manifest, policies, persisted documents;
 * starts nothing.
 *
 * Out     one line for every problem of all of them; status 1 when there is any.
 */
import { agencyProblems } from "../assembly/agency-problems.ts";
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";
import { readDocuments } from "../operation/document-manifest.ts";
import { createPrepare } from "../operation/prepare.ts";
import { prepareDocuments } from "../operation/prepare-documents.ts";
import { compilePolicies } from "../policy/compile.ts";
import { loadSchema } from "../supergraph/load.ts";
import { supergraphInvalid } from "../supergraph/problems.ts";
import { policySource, schemaDirectory } from "./folders.ts";
import type { Terminal } from "./terminal.ts";

export async function runCheck(loading: Promise<Config>, terminal: Terminal): Promise<number> {
  const reports = await checkDeployment(loading);
  terminal.out(checkText(reports));
  return reports.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

/** The same of a configuration that was read: prints what was found, gives the problems of all parts. */
export async function checkConfig(config: Config, terminal: Terminal): Promise<readonly string[]> {
  const reports = await checkDeployment(Promise.resolve(config));
  terminal.out(checkText(reports));
  return reports.flatMap(({ part, problems }) => problems.map((problem) => `${part}: ${problem}`));
}

interface CheckReport {
  readonly part: "configuration" | "schema" | "policies" | "documents";
  readonly problems: readonly string[];
  /** What deserves a look and is no problem. */
  readonly hints: readonly string[];
  /** What was found in order, for people. */
  readonly summary: string;
}

async function checkDeployment(loading: Promise<Config>): Promise<readonly CheckReport[]> {
  const configuration = await report("configuration", async () => {
    const config = await loading;
    const members = config.agencies.reduce((sum, agency) => sum + agency.members.length, 0);
    return { summary: `${config.agencies.length} agencies, ${members} members` };
  });
  const loaded = await loading.catch(() => null);
  if (!loaded) return [configuration];
  return [
    configuration,
    await report("schema", async () => {
      const { supergraph, hints } = await loadSchema(schemaDirectory(loaded));
      const problems = agencyProblems(loaded, supergraph);
      if (problems.length > 0) throw supergraphInvalid(problems);
      const { subgraphs, fields } = supergraph;
      return { summary: `${subgraphs.size} subgraphs, ${fields.size} fields`, hints };
    }),
    await report("policies", async () => {
      const { version } = await compilePolicies(policySource(loaded));
      return { summary: `version ${version.slice(0, 12)}` };
    }),
    ...(await documentReports(loaded)),
  ];
}

/** None where none are persisted. */
async function documentReports(config: Config): Promise<readonly CheckReport[]> {
  const { path } = config.server.persistedDocuments;
  if (path === undefined) return [];
  const check = async (): Promise<Found> => {
    const documents = await readDocuments(path);
    const { supergraph } = await loadSchema(schemaDirectory(config));
    const prepare = createPrepare(supergraph.publicSchema, config.limits, new Set());
    const problems = prepareDocuments(prepare, documents);
    if (problems.length > 0)
      throw new GatewayError("CONFIG_INVALID", "the persisted documents do not fit the schema", { problems });
    return { summary: `${documents.length} persisted` };
  };
  return [await report("documents", check)];
}

type Found = Pick<CheckReport, "summary"> & Partial<Pick<CheckReport, "hints">>;

async function report(part: CheckReport["part"], work: () => Promise<Found>): Promise<CheckReport> {
  try {
    return { part, problems: [], hints: [], ...(await work()) };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const { message, detail } = error;
    return { part, problems: detail.problems ?? [message], hints: [], summary: message };
  }
}

function checkText(reports: readonly CheckReport[]): string {
  const lines = reports.flatMap(({ part, problems, hints, summary }) => [
    `${problems.length === 0 ? "ok  " : "FAIL"} ${part}: ${summary}`,
    ...problems.map((problem) => `       - ${problem}`),
    ...hints.map((hint) => `       hint: ${hint}`),
  ]);
  return `${lines.join("\n")}\n`;
}
