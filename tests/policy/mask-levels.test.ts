/** The clearest form that policies permit, on each row; officers' tools tell one form from another, and which way a change goes. */
import * as cedar from "@cedar-policy/cedar-wasm/nodejs";
import { describe, expect, it } from "vitest";
import type { AgencyCode, Coordinate } from "../../src/kernel/brands.ts";
import { type DecideQuestion, decideQuestion } from "../../src/policy/decide.ts";
import { explain } from "../../src/policy/explain/explain.ts";
import { explanationText } from "../../src/policy/explain/explanation-text.ts";
import { foldFacts } from "../../src/policy/facts.ts";
import type { PolicySet } from "../../src/policy/policy-set.ts";
import { type Invariant, parseInvariants } from "../../src/policy/prove/invariants.ts";
import { proveInvariants } from "../../src/policy/prove/prove.ts";
import { diffPolicies } from "../../src/policy/review/diff.ts";
import { diffText } from "../../src/policy/review/diff-text.ts";
import { replayLine } from "../../src/policy/review/replay.ts";
import { whoSees } from "../../src/policy/review/who.ts";
import { whoText } from "../../src/policy/review/who-text.ts";
import { ShadowedPolicies } from "../../src/policy/shadow.ts";
import { runPolicyTest } from "../../src/policy/test-run.ts";
import { seeded, testSeed } from "../support/seeded.ts";
import { DOMAIN, shippedPolicies } from "./shipped.ts";
import { policyText, variantPolicies } from "./variant.ts";

const BORN = "Person.birthDate";
const coordinator = {
  agency: "NCC",
  role: "NCC.coordinator",
  purpose: "NATIONAL_COORDINATION",
  field: BORN,
} as const;
const reader = { ...coordinator, agency: "NCC" as AgencyCode, certificates: new Set<string>() };

const permit = (form: string, rest = "") =>
  policyText(
    `NCC.${form}`,
    `permit (principal in Agency::"NCC", action == Action::"${BORN}:${form}", resource)${rest};`,
    "R13",
    "NCC",
  );
const ASSIGNED = " when { resource.access.assigned }";

const shipped = await shippedPolicies();
const years = await variantPolicies({ add: permit("year") });
const bands = await variantPolicies({ add: permit("ageBand") });
const byRow = await variantPolicies({ add: [permit("year", ASSIGNED), permit("ageBand")].join("\n") });

const ask = (set: PolicySet, row: DecideQuestion["row"] = {}) => decideQuestion(set, { ...coordinator, row });

describe("a coordinator gets of a date of birth", () => {
  it("tables alone under the policies that ship", () => {
    expect(ask(shipped)).toMatchObject({ effect: "AGGREGATE", level: null });
  });

  it("the form that a policy permits, and that one alone", () => {
    expect(ask(years)).toMatchObject({
      effect: "MASK",
      level: "year",
      policies: ["NCC.year"],
      reason: "R13",
    });
    expect(ask(bands)).toMatchObject({ effect: "MASK", level: "ageBand" });
  });

  it("the clearest of both on each row, from a verdict that says what it reads", () => {
    expect(ask(byRow, { assigned: true })).toMatchObject({ level: "year", policies: ["NCC.year"] });
    expect(ask(byRow, { assigned: false })).toMatchObject({ level: "ageBand", policies: ["NCC.ageBand"] });
    // Masked on every row, and not settled for that: another form on each.
    expect(ask(byRow, { caseBound: false, assigned: true })).toMatchObject({ level: "year" });
    expect(ask(byRow, { caseBound: false, assigned: false })).toMatchObject({ level: "ageBand" });
    const verdict = byRow.profile(reader).verdict({ coordinate: BORN as Coordinate, caseBound: true });
    if (verdict.kind === "settled") throw new Error("a row decides");
    expect(verdict.reads).toContain("assigned");
    expect([verdict.opens, verdict.allows]).toEqual([true, false]);
  });

  it("a settled verdict where no row can differ", () => {
    const both = years.profile(reader).verdict({ coordinate: BORN as Coordinate, caseBound: false });
    expect(both).toMatchObject({ kind: "settled", outcome: { effect: "MASK", mask: "transform:year" } });
  });

  it("the value in clear wins over every form, and a forbid of it leaves the form", async () => {
    const clear = 'permit (principal in Agency::"NCC", action == Action::"Person.birthDate", resource)';
    const forbid = 'forbid (principal, action == Action::"Person.birthDate", resource)';
    const when = " when { resource.access.charged };";
    const open = await variantPolicies({
      add: [
        permit("year"),
        policyText("NCC.clear", `${clear};`, "R13", "NCC"),
        policyText("charged.born", `${forbid}${when}`, "R7"),
      ].join("\n"),
    });
    expect(ask(open)).toMatchObject({ effect: "ALLOW", level: "clear" });
    expect(ask(open, { charged: true })).toMatchObject({ effect: "MASK", level: "year" });
  });
});

