/** `ihala schema`: the public schema, and what one reader could ever be shown of it. */
import { buildSchema, validateSchema } from "graphql";
import { expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { testTerminal } from "./test-terminal.ts";

const noParts = async () => expect.fail("a part was started");

async function schema(...args: readonly string[]) {
  const terminal = testTerminal("");
  const status = await runProgram(["schema", ...args], noParts, terminal);
  return { status, out: terminal.written(), err: terminal.complaints() };
}

it("prints the public schema, or a reader's part of it", async () => {
  const whole = await schema();
  const judge = await schema("--role", "CRT.judge");
  for (const { status, out, err } of [whole, judge]) {
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(validateSchema(buildSchema(out))).toEqual([]);
  }
  expect(whole.out).toContain("type RiskSignal {");
  expect(judge.out).toContain("type Verdict {");
  expect(judge.out).not.toContain("RiskSignal");
}, 60_000);

it("takes a purpose, certificates, an agency for those of every agency, and a language", async () => {
  const residence = ["--role", "NPRA.residenceOfficer"];
  expect((await schema(...residence)).out).toContain("travelOrder:");
  expect((await schema(...residence, "--purpose", "IMMIGRATION_ENFORCEMENT")).out).not.toContain(
    "travelOrder:",
  );
  const officer = await schema("--role", "securityOfficer", "--agency", "MOI", "--lang", "ar");
  expect(officer.out).toBe((await schema("--role", "MOI.securityOfficer", "--lang", "ar")).out);
  expect(officer.out).toContain('"الجهات الأعضاء"');
  expect(officer.out).not.toContain("Members of the referral system");
  const subject = await schema("--role", "dataSubject", "--agency", "IGA", "--lang", "en");
  expect(subject.out).not.toMatch(/\p{Script=Arabic}/u);
  const certified = ["--certificates", "INTERVIEW_CHILD", "--role", "NGO.caseworker"];
  expect((await schema(...certified)).out).toContain("type SupportPlan {");
}, 60_000);

it.each([
  [["--role", "NGO.casewrker"], "did you mean `NGO.caseworker`"],
  [["--role", "dataSubject"], "needs `--agency`"],
  [["--role", "CRT.judge", "--agency", "PPO"], "is not one of the roles of PPO"],
  [["--role", "CRT.judge", "--agency", "CTR"], "there is no agency `CTR`"],
  [["--role", "CRT.judge", "--purpose", "RESEARCH"], "does not hold the purpose `RESEARCH`"],
  [["--purpose", "RESEARCH"], "name the `--role`"],
  [["--lang", "fr"], "Allowed choices are en, ar"],
])(
  "says what is wrong with %j",
  async (args, why) => {
    const { status, out, err } = await schema(...args);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(err).toContain(why);
  },
  60_000,
);
