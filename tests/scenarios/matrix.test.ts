/**
 * Every role for each of its purposes reads every case-bound field of every case of the cast, and the registers, over HTTP:
 * what arrives is held against what the rules leave of the world's rows, and so is what is said to be withheld.
 *
 * Three sources that share no code with `src/`: the rows of the synthetic world (`truth.ts`, `world-facts.ts`), the decision
 * procedure written from the rules' text (`rules-oracle.ts`), and the rules for edges (`expected-view.ts`).
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf } from "../../sandbox/synth/members.ts";
import type { Coordinate } from "../../src/kernel/brands.ts";
import { type Deployment, type Reply, startDeployment } from "../support/deployment.ts";
import { differences } from "../support/differences.ts";
import { type ExpectedView, expectedView, type Selection } from "../support/expected-view.ts";
import { type Asking, EVERY_READER, firstStaff, viewReader } from "../support/readers.ts";
import { oracle } from "../support/rules-oracle.ts";
import { coordinatesOf, printSelection, selectAll } from "../support/selection.ts";
import type { TrueObject } from "../support/truth/true-object.ts";
import { createTruth, type Truth } from "../support/truth.ts";
import { createWorldFacts, type WorldFacts } from "../support/world-facts.ts";

let on: Deployment;
let truth: Truth;
let facts: WorldFacts;
let ofCase: Selection;
let ofWorker: Selection;
let ofPerson: Selection;
beforeAll(async () => {
  on = await startDeployment();
  truth = createTruth(on.world);
  facts = createWorldFacts(on.world);
  const { publicSchema } = on.assembled.gateway.supergraph;
  const victim = ["victim", "victim.person", "victim.person.worker", "victim.person.worker.employer"];
  ofCase = selectAll(publicSchema, "Case", new Set([...victim, "caseWorker"]));
  ofWorker = selectAll(publicSchema, "Worker", new Set(["person", "employer"]));
  ofPerson = selectAll(publicSchema, "Person", new Set(["worker", "worker.employer"]));
});
afterAll(() => on?.close());

/** What all answers together showed and withheld: a matrix that compares nothing but nulls would prove nothing. */
const met = new Map<string, number>();
const shown = new Set<string>();

describe("by a case, under its issue", () => {
  it.each(EVERY_READER)("$role for $purpose ($member) sees what the rules leave", async (asking) => {
    const readings = Object.values(on.cast.cases).flatMap((one) =>
      staffFor(asking, one.name).map((staff) => ({ ...one, staff })),
    );
    const problems = await Promise.all(
      readings.map(async ({ name, spine, uid, staff }) => {
        const reader = viewReader(on, facts, asking, staff);
        const row = facts.ofCase(spine, reader);
        const expected = expectedView(truth.caseAt(spine.index), ofCase, reader, row, ["case"]);
        const reply = await on.ask(
          { ...asking, staff, issue: { uid } },
          `query($id: ID!) { case(id: $id) ${printSelection(ofCase)} }`,
          { id: on.idFor(asking, "Case", uid) },
        );
        return compare(`${staff} reads ${name}`, "case", expected, reply);
      }),
    );
    expect(problems.flat()).toEqual([]);
  });

  it.each(EVERY_READER)(
    "$role for $purpose ($member) gets for a hidden case what an unknown one gets",
    async (asking) => {
      const unknown = "00000000-0000-4000-8000-000000000000";
      const reply = await on.ask(
        { ...asking, issue: { uid: unknown } },
        `query($id: ID!) { case(id: $id) ${printSelection(ofCase)} }`,
        { id: on.idFor(asking, "Case", unknown) },
      );
      expect(reply.text).toBe(NO_CASE);
    },
  );
});

