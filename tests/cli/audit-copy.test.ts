import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDisclosures } from "../../src/assembly/disclosures.ts";
import { loadSecrets } from "../../src/assembly/secrets.ts";
import { type Disclosure, OPENING_OPERATION } from "../../src/audit/record.ts";
import { runProgram } from "../../src/cli/program.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { loadConfig } from "../../src/config/load.ts";
import { type PostgresServer, startPostgres } from "../../src/connectors/embedded-postgres.ts";
import { ANSWER, disclosure } from "../audit/disclosures.ts";
import { testDatabase } from "../support/postgres.ts";
import { testTerminal } from "./test-terminal.ts";

const data = await mkdtemp(join(tmpdir(), "ihala-audit-copy-"));
const file = join(data, "..", `${data.split("/").at(-1)}.yaml`);
let postgres: PostgresServer;

const ihala = (...args: readonly string[]) => ihalaIn(file, ...args);

async function ihalaIn(config: string, ...args: readonly string[]) {
  const terminal = testTerminal();
  const noParts = async () => expect.fail("a part was started");
  const status = await runProgram(["--config", config, "audit", ...args], noParts, terminal);
  return { status, out: terminal.written(), err: terminal.complaints() };
}
const lines = ({ out }: { readonly out: string }) =>
  out
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const about = (type: string, uid: string, ...groups: readonly string[]): Disclosure["subjects"] => [
  { type, uid, groups: groups.map((group) => ({ group, level: "clear" as const })) },
];

const RECORDS: readonly Partial<Disclosure>[] = [
  // The last second of September and the first of October, in Bahrain.
  { time: "2026-09-30T20:59:59.000Z", reader: "before", subjects: about("Case", "case-1", "CASE_HEADER") },
  {
    time: "2026-09-30T21:00:00.000Z",
    reader: "amal",
    refusals: {},
    subjects: about("Case", "case-1", "CASE_HEADER", "CONTACT"),
  },
  {
    time: "2026-10-02T08:00:00.000Z",
    reader: "badr",
    purpose: "EMERGENCY_PROTECTION",
    subjects: about("Case", "case-2", "CASE_HEADER"),
  },
  {
    ...{
      time: "2026-10-04T09:00:00.000Z",
      reader: "cara",
      purpose: "EMERGENCY_PROTECTION",
      kind: "BREAK_GLASS",
    },
    ...{ operationHash: OPENING_OPERATION, refusals: {}, issue: "case-3", subjects: [] },
  },
  {
    ...{
      time: "2026-10-04T09:01:00.000Z",
      reader: "cara",
      purpose: "EMERGENCY_PROTECTION",
      kind: "BREAK_GLASS",
    },
    ...{ refusals: {}, subjects: about("Case", "case-3", "CASE_HEADER") },
  },
  {
    ...{ time: "2026-10-04T10:00:00.000Z", member: "BH/GOV/IGA/population", role: "dataSubject" },
    ...{ purpose: "SUBJECT_ACCESS", refusals: {}, subjects: about("Person", "person-1", "AUDIT_TRAIL") },
  },
  {
    time: "2026-10-03T08:00:00.000Z",
    reader: "dora",
    member: "BH/GOV/MOI/atd",
    role: "MOI.investigator",
    purpose: "CRIMINAL_INVESTIGATION",
    refusals: { R2: 3 },
    subjects: about("Person", "person-1", "IDENTITY_CORE"),
  },
];

beforeAll(async () => {
  await writeFile(file, `data: ${data}\n`);
  const config = await loadConfig({ path: file, env: {} });
  const directory = await openDataDirectory(data, "sandbox");
  const secrets = await loadSecrets(directory);
  postgres = await startPostgres({ dataDir: await directory.folder("postgres") });
  await postgres.ensureDatabase("gateway");
  const { log, close } = await openDisclosures({
    ...{ config, secrets, dataDirectory: directory, databaseUrl: postgres.url("gateway") },
  });
  for (const record of RECORDS) await log.append({ ...disclosure("reader"), issue: null, ...record }, ANSWER);
  await close();
  await directory.release();
});
afterAll(() => postgres?.stop());

describe("ihala audit search", () => {
  it("finds by subject, reader and time while the database runs, and reads with the keys", async () => {
    const found = lines(await ihala("search", "--subject", "Case:case-1"));
    expect(found.map(({ reader }) => reader)).toEqual(["amal", "before"]);
    expect(found[0]).toMatchObject({ log: expect.any(String), subjects: RECORDS[1]?.subjects });
    expect(lines(await ihala("search", "--reader", "badr"))).toHaveLength(1);
    const within = ["--from", "2026-10-01T00:00:00Z", "--to", "2026-10-03T08:00:00Z"];
    expect(lines(await ihala("search", ...within)).map(({ reader }) => reader)).toEqual(["badr"]);
    expect(lines(await ihala("search", "--limit", "2"))).toHaveLength(2);
    expect(lines(await ihala("search", "--subject", "Case:case-9"))).toEqual([]);
  });

  it("names nobody without the keys", async () => {
    const { out } = await ihala("search", "--sealed");
    expect(out).toContain('"unreadable":1');
    for (const secret of ["case-1", "person-1", "IDENTITY_CORE"]) expect(out).not.toContain(secret);
  });

  it.each([
    [["--subject", "case-1"], /`case-1` is no subject/],
    [["--from", "yesterday"], /`yesterday` is no instant/],
    [["--limit", "none"], /`none` is no number/],
  ])("refuses %j", async (args, message) => {
    const { status, err } = await ihala("search", ...args);
    expect([status, err]).toEqual([1, expect.stringMatching(message)]);
  });
});