describe("to whom a group is anonymised", () => {
  const committee = (field: string) =>
    decideQuestion(shipped, {
      agency: "NCC",
      role: "NCC.coordinator",
      purpose: "NATIONAL_COORDINATION",
      field,
    });

  it.each([
    ["Case.nrmNumber", "pseudonym"],
    ["Case.openedAt", "month"],
    ["Case.stage", "keep"],
    ["Case.caseWorker", "nothing"],
    ["Verdict.outcome", "keep"],
    ["Verdict.defendant", "nothing"],
    ["Employer.finalConvictions", "nothing"],
    ["Person.deportationOrder", "nothing"],
  ])("shows of %s %s", (field, level) => {
    expect(committee(field)).toMatchObject({ effect: "MASK", level });
  });

  it("shows what another mask lists to whom that one is for", () => {
    const inspector = { agency: "LMRA", role: "LMRA.permitOfficer", purpose: "STATUS_REGULARISATION" };
    expect(decideQuestion(shipped, { ...inspector, field: "Employer.finalConvictions" })).toMatchObject({
      effect: "MASK",
      level: "keep",
    });
  });
});

it("agrees with cedar-wasm, asked level by level, whatever policies permit and forbid which forms", async () => {
  const dice = seeded(testSeed());
  const actions = ["", ":year", ":ageBand"].map((form) => `${BORN}${form}`);
  const conditions = ["", " when { resource.access.assigned }", " unless { resource.access.charged }"];
  const seen = new Set<string | null>();
  for (let set = 0; set < 6; set++) {
    // A forbid names the clearer ones with it, or it would take nothing away.
    const texts = Array.from({ length: 4 }, (_, index) => {
      const forbids = dice.chance(0.3);
      const last = dice.integer(0, 2);
      const named = forbids ? actions.slice(0, last + 1) : [actions[last]];
      const scope = `[${named.map((action) => `Action::"${action}"`).join(", ")}]`;
      const text = `${forbids ? "forbid" : "permit"} (principal in Agency::"NCC", action in ${scope}, resource)${dice.pick(conditions)};`;
      return policyText(`NCC.random-${index}`, text, "R13", "NCC");
    });
    const policies = await variantPolicies({ add: texts.join("\n") });
    const staticPolicies = Object.fromEntries(policies.policies.map(({ id, text }) => [id, text]));
    for (const [assigned, charged] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const permitted = actions.find((action) => isPermitted(staticPolicies, action, { assigned, charged }));
      const wanted = permitted === undefined ? null : (permitted.split(":")[1] ?? "clear");
      const { level } = ask(policies, { assigned, charged, caseBound: true });
      expect(level, `seed ${dice.seed} ${texts.join(" ")} ${assigned} ${charged}`).toBe(wanted);
      seen.add(level);
    }
  }
  expect(seen.size).toBeGreaterThan(2);
}, 60_000);

