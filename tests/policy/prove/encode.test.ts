/** What a proof is told is what the engine does: every random row is a situation of the proof, and decided alike there. */
import { expect, it } from "vitest";
import type { AgencyCode } from "../../../src/kernel/brands.ts";
import { scopeActions } from "../../../src/policy/action-index.ts";
import { compilePolicyTexts } from "../../../src/policy/compile.ts";
import { factsFromAccess, foldFacts } from "../../../src/policy/facts.ts";
import type { PolicySet } from "../../../src/policy/policy-set.ts";
import { REACHES, Reach } from "../../../src/policy/prove/reach.ts";
import { Situations } from "../../../src/policy/prove/situations.ts";
import { solve } from "../../../src/policy/prove/solver.ts";
import { type Term, Terms } from "../../../src/policy/prove/terms.ts";
import { everyReader } from "../../../src/policy/review/readers.ts";
import type { Facts } from "../../../src/policy/verdict.ts";
import { type Seeded, seeded, testSeed } from "../../support/seeded.ts";
import { randomQuestion } from "../random-question.ts";
import { DOMAIN, SCHEMA_TEXT, shippedPolicies } from "../shipped.ts";

const ROWS = 40;
const FIELDS_A_ROW = 25;

/** Every operation on what a row states: sets, times, choices, arithmetic that errs, and a resource that has no id. */
const ODD_CONDITIONS = [
  'if resource.access.child then context.now < datetime("1970-01-01T00:00:02Z") else resource.access.basis == Basis::"NONE"',
  "resource.access.breakGlassUntil.durationSince(context.now).toSeconds() * 2 - 1 > -3",
  'context.now.toTime() >= duration("1s") && context.now.toDate() == datetime("1970-01-01")',
  'resource.access.granted.containsAny([Action::"SCREENING", Action::"RETURN"]) || resource.access.granted.isEmpty()',
  "resource.access.granted.containsAll(resource.access.consented) != resource.access.child",
  "resource.access.granted == resource.access.consented",
  'resource.access.basis in [Basis::"LEGAL_DUTY", Basis::"CONSENT"] || action in resource.access.court',
  'resource.access.breakGlassUntil.offset(duration("9223372036854775000ms")) > context.now',
  'resource.access.own && resource == Case::"c1"',
  'context.now.durationSince(resource.access.breakGlassUntil).toHours() == 0 || principal.certificates.contains(Certificate::"INTERVIEW_CHILD")',
  '[resource.access.child, true].contains(resource.access.sealed) && !([resource.access.basis].contains(Basis::"NONE"))',
  '(if resource.access.sealed then resource.access.refused else resource.access.granted).contains(Action::"SCREENING")',
];

/** Overflows for most rows, and errs then. */
const ERRS = 'resource.access.breakGlassUntil.offset(duration("9223372036854775000ms")) > context.now';
const ERRING_CONDITIONS = [
  `!(${ERRS})`,
  `resource.access.child && ${ERRS}`,
  `resource.access.child || ${ERRS}`,
  `${ERRS} || resource.access.child`,
  `if resource.access.sealed then ${ERRS} else resource.access.own`,
  `if ${ERRS} then true else resource.access.own`,
];

/** Each condition permits one field, and forbids another that is permitted otherwise. */
async function oddPolicies(): Promise<PolicySet> {
  const { domain } = await shippedPolicies();
  const fields = ["Case", "Person"].flatMap((wanted) =>
    [...domain.fields.values()].filter(
      ({ type, group }) => type === wanted && !domain.neverBroken.has(group),
    ),
  );
  const policy = (id: string, rest: string) =>
    `@id("${id}") @title("t") @legalBasis("R1") @owner("NCC")\n${rest}`;
  const conditions = [...ODD_CONDITIONS, ...ERRING_CONDITIONS];
  expect(fields.length).toBeGreaterThanOrEqual(2 * conditions.length);
  const text = conditions.flatMap((condition, index) => {
    const [one, other] = fields.slice(2 * index).map(({ coordinate }) => `action == Action::"${coordinate}"`);
    return [
      policy(`a${index}`, `permit (principal, ${one}, resource) when { ${condition} };`),
      policy(`b${index}`, `permit (principal, ${other}, resource);`),
      policy(`c${index}`, `forbid (principal, ${other}, resource) when { ${condition} };`),
    ];
  });
  const claim = policy(
    "claim",
    'permit (principal, action == Action::"claim", resource) when { resource == Purpose::"RESEARCH" };',
  );
  return compilePolicyTexts([{ file: "odd.cedar", text: [...text, claim].join("\n") }], SCHEMA_TEXT, DOMAIN);
}