describe("from registers, where no case leads", () => {
  it.each(EVERY_READER)("$role for $purpose ($member) sees what the rules leave", async (asking) => {
    const { presumedWorker, overview, closed, child } = on.cast.cases;
    const { staffId: staff } = firstStaff(on, asking);
    const reader = viewReader(on, facts, asking, staff);
    const row = facts.ofRegister(null, reader);
    const problems: string[] = [];
    for (const { uid } of [
      presumedWorker.victim,
      overview.victim,
      closed.victim,
      child.victim,
      on.cast.workers.plain,
    ]) {
      const expected = expectedView(truth.registers.person(uid), ofPerson, reader, row, ["person"]);
      const reply = await on.ask(
        { ...asking, staff },
        `query($id: ID!) { person(id: $id) ${printSelection(ofPerson)} }`,
        {
          id: on.idFor(asking, "Person", uid),
        },
      );
      problems.push(...compare(`${staff} reads the person ${uid}`, "person", expected, reply));
    }
    const lookedUp = oracle({ ...reader, field: "Worker.workPermitNo", row }).effect === "ALLOW";
    for (const { permitNo } of [presumedWorker.victim, closed.victim, on.cast.workers.disputed]) {
      const worker = truth.registers.worker(String(permitNo));
      const expected = expectedView(worker, ofWorker, reader, row, ["worker"]);
      const reply = await on.ask(
        { ...asking, staff },
        `query($n: String!) { worker(workPermitNo: $n) ${printSelection(ofWorker)} }`,
        { n: permitNo },
      );
      const at = `${staff} reads the worker ${permitNo}`;
      if (lookedUp) problems.push(...compare(at, "worker", expected, reply));
      else if (reply.errors[0]?.extensions.code !== "ARGUMENT_FORBIDDEN")
        problems.push(`${at}: ${reply.text}`);
    }
    expect(problems).toEqual([]);
  });

  it.each(EVERY_READER)(
    "$role for $purpose ($member) finds in lists what the rules leave",
    async (asking) => {
      const { staffId: staff } = firstStaff(on, asking);
      const reader = viewReader(on, facts, asking, staff);
      const row = facts.ofRegister(null, reader);
      const lists = [
        { list: "workers", type: "Worker", selection: BRIEF_WORKER, rows: allWorkers },
        { list: "employers", type: "Employer", selection: BRIEF_EMPLOYER, rows: allEmployers },
      ];
      for (const { list, type, selection, rows } of lists) {
        const reply = await on.ask(
          { ...asking, staff },
          `{ ${list}(first: 5) { edges { node ${printSelection(selection)} } } }`,
        );
        const { effect, reason } = oracle({ ...reader, field: `${type}.id`, row });
        if (effect !== "ALLOW" && effect !== "MASK") {
          expect(reply.data).toEqual({ [list]: null });
          expect(reply.withheld).toEqual([{ path: [list], reason }]);
          continue;
        }
        const page = reply.data?.[list] as
          | { readonly edges: readonly { readonly node: unknown }[] }
          | undefined;
        const edges = page?.edges ?? [];
        expect(edges).toHaveLength(5);
        const expected = rows().map((one) =>
          expectedView(one, selection, reader, row, [list, "edges", "node"]),
        );
        const views = edges.flatMap(
          ({ node }) => expected.find(({ value }) => differences(value, node).length === 0) ?? [],
        );
        expect(views).toHaveLength(5);
        expect(new Map(reply.withheld.map(({ path, reason: told }) => [path.join("."), told]))).toEqual(
          new Map(views.flatMap(({ withheld }) => [...withheld])),
        );
      }
    },
  );
});

interface PublishedList {
  readonly list: string;
  /** What decides whether a row is there. */
  readonly field: string;
  readonly selection: string;
  readonly rows: readonly {
    readonly owners: readonly string[];
    readonly published: boolean;
    readonly value: unknown;
  }[];
}

describe("from published lists", () => {
  it.each(EVERY_READER)("$role for $purpose ($member) finds what the rules leave", async (asking) => {
    const { staffId: staff } = firstStaff(on, asking);
    const reader = viewReader(on, facts, asking, staff);
    const row = facts.ofRegister(null, reader);
    for (const { list, field, selection, rows } of publishedLists()) {
      const expected = rows.flatMap(({ owners, published, value }) => {
        const own = owners.includes(reader.member);
        const { effect } = oracle({ ...reader, field, row: { ...row, own } });
        return effect === "ALLOW" || (effect === "MASK" && published) ? [value] : [];
      });
      const reply = await on.ask({ ...asking, staff }, `{ ${list} ${selection} }`);
      expect(reply.errors).toEqual([]);
      expect(differences(expected, reply.data?.[list] ?? [])).toEqual([]);
    }
  });

  function publishedLists(): readonly PublishedList[] {
    const { rtc, ncc } = on.world;
    const centre = addressOf("RTC");
    return [
      {
        ...{ list: "programmes", field: "Programme.title", selection: "{ title { en } runs { seats } }" },
        rows: [...rtc.programmes].map(({ title: { en }, published, runs }) => ({
          ...{ owners: [centre], published },
          value: { title: { en }, runs: runs.map(({ seats }) => ({ seats })) },
        })),
      },
      {
        ...{
          list: "trainers",
          field: "Trainer.certifiedBy",
          selection: "{ certifiedBy agency { address } }",
        },
        rows: [...rtc.trainers].map(({ certifiedBy, member }) => ({
          ...{ owners: [centre, member], published: false },
          value: { certifiedBy, agency: { address: member } },
        })),
      },
      {
        ...{ list: "releasedTables", field: "AggregateTable.code", selection: "{ code year }" },
        rows: [...ncc.releasedTables].map(({ code, year }) => ({
          ...{ owners: [], published: true },
          value: { code, year },
        })),
      },
    ];
  }
});