const DATE_ZERO = { __extn: { fn: "datetime", arg: "1970-01-01T00:00:00Z" } };

function isPermitted(
  staticPolicies: Record<string, string>,
  action: string,
  flags: { readonly assigned: boolean; readonly charged: boolean },
): boolean {
  const ref = (type: string, id: string) => ({ __entity: { type, id } });
  const none = { holder: false, party: false, known: false, own: false };
  const access = {
    ...{
      ...none,
      ...flags,
      caseBound: true,
      child: false,
      sealed: false,
      officialSuspect: false,
      staffConflict: false,
    },
    ...{ granted: [], consented: [], refused: [], court: [], basis: ref("Basis", "NONE") },
    breakGlassUntil: DATE_ZERO,
  };
  const ancestors = [...shipped.schema.actions.get(action)!.ancestors].filter((group) => group !== action);
  const answer = cedar.isAuthorized({
    principal: { type: "Reader", id: "self" },
    action: { type: "Action", id: action },
    resource: { type: "Person", id: "row" },
    context: { purpose: ref("Purpose", coordinator.purpose), now: DATE_ZERO },
    policies: { staticPolicies },
    entities: [
      {
        uid: { type: "Reader", id: "self" },
        attrs: { certificates: [], registers: [] },
        parents: [
          { type: "Agency", id: coordinator.agency },
          { type: "Role", id: coordinator.role },
        ],
      },
      { uid: { type: "Person", id: "row" }, attrs: { access }, parents: [] },
      {
        uid: { type: "Action", id: action },
        attrs: {},
        parents: ancestors.map((id) => ({ type: "Action", id })),
      },
    ],
  } as unknown as Parameters<typeof cedar.isAuthorized>[0]);
  if (answer.type !== "success") throw new Error(JSON.stringify(answer.errors));
  return answer.response.decision === "allow";
}

describe("another form", () => {
  it("is a changed decision, and the clearer one is wider", async () => {
    const [narrower, wider] = [await diffPolicies(years, bands), await diffPolicies(bands, years)];
    expect(
      narrower.changes.map(({ kind, before, after }) => [kind, before.level, after.level]),
    ).toContainEqual(["narrower", "year", "ageBand"]);
    expect(new Set(narrower.changes.map(({ kind }) => kind))).toEqual(new Set(["narrower"]));
    expect(new Set(wider.changes.map(({ kind }) => kind))).toEqual(new Set(["wider"]));
    expect(diffText(wider)).toContain(
      "WIDER    Person.birthDate: MASK to ageBand (NCC.ageBand) → MASK to year (NCC.year)",
    );
    expect((await diffPolicies(byRow, byRow)).changes).toEqual([]);
  }, 60_000);

  it("is told of a recorded decision, with its direction", () => {
    const record = JSON.stringify({ ...coordinator, row: {}, answer: ask(years) });
    expect(replayLine(years, record, 1)).toBeNull();
    expect(replayLine(bands, record, 1)).toMatchObject({ kind: "narrower" });
    const back = JSON.stringify({ ...coordinator, row: {}, answer: ask(bands) });
    expect(replayLine(years, back, 1)).toMatchObject({ kind: "wider" });
    const old = JSON.stringify({ ...coordinator, row: {}, answer: { ...ask(bands), level: "lastThree" } });
    expect(replayLine(years, old, 1)).toMatchObject({ kind: "other" });
  });

  it("is told by a shadow, with its direction", () => {
    const heard: unknown[] = [];
    const shadow = new ShadowedPolicies(bands, years, (difference) => void heard.push(difference));
    const profile = shadow.profile(reader);
    profile.verdict({ coordinate: BORN as Coordinate, caseBound: false });
    shadow.asked(profile, {});
    expect(heard).toEqual([expect.objectContaining({ coordinate: BORN, kind: "wider" })]);
  });

  it("is what officers are told that a reader sees", async () => {
    const text = whoText(await whoSees(byRow, byRow.domain.fields.get(BORN)!));
    expect(text).toMatch(
      /NCC\.coordinator[^\n]*: MASK to year when\n {7}the reader is assigned to the case \(NCC\.year\)/,
    );
    expect(text).toMatch(/NCC\.coordinator[^\n]*: MASK to ageBand always \(NCC\.ageBand\)/);
  }, 60_000);

  it("is explained by itself, down to the one that answered", () => {
    const explanation = explain(byRow, { ...coordinator, row: { assigned: false } });
    expect(explanation.levels.map(({ level, form }) => [level, form])).toEqual([
      ["masked", "year"],
      ["masked", "ageBand"],
    ]);
    expect(explanationText(explanation)).toContain("Masked, year\n  would be permitted by\n    NCC.year: t");
  });

  it("may be named by an officer's test", () => {
    const run = (form: string) =>
      runPolicyTest(
        years,
        "x.test.yaml",
        `title: t\nreaders: { coordinator: { role: NCC.coordinator, purpose: NATIONAL_COORDINATION } }\ncases: { any: {} }\nfields: [${BORN}]\nexpect:\n  - { who: coordinator, in: any, MASK: [${form}] }\n`,
      ).failures;
    expect(run("Person.birthDate:year")).toEqual([]);
    expect(run("Person.birthDate")).toEqual([]);
    expect(run('"Person.birthDate:ageBand"')).toEqual([
      "x.test.yaml:6: coordinator in any asks Person.birthDate: expected MASK to ageBand, got MASK to year R13 (NCC.year)",
    ]);
    expect(run("Person.birthDate:yeer")[0]).toContain(
      "`Person.birthDate:yeer` is neither a field nor a group",
    );
  });
});

