/** `ihala policy …` on the command line: what it prints, where, and its status. */
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { testTerminal } from "./test-terminal.ts";

const noParts = async () => expect.fail("a part was started");

async function policy(args: readonly string[], input = "") {
  const terminal = testTerminal(input);
  const status = await runProgram(["policy", ...args], noParts, terminal);
  return { status, out: terminal.written(), err: terminal.complaints() };
}

const BY_CODE = `@id("NGO.by-code") @title("t") @legalBasis("R1") @owner("NGO")
forbid (principal in Agency::"NGO", action == Action::"Person.nameLatin", resource);
`;

let draft: string;
beforeAll(async () => {
  draft = await mkdtemp(join(tmpdir(), "ihala-draft-"));
  await cp(join(PACKAGE_ROOT, "policies"), draft, { recursive: true });
  await writeFile(join(draft, "ngo/names.cedar"), BY_CODE);
});

it("checks a folder, and says where it is wrong", async () => {
  expect(await policy(["check"])).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^ok: 200 policies/),
  });
  const bad = await mkdtemp(join(tmpdir(), "ihala-bad-"));
  await writeFile(
    join(bad, "a.cedar"),
    "permit (principal, action, resource) when { resource.access.chld };",
  );
  const { status, out } = await policy(["check", bad]);
  expect(status).toBe(1);
  expect(out).toContain("a.cedar:1:45: attribute `access.chld`");
  expect(JSON.parse((await policy(["check", bad, "--json"])).out)).toContainEqual({
    place: { file: "a.cedar", line: 1, column: 1 },
    message: "the annotation `@id` is missing",
  });
  expect((await policy(["check", "/nowhere"])).err).toContain("`/nowhere` is no folder");
}, 60_000);

it("formats a folder once, and leaves it when asked to check", async () => {
  const file = join(draft, "ngo/names.cedar");
  expect(await policy(["fmt", draft, "--check"])).toMatchObject({
    status: 1,
    out: "ngo/names.cedar: not formatted\n",
  });
  expect(await readFile(file, "utf8")).toBe(BY_CODE);
  expect(await policy(["fmt", draft])).toMatchObject({ status: 0, out: "ngo/names.cedar: formatted\n" });
  expect(await policy(["fmt", draft, "--check"])).toEqual({ status: 0, out: "", err: "" });
}, 60_000);

it("compares a draft with what is configured, and with a commit", async () => {
  const { status, out } = await policy(["diff", join(PACKAGE_ROOT, "policies"), draft]);
  expect([status, out.split("\n").at(-2)]).toEqual([1, "0 wider, 2 narrower; policies: +NGO.by-code"]);
  const repository = await mkdtemp(join(tmpdir(), "ihala-git-"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", ...args], {
      cwd: repository,
    });
  await cp(join(PACKAGE_ROOT, "policies"), join(repository, "rules"), { recursive: true });
  git("init", "-q");
  git("add", ".");
  git("commit", "-qm", "one");
  await writeFile(join(repository, "rules/ngo/names.cedar"), BY_CODE);
  const config = join(repository, "ihala.yaml");
  await writeFile(config, `policy:\n  directory: ${join(repository, "rules")}\n`);
  const terminal = testTerminal("");
  expect(await runProgram(["--config", config, "policy", "diff", "HEAD"], noParts, terminal)).toBe(1);
  expect(terminal.written().split("\n").at(-2)).toBe("0 wider, 2 narrower; policies: +NGO.by-code");
  const missing = testTerminal("");
  expect(await runProgram(["--config", config, "policy", "diff", "nothing"], noParts, missing)).toBe(1);
  expect(missing.complaints()).toContain("`nothing` is neither a folder nor a commit");
}, 90_000);

it("proves invariants and that nothing is granted that was denied, and fails when something is", async () => {
  const kept = await policy(["prove", draft, "--against", join(PACKAGE_ROOT, "policies")]);
  expect(kept.out).toMatch(/^ok {3}wall: /);
  expect([kept.status, kept.out.split("\n").at(-2)]).toEqual([
    0,
    `ok   grants nothing that \`${join(PACKAGE_ROOT, "policies")}\` denies`,
  ]);
  const wider = await policy(["prove", "--against", draft, "--json"]);
  expect(wider.status).toBe(1);
  const { invariants, wider: changes } = JSON.parse(wider.out);
  expect(invariants.every(({ holds }: { holds: boolean }) => holds)).toBe(true);
  expect(changes).toContainEqual(
    expect.objectContaining({ kind: "wider", fields: ["Person.nameLatin"], question: expect.any(Object) }),
  );
}, 120_000);

it("tests a draft, and answers by one", async () => {
  expect(await policy(["test"])).toMatchObject({ status: 0, err: "" });
  const { status, out } = await policy(["test", draft]);
  expect(status).toBe(1);
  expect(out).toMatch(/^FAIL ngo\/ngo\.test\.yaml: .*\n {7}- .*Person\.nameLatin.*NGO\.by-code/m);
  expect(out).toMatch(/^ok {3}moi\/moi\.test\.yaml: /m);
  const question = `{"agency":"NGO","role":"NGO.caseworker","purpose":"EMERGENCY_PROTECTION","field":"Person.nameLatin","row":{"breakGlass":{"until":1060}}}\n`;
  expect(JSON.parse((await policy(["decide"], question)).out)).toMatchObject({ effect: "ALLOW" });
  expect(JSON.parse((await policy(["decide", draft], question)).out)).toMatchObject({
    ...{ effect: "DENY", policies: ["NGO.by-code"] },
  });
}, 60_000);

it("records decisions and replays them against a draft", async () => {
  const question = `{"agency":"NGO","role":"NGO.caseworker","purpose":"EMERGENCY_PROTECTION","field":"Person.nameLatin","row":{"breakGlass":{"until":1060}}}\n`;
  const { out: recorded } = await policy(["decide", "--record"], question);
  expect(await policy(["replay", draft], recorded)).toEqual({
    status: 1,
    out: "line 1: narrower: NGO.caseworker, EMERGENCY_PROTECTION, Person.nameLatin: ALLOW (NGO.break-glass) → DENY (NGO.by-code)\n1 decisions, 1 differ\n",
    err: "",
  });
  const explained = await policy(["explain", draft], question);
  expect(explained.out).toContain("  forbidden by\n    NGO.by-code: t (ngo/names.cedar:1:1)\n");
  expect(await policy(["explain"], "{}\n")).toMatchObject({
    status: 1,
    out: "",
    err: expect.stringMatching(/^line 1: /),
  });
}, 60_000);

it("says who sees a field, and suggests a field for a misspelt one", async () => {
  expect((await policy(["who", "SupportPlan.type"])).out).toMatch(
    /^SupportPlan\.type \(SERVICES_PLAN, S3\)\n/,
  );
  expect((await policy(["who", "SupportPlan.tipe"])).err).toContain("did you mean `SupportPlan.type`");
}, 60_000);
