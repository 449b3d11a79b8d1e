/** A deployment that takes up other schemas, agency servers, policies and documents while twenty readers ask without a pause. */
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/config.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { type Exchanged, type Load, startLoad } from "../support/kept-alive.ts";
import { plannersOf } from "../support/planners.ts";
import { startTamperingProxy, type TamperingProxy } from "../support/tampering-proxy.ts";

const CONNECTIONS = 20;
const RELOADS = 5;
const PATIENCE = { timeout: 120_000 };
const IGA = "BH/GOV/IGA/population";
const READER: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
const PROBE = `query($n: String!) {
  __type(name: "Worker") { description }
  worker(workPermitNo: $n) { workPermitNo employer { name } person { nameLatin { full } } }
}`;
/** In force in odd versions alone. */
const FORBID = `@id("LMRA.reload")
@title("Employers are not told in odd versions")
@legalBasis("R7")
@owner("LMRA")
forbid (
  principal,
  action == Action::"Worker.employer",
  resource
);
`;

interface Answer {
  readonly data: {
    readonly __type: { readonly description: string };
    /** Of the persisted document. */
    readonly [alias: `v${number}`]: string;
    readonly worker: {
      readonly employer: object | null;
      readonly person: { readonly nameLatin: { readonly full: string } };
    };
  };
}

const root = await mkdtemp(join(tmpdir(), "ihala-reload-"));
const schema = join(root, "schema");
const policies = join(root, "policies");
const documents = join(root, "documents.json");
const LMRA = await readFile(join(PACKAGE_ROOT, "schema/lmra.graphql"), "utf8");
let on: Deployment;
const proxies: TamperingProxy[] = [];

/** Every file as version `version` has it. The persisted document has another text in each. */
async function write(version: number): Promise<void> {
  const text = LMRA.replace(
    "The labour file of a person.",
    `The labour file of a person, version ${version}.`,
  );
  await writeFile(join(schema, "lmra.graphql"), text);
  const comment = `// Version ${version}.\n`;
  await writeFile(join(policies, "lmra/reload.cedar"), version % 2 === 1 ? comment + FORBID : comment);
  await writeFile(
    documents,
    JSON.stringify({ probe: PROBE.replace("worker(", `v${version}: __typename worker(`) }),
  );
}

beforeAll(async () => {
  await cp(join(PACKAGE_ROOT, "schema"), schema, { recursive: true });
  await cp(join(PACKAGE_ROOT, "policies"), policies, { recursive: true });
  await write(0);
  on = await startDeployment({
    env: {
      IHALA_SCHEMA_DIRECTORY: schema,
      IHALA_POLICY_DIRECTORY: policies,
      IHALA_SERVER_PERSISTED_DOCUMENTS_PATH: documents,
      IHALA_LIMITS_AGENCY_TIMEOUT_MS: "10000",
    },
  });
  for (let version = 1; version <= RELOADS; version += 1) {
    const proxy = await startTamperingProxy(on.agencies.urls.get(IGA) ?? "");
    proxy.tamper((answer) => ({
      ...answer,
      body: answer.body.replace(/"NAME_E":.*?"FULL":"/, `$&v${version} `),
    }));
    proxies.push(proxy);
  }
});
afterAll(async () => {
  await on?.close();
  for (const proxy of proxies) await proxy.close();
});

/** The version that each part of an answer is of: one alone, if all is well. */
function versionsIn({ connection, text }: Exchanged): readonly number[] {
  const { data } = JSON.parse(text) as Answer;
  const schemaVersion = Number(/version (\d+)/.exec(data.__type.description)?.[1]);
  const { employer, person } = data.worker;
  const server = Number(/^v(\d+) /.exec(person.nameLatin.full)?.[1] ?? 0);
  const document = Object.keys(data).flatMap((key) => /^v(\d+)$/.exec(key)?.[1] ?? []);
  const parity = (employer === null ? 1 : 0) === schemaVersion % 2 ? schemaVersion : -1;
  expect(document).toHaveLength(isByDocument(connection) ? 1 : 0);
  return [...new Set([schemaVersion, server, parity, ...document.map(Number)])];
}

/** Half of the connections name the persisted document by GET, which Apollo Server judges every time. */
const isByDocument = (connection: number): boolean => connection % 2 === 1;

const withServer = (url: string): Config => ({
  ...on.config,
  agencies: on.config.agencies.map((agency) => ({
    ...agency,
    members: agency.members.map((member) => (member.address === IGA ? { ...member, url } : member)),
  })),
});

async function startReaders(): Promise<Load> {
  const tokens = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) => on.token({ ...READER, staff: `load-${index}` })),
  );
  const variables = { n: on.cast.workers.plain.permitNo };
  return startLoad(on.url, CONNECTIONS, (connection) => {
    const headers = { authorization: `Bearer ${tokens[connection]}`, "x-purpose": READER.purpose };
    if (isByDocument(connection)) {
      const search = new URLSearchParams({ documentId: "probe", variables: JSON.stringify(variables) });
      return { path: `/graphql?${search}`, headers };
    }
    const body = JSON.stringify({ query: PROBE, variables });
    return { path: "/graphql", headers: { ...headers, "content-type": "application/json" }, body };
  });
}