it.each([
  ["what ships", shippedPolicies],
  ["policies with every operation", oddPolicies],
])(
  "of %s",
  async (_, compile) => {
    const policySet = await compile();
    const dice = seeded(testSeed());
    const terms = new Terms();
    const situations = new Situations(terms, policySet.domain, policySet.schema.enums.get("Basis") ?? []);
    const reach = new Reach(policySet, situations);
    const readers = everyReader(policySet);
    const named = new Set(policySet.policies.flatMap(({ json }) => scopeActions(json.action)));
    const all = [...policySet.domain.fields.values()];
    const alone = all.filter(({ coordinate }) => named.has(coordinate));
    const rows: Term[] = [];
    const differing: Term[] = [];
    const seen = new Set<string>();
    for (let i = 0; i < ROWS; i++) {
      const reader = dice.pick(readers);
      const { facts, own } = randomFacts(dice, policySet, reader.agency, reader.purpose);
      const row = terms.and(situations.world(reader.agency, facts.caseBound), fixed(situations, facts, own));
      rows.push(row);
      const asked = [...alone, ...Array.from({ length: FIELDS_A_ROW }, () => dice.pick(all))];
      const wrong = asked.flatMap((field) => {
        const { caseBound } = facts;
        const verdict = policySet
          .profile(reader)
          .verdict({ coordinate: field.coordinate as never, caseBound });
        const { effect } = verdict.kind === "settled" ? verdict.outcome : verdict.decide(facts, own);
        seen.add(effect);
        return REACHES.map((least) => {
          const reaches = reach.atLeast(least, reader.residuals, field, caseBound);
          const right = (REACHES as readonly string[]).indexOf(effect);
          const does = right >= 0 && right <= REACHES.indexOf(least);
          return does ? terms.not(reaches) : reaches;
        });
      });
      differing.push(terms.and(row, terms.or(...wrong)));
    }
    const possible = await solve(terms, rows, situations.unknowns());
    expect(
      possible.filter((model) => model === null),
      `seed ${dice.seed}: rows outside the world`,
    ).toEqual([]);
    const wrong = await solve(terms, differing, situations.unknowns());
    expect(
      wrong.filter((model) => model !== null),
      `seed ${dice.seed}: decided otherwise`,
    ).toEqual([]);
    expect([...seen]).toEqual(expect.arrayContaining(["ALLOW", "HIDE"]));
  },
  120_000,
);

function randomFacts(dice: Seeded, { domain }: PolicySet, agency: AgencyCode, purpose: string) {
  const now = dice.pick([1000, 90_000_000, 1_764_000_000_000]);
  const own = dice.chance(0.4);
  const caseBound = dice.chance(0.8);
  if (dice.chance(0.1))
    return {
      facts: factsFromAccess(null, { caseBound, breakGlassUntil: 0, now, groups: DOMAIN.groups }),
      own,
    };
  const asked = randomQuestion(dice, domain).row ?? {};
  const moved = (time: number | null | undefined) => (time ?? 0) + now - 1000;
  const row = {
    ...asked,
    caseBound,
    basis: asked.basis ?? "NONE",
    referrals: (asked.referrals ?? []).map((each) => ({
      ...each,
      purpose,
      expiresAt: moved(each.expiresAt),
    })),
    consents: (asked.consents ?? []).map((each) => ({
      ...each,
      recipients: [agency],
      validUntil: moved(each.validUntil),
    })),
    breakGlass: dice.chance(0.5)
      ? { until: Math.max(0, now + dice.pick([-5_000_000, -1, 0, 1, 4_000_000])) }
      : null,
  };
  return { facts: foldFacts(row, { agency, purpose }, { domain: DOMAIN, now }), own };
}

function fixed(situations: Situations, facts: Facts, own: boolean): Term {
  const { terms } = situations;
  const is = (term: Term, value: boolean) => (value ? term : terms.not(term));
  const flags = [
    ...([
      "holder",
      "party",
      "known",
      "charged",
      "assigned",
      "child",
      "sealed",
      "officialSuspect",
      "staffConflict",
    ] as const),
  ].map((name) => is(situations.flag(name), facts[name]));
  const groups = [...situations.vocabulary()];
  const sets = (["granted", "consented", "refused", "courtGroups"] as const).flatMap((name) =>
    groups.map((group) => is(terms.unknown(`${name}.${group}`, "Bool"), facts[name].includes(group))),
  );
  const times = (["now", "breakGlassUntil"] as const).map((name) =>
    terms.integers("=", [situations.time(name), terms.number(facts[name])], "Bool"),
  );
  return terms.and(
    is(situations.flag("own"), own),
    ...flags,
    ...sets,
    ...times,
    situations.basis(facts.basis),
  );
}
