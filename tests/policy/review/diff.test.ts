/** `policy diff`: decisions that differ are found with a situation that both engines confirm; another wording is no change. */
import { expect, it } from "vitest";
import { decideQuestion } from "../../../src/policy/decide.ts";
import { type DecisionChange, diffPolicies } from "../../../src/policy/review/diff.ts";
import { diffText } from "../../../src/policy/review/diff-text.ts";
import { questionOf } from "../../../src/policy/review/finding-text.ts";
import { seeded, testSeed } from "../../support/seeded.ts";
import { randomQuestion } from "../random-question.ts";
import { SCHEMA_TEXT, shippedPolicies } from "../shipped.ts";
import { policyText, variantPolicies } from "../variant.ts";

const policies = await shippedPolicies();
const CONSENTED = "when { action in resource.access.granted && action in resource.access.consented };";

it("finds nothing between policies that say the same in other words", async () => {
  const reworded = await variantPolicies({
    edit: {
      "ngo/care.cedar": [
        CONSENTED,
        "when { action in resource.access.consented } unless { !(action in resource.access.granted) };",
      ],
      "baseline.cedar": [
        "resource.access.officialSuspect || resource.access.staffConflict };",
        "!(!resource.access.staffConflict && !resource.access.officialSuspect) };",
      ],
    },
    add: policyText(
      "NGO.never",
      'permit (principal in Agency::"NGO", action in Action::"SERVICES_PLAN:clear", resource) when { resource.access.granted.isEmpty() && resource.access.granted.contains(Action::"SERVICES_PLAN") };',
    ),
  });
  const { changes, added, removed, changed } = await diffPolicies(policies, reworded);
  expect(changes).toEqual([]);
  expect([added, removed, changed]).toEqual([["NGO.never"], [], ["clean-team", "NGO.help"]]);
}, 60_000);