const BRIEF_WORKER: Selection = {
  ...{ id: null, workPermitNo: null, permitType: null, unpaidMonths: null, occupation: null },
  person: {
    id: null,
    nameLatin: { full: null },
    gender: null,
    cpr: null,
    mobilePhone: null,
    caseParties: { role: null },
  },
};
const BRIEF_EMPLOYER: Selection = {
  ...{
    id: null,
    name: null,
    kind: null,
    inspections: { result: null },
    riskSignals: { rule: null, area: null },
  },
  finalConvictions: { year: null },
};
const allWorkers = (): readonly TrueObject[] =>
  [...on.world.lmra.workers].map(({ permitNo }) => truth.registers.worker(permitNo));
const allEmployers = (): readonly TrueObject[] =>
  [...new Set([...on.world.links("Employer")].map(({ uid }) => uid))].map((uid) =>
    truth.registers.employer(uid),
  );

/** Fields of which the cast's rows hold no value. */
const NEVER_THERE: ReadonlySet<string> = new Set([
  ...["Screening.reviewer", "RiskSignal.intervention", "Worker.leftWorkReport", "CaseParty.until"],
]);

describe("the matrix", () => {
  it("met every effect, and values often enough to mean something", () => {
    const { publicSchema, fields } = on.assembled.gateway.supergraph;
    const asked = [
      ...coordinatesOf(publicSchema, "Case", ofCase),
      ...coordinatesOf(publicSchema, "Worker", ofWorker),
    ];
    const decided = asked.filter((where) => fields.get(where as Coordinate)?.group);
    expect(new Set(decided.filter((where) => !shown.has(where)))).toEqual(NEVER_THERE);
    for (const effect of ["ALLOW", "MASK", "AGGREGATE", "DENY", "HIDE"])
      expect(met.get(effect)).toBeGreaterThan(100);
  });
});

/** Who of a role's three asks: the first is on the cast's cases, the second linked to a party of one, the third on none. */
function staffFor({ role, member }: Asking, name: string): readonly string[] {
  const staff = on.cast.staffOf(role, member).map(({ staffId }) => staffId);
  return name === "overlays" || name === "child" ? staff : staff.filter((_, i) => i !== 1);
}

const NO_CASE = '{"data":{"case":null}}';

function compare(at: string, root: string, expected: ExpectedView, reply: Reply): readonly string[] {
  for (const [effect, count] of expected.met) met.set(effect, (met.get(effect) ?? 0) + count);
  const paths = reply.withheld.map(({ path }) => path.join("."));
  const withheld = Object.fromEntries(reply.withheld.map(({ reason }, i) => [paths[i], reason]));
  const hidden = expected.value === null && expected.withheld.size === 0;
  for (const where of expected.shown) shown.add(where);
  return [
    ...reply.errors.map(
      ({ message, extensions }) => `${extensions.code} of ${extensions.agency}: ${message}`,
    ),
    ...(hidden && reply.text !== `{"data":{"${root}":null}}` ? [`hidden, yet ${reply.text}`] : []),
    ...(new Set(paths).size < paths.length ? ["a path is withheld twice"] : []),
    ...differences({ [root]: expected.value }, reply.data),
    ...differences(
      Object.fromEntries(expected.withheld),
      { ...rootEntry(root, expected), ...withheld },
      " withheld",
    ),
  ].map((line) => `${at}: ${line}`);
}

/** That a row of a root field is withheld is told when no row can be open; one row's facts alone are not told. */
const rootEntry = (root: string, { withheld }: ExpectedView): Record<string, unknown> =>
  withheld.has(root) ? { [root]: withheld.get(root) } : {};