describe("an invariant", () => {
  const invariant = (never: string): readonly Invariant[] => {
    const text = `- { id: i, title: t, because: R7, never: ${never}, agencies: [NCC], fields: [${BORN}] }\n`;
    const { invariants, problems } = parseInvariants({ file: "invariants.yaml", text }, shipped.domain);
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join());
    return invariants;
  };
  const holds = async (set: PolicySet, never: string) =>
    (await proveInvariants(set, invariant(never))).every(({ breaches }) => breaches.length === 0);

  it("that nothing is shown is broken by any form, and that nothing is clear by none", async () => {
    expect(await holds(bands, "MASK")).toBe(false);
    expect(await holds(byRow, "ALLOW")).toBe(true);
  }, 60_000);

  it("may name a form: that one and all that is clearer", async () => {
    expect(await holds(bands, "year")).toBe(true);
    expect(await holds(years, "year")).toBe(false);
    expect(await holds(byRow, "year")).toBe(false);
    expect(await holds(bands, "ageBand")).toBe(false);
    expect(await holds(shipped, "ageBand")).toBe(true);
    expect(() => invariant("yeer")).toThrow("`Person.birthDate` has no masked form `yeer`");
  }, 120_000);
});

it("gives a forbid that leaves a clearer form than it names back to its officer", async () => {
  const forbid = (...forms: readonly string[]) =>
    variantPolicies({
      add: policyText(
        "NCC.not",
        `forbid (principal in Agency::"NCC", action in [${forms.map((form) => `Action::"${BORN}${form}"`).join(", ")}], resource);`,
        "R13",
        "NCC",
      ),
    });
  await expect(forbid(":ageBand")).rejects.toMatchObject({
    detail: {
      problems: [expect.stringContaining("`Person.birthDate` is clearer and not forbidden with it")],
    },
  });
  await expect(forbid("", ":ageBand")).rejects.toMatchObject({
    detail: { problems: [expect.stringContaining("`Person.birthDate:year` is clearer")] },
  });
  await forbid("", ":year");
});

it("folds the facts that the rows above state", () => {
  expect(foldFacts({ assigned: false }, coordinator, { domain: DOMAIN, now: 1000 }).assigned).toBe(false);
});