it("finds what a draft opens and closes, for whom, with the smallest situation", async () => {
  const draft = await variantPolicies({
    edit: { "ngo/care.cedar": [CONSENTED, "when { action in resource.access.granted };"] },
    add: policyText(
      "NGO.by-code",
      'forbid (principal in Agency::"NGO", action == Action::"Person.nameLatin", resource);',
    ),
  });
  const diff = await diffPolicies(policies, draft);
  for (const change of diff.changes) confirm(change);
  expect(diff.changes.map(({ kind }) => kind)).toEqual([
    ...Array(4).fill("wider"),
    ...Array(2).fill("narrower"),
  ]);
  const text = diffText(diff).split("\n");
  expect(text.slice(0, 3)).toEqual([
    expect.stringMatching(/^WIDER {4}Case\.supportPlans, .*: DENY \(NGO\.told\) → ALLOW \(NGO\.help\)$/),
    expect.stringMatching(
      /^ {9}for NGO\.caseworker \(EMERGENCY_PROTECTION, SHELTER_CARE\); NGO\.legal \(LEGAL_AID/,
    ),
    "         when a referral to NGO for this purpose is in force and grants SERVICES_PLAN",
  ]);
  expect(text.at(-2)).toBe("4 wider, 2 narrower; policies: +NGO.by-code ~NGO.help");

  function confirm({ fields, before, after, ...finding }: DecisionChange) {
    for (const field of fields) {
      const question = questionOf({ ...finding, fields, field });
      expect(decideQuestion(policies, question)).toEqual(before);
      expect(decideQuestion(draft, question)).toEqual(after);
    }
  }
}, 60_000);

it("finds where readers owe less for what they are shown, and where more", async () => {
  const owing = (text: string) => `@obligations("${text}")`;
  const [before, after] = [
    "NO_REDISCLOSURE WATERMARK DELETE_AFTER(30d)",
    "WATERMARK NO_EXPORT DELETE_AFTER(60d)",
  ];
  const draft = await variantPolicies({ edit: { "ngo/care.cedar": [owing(before), owing(after)] } });
  const diff = await diffPolicies(policies, draft);
  for (const { kind, before: was, after: is } of diff.changes) {
    expect([was.effect, is.effect]).toEqual(["ALLOW", "ALLOW"]);
    const [less, more] = kind === "wider" ? [is, was] : [was, is];
    expect(more.obligations).not.toEqual(less.obligations);
  }
  expect(new Set(diff.changes.map(({ kind }) => kind))).toEqual(new Set(["wider", "narrower"]));
  expect(new Set(diff.changes.map(({ field }) => field.group))).toEqual(new Set(["SERVICES_PLAN", "RETURN"]));
  expect(diffText(diff)).toContain(
    `ALLOW (NGO.help) owing ${before} → ALLOW (NGO.help) owing NO_EXPORT WATERMARK DELETE_AFTER(60d)`,
  );
  expect(diffText(diff)).toContain("policies: ~NGO.help");
}, 60_000);

it("finds nothing where what one policy no longer obliges to, another that always holds too does", async () => {
  const draft = await variantPolicies({
    edit: {
      "ngo/case.cedar": [
        '@obligations("NO_REDISCLOSURE")\npermit (\n  principal in Agency::"NGO",\n  action in',
        'permit (\n  principal in Agency::"NGO",\n  action in',
      ],
    },
    add: `@obligations("NO_REDISCLOSURE") ${policyText("NGO.again", 'permit (principal in Agency::"NGO", action in Action::"CASE_HEADER:clear", resource) when { action in resource.access.granted };')}`,
  });
  expect((await diffPolicies(policies, draft)).changes).toEqual([]);
}, 60_000);

it("finds that a role may claim another purpose, and what that opens", async () => {
  const draft = await variantPolicies({
    edit: {
      "ngo/claims.cedar": [
        '[Purpose::"LEGAL_AID", Purpose::"REDRESS"]',
        '[Purpose::"LEGAL_AID", Purpose::"SHELTER_CARE"]',
      ],
    },
  });
  const { changes } = await diffPolicies(policies, draft);
  const about = changes.map(
    ({ kind, readers }) => `${kind} ${readers.map(({ role, purpose }) => `${role} ${purpose}`)[0]}`,
  );
  expect(new Set(about)).toEqual(new Set(["wider NGO.legal SHELTER_CARE", "narrower NGO.legal REDRESS"]));
}, 60_000);

it("finds what moving a field to another group changes, though no policy was touched", async () => {
  const [here, there] = ['"Person.nameLatin", ', 'action "Person.aliases"'];
  const moved = SCHEMA_TEXT.replace(here, "").replace(there, `${there}, "Person.nameLatin"`);
  expect(moved).not.toBe(SCHEMA_TEXT);
  const { changes, ...texts } = await diffPolicies(policies, await variantPolicies({ schemaText: moved }));
  expect(texts).toEqual({ added: [], removed: [], changed: [] });
  expect(changes.map(({ kind }) => kind)).toContain("narrower");
  expect(new Set(changes.flatMap(({ fields }) => fields.map(({ coordinate }) => coordinate)))).toEqual(
    new Set(["Person.nameLatin"]),
  );
}, 60_000);

it("misses no change that random questions find", async () => {
  const draft = await variantPolicies({
    edit: {
      "ngo/care.cedar": [CONSENTED, "when { action in resource.access.granted };"],
      "baseline.cedar": [
        'resource.access.child &&\n  !(action in Action::"CASE_HEADER")',
        'resource.access.child &&\n  !(action in Action::"SERVICES_PLAN") &&\n  !(action in Action::"CASE_HEADER")',
      ],
    },
  });
  const { changes } = await diffPolicies(policies, draft);
  const found = new Set(
    changes.flatMap(({ readers, fields, before, after }) =>
      readers.flatMap(({ role, purpose }) =>
        fields.map(({ coordinate }) => `${role} ${purpose} ${coordinate} ${before.effect} ${after.effect}`),
      ),
    ),
  );
  const dice = seeded(testSeed());
  let differing = 0;
  for (let i = 0; i < 20_000; i++) {
    const question = { ...randomQuestion(dice, policies.domain) };
    if (i % 2 === 0) question.field = "SupportPlan.type";
    const [before, after] = [policies, draft].map((set) => decideQuestion(set, question).effect);
    if (before === after) continue;
    differing += 1;
    expect(found, `seed ${dice.seed}`).toContain(
      `${question.role} ${question.purpose} ${question.field} ${before} ${after}`,
    );
  }
  expect(differing).toBeGreaterThan(0);
}, 120_000);
