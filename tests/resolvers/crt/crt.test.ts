import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { crtSubgraph } from "../../../resolvers/crt/index.ts";
import type { CrtTrialRow } from "../../../sandbox/synth/types.ts";
import { asker, entitiesOf, type RestHarness, restHarness } from "../../support/rest-agencies.ts";

const VERDICT = `defendant { uid role person { uid } } outcome sentenceMonths fine { amount currency } final`;
const TRIAL = `uid courtNumber court hearings { on kind closed } verdicts { ${VERDICT} } sealed`;
const COMPENSATION = "uid source amount { amount currency }";
const ORDER = "kind authority { address code } from until";

let harness: RestHarness;
let ask: ReturnType<typeof asker>;

beforeAll(async () => {
  harness = await restHarness();
  ask = asker(crtSubgraph({ client: harness.client("CRT") }));
});
afterEach(() => {
  harness.agencies.CRT.faults.heal();
  harness.agencies.CRT.journal.clear();
});
afterAll(() => harness.close());

const paths = () => harness.agencies.CRT.journal.entries.map(({ method, path }) => `${method} ${path}`);
const crt = () => harness.world.crt;

const trialOf = (row: CrtTrialRow) => ({
  uid: row.courtNumber,
  ...row,
  verdicts: row.verdicts.map(({ defendant, ...verdict }) => ({
    defendant: { uid: defendant.ref, role: defendant.role, person: { uid: defendant.personRef } },
    ...verdict,
  })),
});
const trials = () => new Map([...crt().trials].map((row) => [row.courtNumber, row]));

describe("cases at the court", () => {
  it("have every field of the schema, as the registry has it", async () => {
    const rows = [...crt().cases];
    const reply = await ask(
      "Case",
      rows.map(({ ref }) => ref),
      `uid trial { ${TRIAL} } compensation { ${COMPENSATION} }`,
    );
    expect(reply.errors).toEqual([]);
    expect(entitiesOf(reply)).toEqual(
      rows.map(({ ref, courtNumber, compensation }) => ({
        uid: ref,
        trial: trialOf(trials().get(courtNumber) as CrtTrialRow),
        compensation: compensation.map(({ ref: uid, ...award }) => ({ uid, ...award })),
      })),
    );
    expect(rows.some(({ compensation }) => compensation.length > 0)).toBe(true);
    expect([...trials().values()].some(({ verdicts }) => verdicts.length > 0)).toBe(true);
    expect(paths()).toEqual(["POST /entries:batch", "POST /cases:batch"]);
  });

  it("lead from a verdict to the defendant's deportation order in one more call", async () => {
    const judged = [...trials().values()].filter(({ verdicts }) => verdicts.length > 0);
    const reply = await ask(
      "Trial",
      judged.map(({ courtNumber }) => courtNumber),
      `verdicts { defendant { person { uid deportationOrder { ${ORDER} } } } }`,
    );
    const orders = new Map([...crt().persons].map(({ ref, deportationOrder }) => [ref, deportationOrder]));
    expect(entitiesOf(reply)).toEqual(
      judged.map(({ verdicts }) => ({
        verdicts: verdicts.map(({ defendant: { personRef } }) => ({
          defendant: { person: { uid: personRef, deportationOrder: orders.get(personRef) ?? null } },
        })),
      })),
    );
    expect(paths()).toEqual(["POST /cases:batch", "POST /parties:batch"]);
  });
});

describe("parties and employers", () => {
  it("answer by the court's own references", async () => {
    const persons = [...crt().persons];
    const people = await ask(
      "Person",
      persons.map(({ ref }) => ref),
      `uid deportationOrder { ${ORDER} }`,
    );
    expect(entitiesOf(people)).toEqual(persons.map(({ ref, ...row }) => ({ uid: ref, ...row })));

    const employers = [...crt().employers];
    const convicted = await ask(
      "Employer",
      [...employers.map(({ ref }) => ref), "CRT-E-999999"],
      "uid finalConvictions { court year article }",
    );
    expect(entitiesOf(convicted)).toEqual([
      ...employers.map(({ ref, ...row }) => ({ uid: ref, ...row })),
      null,
    ]);
  });
});

describe("a registry in trouble", () => {
  it("that is closed for the night nulls its fields", async () => {
    const night = await restHarness({
      crtNight: { fromHour: 22, untilHour: 5 },
      clock: { now: () => Date.parse("2025-07-30T20:30:00Z") },
    });
    try {
      const [row] = [...crt().cases];
      const askAtNight = asker(crtSubgraph({ client: night.client("CRT") }));
      const reply = await askAtNight("Case", [row?.ref ?? ""], "uid compensation { uid }");
      expect(entitiesOf(reply)).toEqual([{ uid: row?.ref, compensation: null }]);
      expect(reply.errors.map(({ code }) => code)).toEqual(["AGENCY_UNAVAILABLE"]);
    } finally {
      await night.close();
    }
  });

  it.each(["order", "records"] as const)("that lies about %s is believed in nothing", async (lie) => {
    const refs = [...crt().cases].map(({ ref }) => ref).slice(0, 3);
    expect(refs.length).toBeGreaterThan(1);
    harness.agencies.CRT.faults.lying(lie);
    const reply = await ask("Case", refs, "trial { court } compensation { uid }");
    expect(entitiesOf(reply)).toEqual(refs.map(() => ({ trial: null, compensation: null })));
    expect(new Set(reply.errors.map(({ code }) => code))).toEqual(new Set(["AGENCY_BAD_REPLY"]));
  });
});