describe("a deployment under load", () => {
  it(
    "takes up five versions without a failed request, each answered and recorded by exactly one",
    PATIENCE,
    async () => {
      const load = await startReaders();
      const policyVersions = [on.assembled.gateway.standing.policies];
      await sleep(300);
      for (let version = 1; version <= RELOADS; version += 1) {
        await write(version);
        await on.reload(withServer(proxies[version - 1]?.urlFor(on.agencies.urls.get(IGA) ?? "") ?? ""));
        policyVersions.push(on.assembled.gateway.standing.policies);
        expect(on.assembled.gateway.standing.refused).toBeNull();
        await sleep(300);
      }
      await load.stop();

      expect(load.failures).toEqual([]);
      const versions = load.exchanged.map((one) => ({ ...one, versions: versionsIn(one) }));
      expect(versions.filter((one) => one.versions.length !== 1)).toEqual([]);
      const seen = new Set(versions.flatMap((one) => one.versions));
      expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
      expect(new Set(policyVersions).size).toBe(RELOADS + 1);

      const records = await on.records();
      for (let connection = 0; connection < CONNECTIONS; connection += 1) {
        const answered = versions.filter((one) => one.connection === connection);
        const recorded = records.filter(({ reader }) => reader === `load-${connection}`);
        expect(answered.length).toBeGreaterThan(RELOADS);
        expect(recorded.map(({ policyVersion }) => policyVersion)).toEqual(
          answered.map((one) => policyVersions[one.versions[0] ?? -1]),
        );
      }
      expect(await on.metrics.text()).toContain(`ihala_reloads_total{outcome="taken"} ${RELOADS}`);
      expect(await plannersOf()).toHaveLength(1);
    },
  );

  it(
    "refuses a bad schema and bad policies, both told at once and to the log alone, and goes on",
    PATIENCE,
    async () => {
      const load = await startReaders();
      const { schema: before, policies: policiesBefore } = on.assembled.gateway.standing;
      await writeFile(join(schema, "lmra.graphql"), `${LMRA}\ntype Broken { of: Nowhere }\n`);
      await writeFile(join(policies, "lmra/reload.cedar"), "permit (principal, action, resource");
      await on.reload();
      expect(on.assembled.gateway.standing).toMatchObject({
        ...{ schema: before, policies: policiesBefore },
        refused: { code: "SUPERGRAPH_INVALID" },
      });
      const page = await (await fetch(`${on.url}/readyz`)).text();
      expect(page).toMatch(
        /^ready\nschema [0-9a-f]{12}\npolicies [0-9a-f]{12}\nreload refused \S+Z SUPERGRAPH_INVALID\ndisclosures unshipped \d+ for \d+ ms\n$/,
      );
      expect(await on.metrics.text()).toContain("ihala_reload_refused 1");
      const told = on.lines.filter((line) => line.includes("reload.refused")).join("");
      expect(told).toMatch(/lmra\.graphql/);
      expect(told).toMatch(/lmra\/reload\.cedar/);

      await write(7);
      await on.reload();
      expect(await (await fetch(`${on.url}/readyz`)).text()).not.toContain("refused");
      expect(await on.metrics.text()).toContain("ihala_reload_refused 0");
      expect(on.assembled.gateway.standing.schema).not.toBe(before);
      await load.stop();
      expect(load.failures).toEqual([]);
    },
  );

  it("refuses a version whose planner cannot be started, and leaves no planner behind", async () => {
    const { schema: before } = on.assembled.gateway.standing;
    await write(8);
    const options = process.env["NODE_OPTIONS"];
    process.env["NODE_OPTIONS"] = "--require /nowhere/at/all.cjs";
    await on.reload();
    if (options === undefined) delete process.env["NODE_OPTIONS"];
    else process.env["NODE_OPTIONS"] = options;
    expect(on.assembled.gateway.standing).toMatchObject({
      schema: before,
      refused: { code: "PLANNER_UNAVAILABLE" },
    });
    expect((await on.ask(READER, PROBE, { n: on.cast.workers.plain.permitNo })).status).toBe(200);
    expect(await plannersOf()).toHaveLength(1);
    await on.reload();
    expect(on.assembled.gateway.standing.refused).toBeNull();
    expect(on.assembled.gateway.standing.schema).not.toBe(before);
  });

  it("refuses documents that do not fit, keys that want a restart, and an agency that nobody reaches", async () => {
    const good = await readFile(documents, "utf8");
    await writeFile(documents, JSON.stringify({ probe: "{ nothing }" }));
    await on.reload({ ...on.config, server: { ...on.config.server, port: 1 } });
    const told = on.lines.filter((line) => line.includes("reload.refused")).at(-1);
    expect(told).toContain("server.port: cannot change while the gateway runs; restart it");
    expect(told).toContain("persisted document `probe`");
    await writeFile(documents, good);
    await on.reload({ ...on.config, agencies: on.config.agencies.filter(({ code }) => code !== "MOSD") });
    expect(on.lines.filter((line) => line.includes("reload.refused")).at(-1)).toContain(
      "`MOSD` serves `mosd`",
    );
    expect((await on.ask(READER, PROBE, { n: on.cast.workers.plain.permitNo })).status).toBe(200);
    await on.reload(on.config);
    expect(on.assembled.gateway.standing.refused).toBeNull();
  });
});
