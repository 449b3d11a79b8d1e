/** What the desk finds is what the commands find; whatever a text does to a review, the gateway and the next review go on. */
import { execFileSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { Turns } from "../../src/kernel/turns.ts";
import { decideQuestion } from "../../src/policy/decide.ts";
import { problemText } from "../../src/policy/problem.ts";
import { contentOf } from "../../src/policy-store/content.ts";
import { folderContents, type PolicyContents } from "../../src/policy-store/contents.ts";
import { testTerminal } from "../cli/test-terminal.ts";
import { POLICIES_DIR, shippedPolicies } from "../policy/shipped.ts";
import { meaning, shippedContentDesk } from "./content-desks.ts";
import { folderWith, NARROWER, UNKEPT } from "./tools.ts";

const noParts = async () => expect.fail("a part was started");
const never = () => new AbortController().signal;
const desk = await shippedContentDesk();
afterAll(() => desk.close());

const put = (files: Readonly<Record<string, string>>) =>
  meaning({ files: Object.entries(files).map(([path, text]) => ({ path, text })) });
const textOf = (edits: object): Record<string, string> => ({ ...(edits as Record<string, string>) });
const unkept = put(textOf(UNKEPT));
const narrower = put(textOf(NARROWER));

async function command(...args: string[]) {
  const terminal = testTerminal();
  await runProgram(["policy", ...args], noParts, terminal);
  return JSON.parse(terminal.written());
}
const told = (finding: { readonly when: string; readonly fields: readonly string[]; question: string }) => ({
  ...{ when: finding.when, fields: finding.fields },
  question: JSON.parse(finding.question),
});
const shown = ({ when, fields, question }: Record<string, unknown>) => ({ when, fields, question });

describe("findings of a content", { timeout: 120_000 }, () => {
  it("are those of `policy check`, with the texts of `policy fmt`", async () => {
    const broken = 'permit (principal, action,\n  resource) when { "سياسة" == };';
    const ugly = `@id("a.b")  @title("t") @legalBasis("R1") @owner("NGO")\nforbid (principal,action,resource) when { false&&true };`;
    const files = { "ngo/half.cedar": broken, "ngo/ugly.cedar": ugly, "ngo/bad.test.yaml": "title: t\n" };
    const { problems, found } = await desk.check(put(files), never());
    const expected = await command("check", "--json", await folderWith(files));
    expect(problems).toEqual(expected);
    expect(problems.length).toBeGreaterThan(2);
    expect(problems.map(problemText)).toContainEqual(expect.stringMatching(/^ngo\/half\.cedar:2:\d+: /));
    expect(found?.formatted.map(({ file }) => file)).toEqual(["ngo/ugly.cedar"]);
    const [again] = found?.formatted ?? [];
    expect(again?.text).toContain("false && true");
    const right = await desk.check(put({ [again?.file ?? ""]: again?.text ?? "" }), never());
    expect(right.found?.formatted).toEqual([]);
    const { problems: none, found: all } = await desk.check(meaning(), never());
    expect([none, all]).toEqual([
      [],
      { formatted: [], policies: 200, tests: 12, invariants: expect.any(Number) },
    ]);
  });

  it("are those of `policy fmt`, whatever else is wrong with the texts", async () => {
    const nothing = 'forbid (principal,action == Action::"no such action",resource);';
    const deep = `permit (principal, action, resource) when { ${"(".repeat(600)}true${")".repeat(600)} };`;
    const half = 'permit (principal, action,\n  resource) when { "سياسة" == };';
    const files = { "ngo/deep.cedar": deep, "ngo/half.cedar": half, "ngo/ugly.cedar": nothing };
    const { problems, found } = await desk.format(put(files), never());
    const terminal = testTerminal();
    await runProgram(["policy", "fmt", "--check", await folderWith(files)], noParts, terminal);
    expect(problems.map(problemText)).toEqual(terminal.complaints().trim().split("\n"));
    expect(problems.map(({ place }) => place?.file)).toEqual(["ngo/deep.cedar", "ngo/half.cedar"]);
    expect(problems[1]?.place).toMatchObject({ line: 2 });
    expect(terminal.written()).toBe("ngo/ugly.cedar: not formatted\n");
    expect(found?.formatted).toEqual([
      { file: "ngo/ugly.cedar", text: expect.stringMatching(/^forbid \(\n {2}principal,\n/) },
    ]);
    expect(await desk.format(meaning(), never())).toEqual({ problems: [], found: { formatted: [] } });
  });

  it("are those of `policy test`: what was expected, and what came", async () => {
    const passed = await desk.test(meaning(), never());
    expect(passed.found?.reports.length).toBe(12);
    expect(passed.found?.reports.flatMap(({ failures }) => failures)).toEqual([]);
    const closed = {
      "ngo/none.cedar": 'forbid (principal in Agency::"NGO", action in Action::"CASE_HEADER", resource);',
    };
    const annotated = `@id("NGO.none")\n@title("t")\n@legalBasis("R1")\n@owner("NGO")\n${closed["ngo/none.cedar"]}`;
    const failed = await desk.test(put({ "ngo/none.cedar": annotated }), never());
    const failures = failed.found?.reports.flatMap((report) => report.failures) ?? [];
    expect(failures).toContainEqual(
      expect.stringMatching(/: expected ALLOW, got (DENY|HIDE) \w+ \(.*NGO\.none/),
    );
  });

  it("are those of `policy diff`, and in Arabic words", async () => {
    const comparison = { content: narrower, against: meaning(), language: "en" as const };
    const { found } = await desk.diff(comparison, never());
    const expected = await command("diff", "--json", POLICIES_DIR, await folderWith(NARROWER));
    expect(found?.added).toEqual(["NGO.by-code"]);
    expect(found?.changes.length).toBeGreaterThan(0);
    expect(found?.changes.map(told)).toEqual(expected.changes.map(shown));
    expect(found?.changes.map(({ kind, before, after }) => ({ kind, before, after }))).toEqual(
      expected.changes.map(({ kind, before, after }: never) => ({ kind, before, after })),
    );
    const arabic = await desk.diff({ ...comparison, language: "ar" }, never());
    expect(arabic.found?.changes.length).toBe(found?.changes.length);
    for (const { when } of arabic.found?.changes ?? []) expect(when).toMatch(/\p{Script=Arabic}/u);
    expect(JSON.stringify(arabic.found?.changes.map(({ when }) => when))).not.toMatch(/\bthe\b/);
  });

  it("are those of `policy prove`: what is broken, and what is granted that was denied", async () => {
    const { found } = await desk.prove({ content: unkept, against: meaning(), language: "en" }, never());
    const expected = await command("prove", "--json", "--against", POLICIES_DIR, await folderWith(UNKEPT));
    expect(found?.invariants.map(({ id, holds, cases }) => ({ id, holds, cases }))).toEqual(
      expected.invariants.map(({ id, holds, cases }: never) => ({ id, holds, cases })),
    );
    const broken = found?.invariants.filter(({ holds }) => !holds) ?? [];
    expect(broken.map(({ id }) => id)).toContain("shelter");
    expect(broken[0]?.breaches.map(told)).toEqual(
      expected.invariants.find(({ holds }: never) => !holds).breaches.map(shown),
    );
    expect(found?.wider?.map(told)).toEqual(expected.wider.map(shown));
    expect(found?.wider?.length).toBeGreaterThan(0);
  });

  it("count the invariants that the content states", async () => {
    const one = "- { id: mine, title: t, because: R2, never: ALLOW, fields: [Case.id] }\n";
    const { found } = await desk.prove(
      { content: put({ "invariants.yaml": one }), against: null, language: "en" },
      never(),
    );
    expect(found?.invariants.map(({ id, holds }) => [id, holds])).toEqual([["mine", false]]);
    const wrong = await desk.prove(
      { content: put({ "invariants.yaml": `${one}- 1\n` }), against: null, language: "en" },
      never(),
    );
    expect([wrong.found, wrong.problems[0]?.place?.file]).toEqual([null, "invariants.yaml"]);
  });

  it("are those of `policy replay`", async () => {
    const policies = await shippedPolicies();
    const question = {
      agency: "NGO",
      role: "NGO.caseworker",
      purpose: "SHELTER_CARE",
      field: "Person.nameAr",
    };
    const row = {
      referrals: [
        { status: "ACCEPTED", expiresAt: 2000, purpose: "SHELTER_CARE", groups: ["IDENTITY_CORE"] },
      ],
      consents: [{ status: "GIVEN", validUntil: 2000, recipients: ["NGO"], groups: ["IDENTITY_CORE"] }],
    };
    const asked = { ...question, row };
    const answer = decideQuestion(policies, asked);
    const other = { ...asked, field: "Person.nameLatin" };
    const decisions = [
      { ...other, answer: decideQuestion(policies, other) },
      { ...asked, answer: { ...answer, policies: [...answer.policies] } },
    ] as never;
    expect((await desk.replay(meaning(), decisions, never())).found).toEqual({
      decisions: 2,
      differences: [],
    });
    const { found } = await desk.replay(narrower, decisions, never());
    expect(found).toMatchObject({
      decisions: 2,
      differences: [
        {
          line: 2,
          kind: "narrower",
          before: { effect: answer.effect },
          after: { policies: ["NGO.by-code"] },
        },
      ],
    });
    const many = Array.from({ length: 501 }, () => decisions[0]);
    expect((await desk.replay(meaning(), many, never())).problems[0]?.message).toContain(
      "more than 500 decisions",
    );
  });
});

describe("what cannot be meant", { timeout: 60_000 }, () => {
  it.each([
    [{ draft: 1 }, "there are no drafts and versions: the policies are files"],
    [{ draft: 1, version: 1 }, "name a draft or a version, not both"],
    [{ removed: ["ngo/nothing.cedar"] }, "`ngo/nothing.cedar` is not there, so it cannot be taken out"],
    [
      { removed: ["baseline.cedar"], files: [{ path: "baseline.cedar", text: "" }] },
      "`baseline.cedar` is both put in and taken out",
    ],
    [{ files: [{ path: "../out.cedar", text: "" }] }, "`../out.cedar` is no name for a file of policies"],
    [
      {
        files: [
          { path: "a.cedar", text: "" },
          { path: "a.cedar", text: "" },
        ],
      },
      "`a.cedar` is there twice",
    ],
    [{ files: [{ path: "a.cedar", text: "/".repeat(262_145) }] }, "`a.cedar` is larger than 262144 bytes"],
  ])("is named: %o", async (meant, message) => {
    const { problems, found } = await desk.test(meaning(meant), never());
    expect({ problems, found }).toEqual({ problems: [{ place: null, message }], found: null });
  });

  it("is another schema, for every tool", async () => {
    const content = put({ "schema.cedarschema": "entity U;" });
    const message = "is not what `ihala compose` writes for this deployment's schema";
    const expected = { place: { file: "schema.cedarschema", line: 1, column: 1 }, message };
    const comparison = { content, against: null, language: "en" as const };
    for (const { problems } of [
      await desk.check(content, never()),
      await desk.test(content, never()),
      await desk.prove(comparison, never()),
    ])
      expect(problems).toEqual([expected]);
    const { problems } = await desk.diff({ ...comparison, content: meaning(), against: content }, never());
    expect(problems.map(problemText)).toEqual([
      `what it is held against is not valid: schema.cedarschema:1:1: ${message}`,
    ]);
  });
});

describe("a review", { timeout: 120_000 }, () => {
  it("of a text that would trap the compiler is a problem with its place, and the next one is answered", async () => {
    const deep = `permit (principal, action, resource) when { ${"(".repeat(5000)}true };`;
    const names = Array.from({ length: 30 }, (_, at) => `b${at}`);
    const twice = names.map(
      (name, at) => `${name}: &${name} [*${names[at - 1] ?? "a"}, *${names[at - 1] ?? "a"}]`,
    );
    const files = {
      "ngo/bomb.test.yaml": `a: &a [x, x]\n${twice.join("\n")}\n`,
      "ngo/deep.cedar": deep,
      "ngo/deep.links.yaml": "[".repeat(200_000),
      "ngo/deep.test.yaml": "[".repeat(200_000),
    };
    const { problems } = await desk.check(put(files), never());
    expect([...new Set(problems.map(({ place }) => place?.file))]).toEqual(Object.keys(files));
    expect((await desk.check(meaning(), never())).problems).toEqual([]);
  });

  const solvers = () =>
    execFileSync("ps", ["-eo", "ppid,args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.trim().startsWith(`${process.pid} `) && line.includes("solver-child"));
  const proving = { content: unkept, against: null, language: "en" as const };

  it("that takes too long, or for which nobody waits, is ended with its solver; one for which somebody waits is not", async () => {
    const late = await shippedContentDesk({ deadlineMs: 300 });
    await expect(late.prove(proving, never())).rejects.toMatchObject({
      code: "PROVER_UNAVAILABLE",
      message: "the thread that looks policies over did not answer in 300 ms",
    });
    const other = await shippedContentDesk();
    const [one, two] = [new AbortController(), new AbortController()];
    const [left, kept] = [other.prove(proving, one.signal), other.prove(proving, two.signal)];
    setTimeout(() => one.abort(), 100);
    expect((await kept).found?.invariants.length).toBeGreaterThan(10);
    expect(await left).toEqual(await kept);
    const hanging = new AbortController();
    const gone = other.prove({ ...proving, language: "ar" }, hanging.signal);
    await vi.waitFor(() => expect(solvers()).toHaveLength(1), { timeout: 60_000, interval: 20 });
    hanging.abort();
    await expect(gone).rejects.toMatchObject({ code: "PROVER_UNAVAILABLE" });
    expect(solvers()).toEqual([]);
  });

  it("is worked out once for all who ask the same, and anew for another text", async () => {
    const other = await shippedContentDesk();
    const asked = [1, 2].map(() => other.test(narrower, never()));
    const [first, second] = await Promise.all(asked);
    expect(second).toBe(first);
    expect(await other.test(narrower, never())).toBe(first);
    expect(await other.test(meaning(), never())).not.toBe(first);
  });

  it("waits for its turn, is refused when too many do, and ends when the desk is closed", async () => {
    const crowded = await shippedContentDesk({ turns: new Turns(1) });
    const asked = ["a", "b", "c"].map((name) =>
      crowded.test(put({ "ngo/x.cedar": `// ${name}` }), never()).catch(({ code }) => code),
    );
    expect(await asked[2]).toBe("OVERLOADED");
    expect(await asked[0]).toMatchObject({ problems: [] });
    crowded.close();
    await expect(asked[1]).resolves.not.toMatchObject({ found: expect.anything() });
  });

  it("tells a fault of the store as one, and no problem of the officer's", async () => {
    const fail = async () => {
      throw new Error("the database is gone");
    };
    const contents: PolicyContents = { inForce: fail, draft: fail, version: fail };
    const broken = await shippedContentDesk({ contents });
    await expect(broken.check(meaning(), never())).rejects.toThrow("the database is gone");
  });
});

it("means what was read when the version began, whatever the folder holds by now", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ihala-folder-"));
  await writeFile(join(folder, "a.cedar"), "// before");
  const contents = await folderContents(folder);
  await writeFile(join(folder, "a.cedar"), "// after");
  const expected = contentOf([{ path: "a.cedar", bytes: Buffer.from("// before") }]);
  expect((await contents.inForce()).hash).toBe(expected.hash);
});
