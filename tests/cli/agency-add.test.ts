/**
 * An agency that joins a production deployment and one that leaves it: written when everything belongs to it, and with any problem the file
 * stays byte for byte. The subgraph is real, and broken where the kit must find it.
 */
import { chmod, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { runProgram } from "../../src/cli/program.ts";
import { type SchemaCopy, schemaCopy } from "../supergraph/schema-copy.ts";
import { type Production, startProduction } from "../support/production.ts";
import { startTamperingProxy, type TamperingProxy } from "../support/tampering-proxy.ts";
import { testTerminal } from "./test-terminal.ts";

interface Entry {
  readonly code: string;
  readonly members: readonly { readonly address: string; readonly url?: string }[];
}

let around: Production;
let proxy: TamperingProxy;
let copy: SchemaCopy;
let known: readonly string[];
/** The configuration without PPO, with comments of somebody's. */
let without: string;
let entry: Entry;

const COMMENTED = "# Who runs this: ext. 4711\n";
const BESIDE = "  # the labour register, since 2024\n";

beforeAll(async () => {
  around = await startProduction(0, []);
  copy = await schemaCopy();
  const server = around.agencies.federation["PPO"];
  proxy = await startTamperingProxy(server?.url ?? "");
  known = [...around.world.ppo.cases].slice(0, 2).map(({ ref }) => ref);
  const { agencies, ...rest } = around.config as { agencies: Entry[] };
  const ppo = agencies.find(({ code }) => code === "PPO") as Entry;
  const url = proxy.urlFor(server?.url ?? "");
  entry = { ...ppo, members: ppo.members.map((member) => ({ ...member, url })) };
  const others = {
    ...rest,
    schema: { directory: copy.dir },
    agencies: agencies.filter((one) => one !== ppo),
  };
  without = `${COMMENTED}${stringify(others).replace("  - code: LMRA\n", `${BESIDE}  - code: LMRA\n`)}`;
  expect(without).toContain(BESIDE);
});
afterAll(async () => {
  await copy?.[Symbol.asyncDispose]();
  await proxy?.close();
  await around?.close();
});
afterEach(() => proxy.tamper(null));

const folder = () => dirname(around.file);

async function ihala(...args: readonly string[]) {
  const terminal = testTerminal();
  const noParts = async () => expect.fail("a part was started");
  const status = await runProgram(["--config", around.file, "agency", ...args], noParts, terminal);
  const [left] = (await readdir(folder())).filter((name) => name.startsWith("ihala.yaml."));
  expect(left).toBeUndefined();
  return {
    status,
    out: terminal.written(),
    err: terminal.complaints(),
    text: await readFile(around.file, "utf8"),
  };
}

async function add(text: string, before = without, more = ["--type", "Case", "--known", ...known]) {
  await writeFile(around.file, before);
  await chmod(around.file, 0o640);
  const file = join(folder(), "entry.yaml");
  await writeFile(file, text);
  return ihala("add", file, ...more);
}

describe("ihala agency add", () => {
  it("writes an agency that does what it must, keeping comments, and says how it is taken up", async () => {
    const { status, out, err, text } = await add(`# since today\n${stringify([entry])}`);
    expect(err).toBe("");
    expect(status).toBe(0);
    expect(out).toContain("ok   schema: ");
    expect(out).toMatch(/\nall 1\d rules hold\n/);
    expect(out).toContain(`PPO: written to \`${around.file}\`; no gateway runs on this data directory`);
    expect(text.startsWith(without)).toBe(true);
    expect(parse(text)).toEqual({ ...parse(without), agencies: [...parse(without).agencies, entry] });
    expect((await stat(around.file)).mode & 0o777).toBe(0o640);
  });

  const renamed = (code: string, more: object = {}): string => stringify({ ...entry, code, ...more });
  it.each<readonly [string, () => string, RegExp]>([
    ["no agency", () => "code: [", /holds no entry of one agency/],
    ["two agencies", () => stringify([entry, entry]), /holds no entry of one agency/],
    ["one that is there", () => renamed("MOI"), /agencies\.11\.code: `MOI` is listed twice/],
    [
      "a key that nobody knows",
      () => renamed("PPO", { colour: "green" }),
      /agencies\.11\.colour: unknown key/,
    ],
    ["one that no document speaks of", () => renamed("HLT"), /schema: `hlt\.graphql` is not there/],
    [
      "one of another kind",
      () => renamed("PPO", { kind: "rest" }),
      /`PPO` of kind `rest` has no resolvers in this build/,
    ],
    [
      "one without a server",
      () => renamed("PPO", { members: entry.members.map(({ url: _, ...member }) => member) }),
      /has no url: it is simulated/,
    ],
  ])("refuses %s, and the file stays byte for byte", async (_, text, complaint) => {
    const { status, err, text: after } = await add(text());
    expect(err).toMatch(complaint);
    expect(status).toBe(1);
    expect(after).toBe(without);
  });

  it("refuses one whose server does not do what the gateway relies on", async () => {
    proxy.tamper((answer) => ({ ...answer, headers: { "content-type": "text/html" } }));
    const { status, out, err, text } = await add(stringify(entry));
    expect(status).toBe(1);
    expect(out).toMatch(/WRONG .*: content type `text\/html`/);
    expect(err).toContain("does not do what the gateway relies on");
    expect(text).toBe(without);
  });

  it("asks for a type and two keys, without which nothing is known of the server", async () => {
    expect((await add(stringify(entry), without, [])).err).toContain("by `--type` and `--known`");
    const one = await add(stringify(entry), without, ["--type", "Case", "--known", known[0] ?? ""]);
    expect(one.err).toContain("name two keys that the agency knows");
    expect(one.text).toBe(without);
  });

  it("leaves a file alone that lists no agencies, and one that is no YAML", async () => {
    for (const before of ["deployment: { name: x }\n", "agencies: [\n"]) {
      const { status, text } = await add(stringify(entry), before);
      expect({ status, text }).toEqual({ status: 1, text: before });
    }
  });
});

describe("ihala agency remove", () => {
  it("names each place that names the agency, and the file stays byte for byte", async () => {
    const whole = (await add(stringify(entry))).text;
    const { status, err, text } = await ihala("remove", "PPO");
    expect(status).toBe(1);
    expect(text).toBe(whole);
    for (const place of [
      "ppo.graphql: its document",
      "the manifest has `Prosecution.number` of it",
      "keys.json: its keys",
      "domain.json: the agency, its column, and roles: PPO.prosecutor",
      "policies/ppo: its policies",
    ])
      expect(err).toContain(place);
  });

  it("names its clients", async () => {
    const whole = parse((await add(stringify(entry))).text);
    const [issuer] = whole.identity.issuers;
    const clients = { "ppo-front": { member: entry.members[0]?.address } };
    await writeFile(
      around.file,
      stringify({ ...whole, identity: { ...whole.identity, issuers: [{ ...issuer, clients }] } }),
    );
    expect((await ihala("remove", "PPO")).err).toContain("has the client `ppo-front` of it; remove that");
  });

  it("takes out one that nothing names any more; its code stays known", async () => {
    const value = 'enum AgencyCode {\n  "Health"\n  HLT @label(ar: "وزارة الصحة")';
    await copy.replace("vocabulary.graphql", "enum AgencyCode {", value);
    const whole = (await add(stringify(entry))).text;
    const gone = {
      code: "HLT",
      kind: "federation",
      members: [{ ...entry.members[0], address: "BH/GOV/HLT/insurance" }],
    };
    const before = `${whole}${stringify([gone]).replace(/^/gm, "  ").trimEnd()}\n`;
    await writeFile(around.file, before);
    const { status, out, err, text } = await ihala("remove", "HLT");
    expect(err).toBe("");
    expect(status).toBe(0);
    expect(out).toContain(`HLT: taken out of \`${around.file}\``);
    expect(text).toBe(whole);
  });

  it("keeps the ledger's agency, and knows no others", async () => {
    expect((await ihala("remove", "EPC")).err).toContain("`EPC` keeps the ledger");
    expect((await ihala("remove", "NOBODY")).err).toContain("there is no agency `NOBODY`");
  });
});