describe("ihala audit embargo", () => {
  const order = ["--subject", "Person:person-1", "--by", "ppo-1", "--reason", "order 17"];
  const soon = new Date(Date.now() + 30 * 86_400_000).toISOString();

  it("sets, releases and lists", async () => {
    expect((await ihala("embargo", "set", ...order, "--until", soon)).out).toContain(`until ${soon}`);
    expect((await ihala("embargo", "release", ...order)).status).toBe(0);
    const subject = { type: "Person", uid: "person-1" };
    const orders = lines(await ihala("embargo", "list"));
    expect(orders).toMatchObject([
      { kind: "set", subject, by: "ppo-1", reason: "order 17", until: soon },
      { kind: "release", subject, until: null },
    ]);
    expect(lines(await ihala("embargo", "list", "--subject", "Person:person-2"))).toEqual([]);
    const ofCase = order.with(1, "Case:case-1");
    expect((await ihala("embargo", "set", ...ofCase, "--until", soon)).out).toContain(
      "nothing of Case:case-1",
    );
    expect(lines(await ihala("embargo", "list", "--subject", "Case:case-1"))).toHaveLength(1);
  });

  it.each([
    [["set", ...order, "--until", "2020-01-01"], /ends in the future, within twelve months/],
    [["set", ...order, "--until", "2999-01-01"], /within twelve months/],
    [["release", ...order.with(1, "Employer:e-1")], /`Employer:e-1` is in no person's log/],
  ])("refuses %j", async (args, message) => {
    const { status, err } = await ihala("embargo", ...args);
    expect([status, err]).toEqual([1, expect.stringMatching(message)]);
  });
});

describe("ihala audit report", () => {
  it("counts a quarter of the deployment's zone, names nobody, and says for whom it is", async () => {
    const { status, out, err } = await ihala("report", "--quarter", "2026-Q4");
    expect([status, err]).toEqual([0, expect.stringContaining("not for publication")]);
    for (const secret of ["case-1", "person-1", "amal", "dora"]) expect(out).not.toContain(secret);
    const care = { agency: "NGO", purpose: "SHELTER_CARE" };
    const emergency = { agency: "NGO", purpose: "EMERGENCY_PROTECTION" };
    const police = { agency: "MOI", purpose: "CRIMINAL_INVESTIGATION" };
    expect(JSON.parse(out)).toEqual({
      kind: "R10",
      from: "2026-09-30T21:00:00.000Z",
      until: "2026-12-31T21:00:00.000Z",
      answers: 5,
      reads: [
        { agency: "IGA", purpose: "SUBJECT_ACCESS", group: "AUDIT_TRAIL", count: 1 },
        { ...police, group: "IDENTITY_CORE", count: 1 },
        { ...emergency, group: "CASE_HEADER", count: 2 },
        { ...care, group: "CASE_HEADER", count: 1 },
        { ...care, group: "CONTACT", count: 1 },
      ],
      denials: [
        { ...police, reason: "R2", count: 3 },
        { ...emergency, reason: "R10", count: 1 },
      ],
      // Of three records for the purpose of emergencies one showed what break-glass had opened.
      emergencies: [{ agency: "NGO", count: 1 }],
      subjectRequests: 1,
      unreadable: 0,
      breakGlass: [],
    });
  });

  it.each(["2026", "2026-Q5", "Q1"])("refuses `%s`", async (quarter) => {
    expect((await ihala("report", "--quarter", quarter)).err).toContain("is no quarter");
  });
});

describe("in production", () => {
  it("asks the database that the configuration names, and none other", async () => {
    const place = await mkdtemp(join(tmpdir(), "ihala-audit-production-"));
    const [config, secret] = [join(place, "ihala.yaml"), join(place, "database-url")];
    await (await openDataDirectory(join(place, "data"), "production")).release();
    const asked = (...args: readonly string[]) => ihalaIn(config, "embargo", ...args);
    await writeFile(config, `data: ${place}/data\n`);
    const without = await asked("list");
    expect([without.status, without.err]).toEqual([
      1,
      expect.stringContaining("`database.url` is not configured"),
    ]);
    await writeFile(secret, await testDatabase(), { mode: 0o600 });
    await writeFile(config, `data: ${place}/data\ndatabase: { url: { file: ${secret} } }\n`);
    const order = ["--subject", "Person:person-9", "--by", "ppo-1", "--reason", "order 18"];
    expect((await asked("release", ...order)).status).toBe(0);
    expect(lines(await asked("list"))).toMatchObject([{ subject: { type: "Person", uid: "person-9" } }]);
  });
});

describe("without the sandbox", () => {
  it("starts its database for as long as a command takes", async () => {
    await postgres.stop();
    expect(lines(await ihala("search", "--reader", "amal"))).toHaveLength(1);
    expect(lines(await ihala("search", "--reader", "amal"))).toHaveLength(1);
  });
});
