/**
 * Officers' tools over GraphQL, from end to end, with real tokens: what they tell is what the commands tell of the same policies;
 * nobody else is told anything, and nobody waits for them.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { runProgram } from "../../../src/cli/program.ts";
import { PACKAGE_ROOT } from "../../../src/config/package-root.ts";
import { decideLines } from "../../../src/policy/decide.ts";
import type { Draft } from "../../../src/policy-store/statements.ts";
import { testTerminal } from "../../cli/test-terminal.ts";
import { POLICIES_DIR, shippedPolicies } from "../../policy/shipped.ts";
import { draftOf, folderWith, NARROWER, officer as officerOf, UNKEPT } from "../../policy-store/tools.ts";
import type { Deployment, Reader } from "../../support/deployment.ts";
import { startWithStore, type WithStore } from "../../support/officers.ts";
import {
  askTool,
  CANARY,
  type Diff,
  EDITED,
  type Finding,
  type Formatted,
  OFFICER,
  OTHERS,
  type Proof,
  TOOLS,
  type Told,
} from "../../support/policy-tools.ts";

const words = ({ fields, when, question }: Finding) => ({ fields, when, question: JSON.parse(question) });
const commandWords = ({ fields, when, question }: Record<string, unknown>) => ({ fields, when, question });

async function command(args: readonly string[], input = "") {
  const terminal = testTerminal(input);
  await runProgram(["policy", ...args], async () => expect.fail("a part was started"), terminal);
  return terminal.written();
}

describe("officers' tools over GraphQL", { timeout: 240_000 }, () => {
  let started: WithStore;
  let on: Deployment;
  let narrower: Draft;
  let unkept: Draft;

  beforeAll(async () => {
    started = await startWithStore("NGO");
    on = started.on;
    narrower = (await draftOf(started.store, officerOf("NGO"), NARROWER)).draft;
    unkept = (await draftOf(started.store, officerOf("NGO"), UNKEPT)).draft;
  }, 240_000);
  afterAll(async () => {
    await started?.close();
  });

  const ask = <Answer>(tool: keyof typeof TOOLS, variables?: object): Promise<Answer> =>
    askTool(on, tool, variables);
  const edited = (text: string, path = "ngo/edited.cedar") => ({ files: [{ path, text }] });

  it("check what an editor holds, and format it", async () => {
    const text = 'permit (principal, action,\n  resource) when { "سياسة" == };\n';
    const { problems } = await ask<Told>("check", { content: edited(text) });
    const expected = JSON.parse(
      await command(["check", "--json", await folderWith({ "ngo/edited.cedar": text })]),
    );
    expect(problems.map(({ message, ...place }) => ({ place, message }))).toEqual(expected);
    expect(problems).toContainEqual(expect.objectContaining({ file: "ngo/edited.cedar", line: 2 }));
    const { formatted, problems: none } = await ask<Formatted>("check", { content: edited(EDITED) });
    expect([none, formatted.map(({ path }) => path)]).toEqual([[], ["ngo/edited.cedar"]]);
    const again = await ask<Formatted>("check", { content: edited(formatted[0]?.formatted ?? "") });
    expect(again).toMatchObject({ problems: [], formatted: [], policies: 201 });
    expect(await ask("check")).toMatchObject({ problems: [], formatted: [], policies: 200, tests: 12 });
  });

  it("format what an editor holds, as the command writes it, and say what cannot be read", async () => {
    const half = {
      path: "ngo/half.cedar",
      text: 'permit (principal, action,\n  resource) when { "سياسة" == };\n',
    };
    const files = [{ path: "ngo/edited.cedar", text: EDITED }, half];
    const { problems, formatted } = await ask<Formatted>("format", { content: { files } });
    const folder = await folderWith(Object.fromEntries(files.map(({ path, text }) => [path, text])));
    await command(["fmt", folder]);
    const written = await readFile(join(folder, "ngo/edited.cedar"), "utf8");
    expect(formatted).toEqual([{ path: "ngo/edited.cedar", formatted: written }]);
    expect(written).toContain(CANARY);
    expect(problems).toEqual([
      expect.objectContaining({ file: half.path, line: 2, column: expect.any(Number) }),
    ]);
    expect(await ask("format", { content: edited(written) })).toEqual({ problems: [], formatted: [] });
    expect(await ask("format", { content: { draft: narrower.number } })).toMatchObject({ problems: [] });
    expect(await ask("format")).toEqual({ problems: [], formatted: [] });
  });

  it("tell what a draft changes, by decision, in the language asked for", async () => {
    const { changes, added, problems } = await ask<Diff>("diff", { content: { draft: narrower.number } });
    const folder = await folderWith(NARROWER);
    const expected = JSON.parse(await command(["diff", "--json", POLICIES_DIR, folder]));
    expect([problems, added]).toEqual([[], expected.added]);
    expect(changes.map(words)).toEqual(expected.changes.map(commandWords));
    expect(new Set(changes.map(({ kind }) => kind))).toEqual(new Set(["NARROWER"]));
    const back = await ask<Diff>("diff", { against: { draft: narrower.number }, lang: "AR" });
    expect(back.removed).toEqual(added);
    expect(new Set(back.changes.map(({ kind }) => kind))).toEqual(new Set(["WIDER"]));
    for (const { when } of back.changes) expect(when).toMatch(/\p{Script=Arabic}/u);
    const none = await ask<Diff>("diff", { content: { version: 1 } });
    expect(none).toMatchObject({ problems: [], changes: [], added: [], removed: [] });
    const undone = await ask<Diff>("diff", {
      content: { draft: narrower.number, removed: ["ngo/names.cedar"] },
    });
    expect(undone.changes).toEqual([]);
  });

  it("prove what a draft keeps, while others are answered at once", async () => {
    const content = { draft: unkept.number };
    let isProving = true;
    const proving = ask<Proof>("prove", { content, against: {} }).finally(() => {
      isProving = false;
    });
    const waits: number[] = [];
    while (isProving) {
      const began = performance.now();
      const reply = await on.ask(OTHERS[0]!, "{ agencies { code } }");
      waits.push(performance.now() - began);
      expect(reply.errors).toEqual([]);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { problems, invariants, wider } = await proving;
    expect(waits.length).toBeGreaterThan(5);
    expect(Math.max(...waits)).toBeLessThan(1_000);
    const folder = await folderWith(UNKEPT);
    const expected = JSON.parse(await command(["prove", "--json", folder, "--against", POLICIES_DIR]));
    expect(problems).toEqual([]);
    expect(invariants.map(({ name, holds }) => [name, holds])).toEqual(
      expected.invariants.map(({ id, holds }: { id: string; holds: boolean }) => [id, holds]),
    );
    expect(invariants.flatMap(({ breaches }) => breaches).map(words)).toEqual(
      expected.invariants.flatMap(({ breaches }: { breaches: [] }) => breaches).map(commandWords),
    );
    expect(invariants.find(({ name }) => name === "shelter")?.holds).toBe(false);
    expect(wider?.map(words)).toEqual(expected.wider.map(commandWords));
    expect(wider?.length).toBeGreaterThan(0);
  });

  it("run the tests, and ask recorded decisions again", async () => {
    interface Tested extends Told {
      readonly passed: boolean;
      readonly reports: readonly { readonly file: string; readonly failures: readonly string[] }[];
    }
    const passed = await ask<Tested>("test", { content: { draft: narrower.number } });
    expect(passed).toMatchObject({ problems: [], passed: true });
    const expected = await command(["test"]);
    expect(passed.reports.map(({ file }) => file)).toEqual(
      [...expected.matchAll(/^ok {3}(\S+): /gm)].map(([, file]) => file),
    );
    const closing = EDITED.replace('== Action::"Person.nameAr"', 'in Action::"CASE_HEADER"');
    const failed = await ask<Tested>("test", { content: edited(closing) });
    expect(failed.passed).toBe(false);
    expect(failed.reports.flatMap(({ failures }) => failures)).toContainEqual(
      expect.stringMatching(/: expected ALLOW, got \w+ \w+ \(.*NGO\.edited/),
    );
    const groups = ["IDENTITY_CORE"];
    const asked = { agency: "NGO", role: "NGO.caseworker", purpose: "SHELTER_CARE" };
    const row = {
      referrals: [{ status: "ACCEPTED", expiresAt: 2000, purpose: "SHELTER_CARE", groups }],
      consents: [{ status: "GIVEN", validUntil: 2000, recipients: ["NGO"], groups }],
    };
    const lines = ["Person.nameAr", "Person.dob", "Case.id"].map((field) =>
      JSON.stringify({ ...asked, field, row }),
    );
    const recorded: string[] = [];
    for await (const line of decideLines(await shippedPolicies(), lines, { record: true }))
      recorded.push(line);
    const decisions = recorded.map((line) => JSON.parse(line));
    const replayed = await ask<object>("replay", { content: { draft: narrower.number }, decisions });
    const said = await command(["replay", await folderWith(NARROWER), "--json"], recorded.join("\n"));
    const differences = said
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(differences.length).toBe(1);
    expect(replayed).toEqual({
      ...{ problems: [], decisions: 3 },
      differences: differences.map(({ line, kind, before, after }) => ({
        line,
        kind: kind.toUpperCase(),
        before,
        after,
      })),
    });
  });

  it.each([
    [{ draft: 99 }, "there is no draft 99"],
    [{ version: 99 }, "there is no publication 99"],
    [{ draft: 1, version: 1 }, "name a draft or a version, not both"],
    [{ removed: ["ngo/nothing.cedar"] }, "`ngo/nothing.cedar` is not there, so it cannot be taken out"],
    [{ files: [{ path: "../out.cedar", text: "" }] }, "`../out.cedar` is no name for a file of policies"],
    [{ files: [{ path: "a.cedar", text: "/".repeat(262_145) }] }, "`a.cedar` is larger than 262144 bytes"],
  ])("name what cannot be meant: %o", async (content, message) => {
    const problem = { file: null, line: null, column: null, message };
    expect(await ask("test", { content })).toEqual({ problems: [problem], passed: null, reports: null });
  });

  it("take no schema but the deployment's", async () => {
    const content = edited("entity U;", "schema.cedarschema");
    for (const tool of ["check", "test", "diff", "prove"] as const) {
      const { problems } = await ask<Told>(tool, { content });
      expect(problems, tool).toEqual([
        expect.objectContaining({
          file: "schema.cedarschema",
          message: expect.stringContaining("is not what"),
        }),
      ]);
    }
  });

  it("are withheld from everybody else before anything is looked at, and are in nobody else's view", async () => {
    for (const [tool, query] of Object.entries(TOOLS)) {
      const variables = { content: edited(EDITED), ...(tool === "replay" && { decisions: [] }) };
      const [, name = ""] = /\b(policy[A-Z]\w+)\(/.exec(query) ?? [];
      for (const reader of OTHERS) {
        const { result, calls } = await on.watch(() => on.ask(reader, query, variables));
        expect(result.errors, reader.role).toEqual([]);
        expect(result.data, reader.role).toEqual({ [name]: null });
        expect(result.withheld, reader.role).toEqual([{ path: [name], reason: "R7" }]);
        expect(calls).toEqual({});
      }
    }
    const types = [
      "PolicyContentInput",
      "PolicyFileInput",
      "RecordedDecisionInput",
      "PolicyProblem",
      "PolicyProofResult",
    ];
    const look = `{ ${types.map((name) => `${name}: __type(name: "${name}") { name }`).join(" ")} }`;
    const seen = async (reader: Reader) => Object.values((await on.ask(reader, look)).data ?? {});
    expect(await seen(OFFICER)).toEqual(types.map((name) => ({ name })));
    for (const reader of OTHERS) expect(await seen(reader), reader.role).toEqual(types.map(() => null));
  });

  it("tell when the prover cannot say, and take that for no proof", async () => {
    const since = (time: string) => `${time}.durationSince(datetime("1970-01-01")).toMilliseconds()`;
    const product = `${since("context.now")} * ${since("resource.access.breakGlassUntil")} > 7`;
    const odd = EDITED.replace("resource);", `resource) when { ${product} };`);
    const { problems, ...rest } = await ask<Proof>("prove", { content: edited(odd) });
    expect(problems.map(({ message }) => message)).toEqual([
      "PROVER_UNAVAILABLE: the policy `NGO.edited` cannot be proved: it looks at the product of two facts",
    ]);
    expect(rest).toEqual({ invariants: null, wider: null });
  });

  it("are refused when too many wait, and whoever hangs up waits no more", async () => {
    const headers = {
      "content-type": "application/json",
      authorization: `Bearer ${await on.token(OFFICER)}`,
      "x-purpose": OFFICER.purpose,
    };
    /** Asks twelve questions at once, and hangs up when three were refused: one is worked on then, and eight wait. */
    async function crowd(name: string): Promise<readonly string[]> {
      const hangUp = new AbortController();
      const codes: string[] = [];
      const asked = Array.from({ length: 12 }, async (_, index) => {
        const variables = { content: edited(`// ${name} ${index}`) };
        const body = JSON.stringify({ query: TOOLS.test, variables });
        const init = { method: "POST", headers, body, signal: hangUp.signal };
        const reply = (await (await fetch(`${on.url}/graphql`, init)).json()) as {
          readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
        };
        codes.push(reply.errors?.[0]?.extensions.code ?? "answered");
      });
      await vi.waitFor(() => expect(codes.length).toBeGreaterThanOrEqual(3), { timeout: 10_000 });
      hangUp.abort();
      await Promise.allSettled(asked);
      return codes;
    }
    const refusals = ["OVERLOADED", "OVERLOADED", "OVERLOADED"];
    expect(await crowd("first")).toEqual(refusals);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await crowd("second")).toEqual(refusals);
    expect(await ask("check")).toMatchObject({ problems: [] });
  });

  it("leave no word of a text in logs and records", async () => {
    const { added } = await ask<Diff>("diff", { content: edited(EDITED) });
    expect(added).toEqual(["NGO.edited"]);
    const { problems } = await ask<Told>("check", {
      content: edited(EDITED.replace('Agency::"NGO"', `Agency::"${CANARY}"`)),
    });
    expect(JSON.stringify(problems)).toContain(CANARY);
    expect(on.lines.length).toBeGreaterThan(0);
    expect(on.lines.join("\n")).not.toContain(CANARY);
    expect(JSON.stringify(await on.records())).not.toContain(CANARY);
  });

  it("are asked as `docs/policies.md` shows", async () => {
    const page = await readFile(join(PACKAGE_ROOT, "docs/policies.md"), "utf8");
    const query = [...page.matchAll(/```graphql\n([\s\S]*?)```/g)].find(([, text]) =>
      text?.includes("policyDiff"),
    )?.[1];
    const { data, errors } = await on.ask(OFFICER, query ?? "", {
      files: [{ path: "ngo/edited.cedar", text: EDITED }],
    });
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      policyCheck: { problems: [], formatted: [{ path: "ngo/edited.cedar" }] },
      policyDiff: { changes: expect.arrayContaining([expect.objectContaining({ kind: "NARROWER" })]) },
    });
  });
});
