import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { moiSubgraph } from "../../../resolvers/moi/index.ts";
import type { MoiCaseRow, MoiInvestigationRow, MoiSuspectRow } from "../../../sandbox/synth/types.ts";
import { asker, entitiesOf, type RestHarness, restHarness } from "../../support/rest-agencies.ts";

const SUSPECT = "uid perpetratorRoles perpetratorDetails role person { uid }";
const INVESTIGATION = `uid policeNumber openedAt unit lines evidence { number kind description sealed }
  suspects { ${SUSPECT} } arrests { at place released } closedAs`;

let harness: RestHarness;
let cases: readonly MoiCaseRow[];
let files: ReadonlyMap<string, MoiInvestigationRow>;
let ask: ReturnType<typeof asker>;

beforeAll(async () => {
  harness = await restHarness();
  cases = [...harness.world.moi.cases];
  files = new Map([...harness.world.moi.investigations].map((file) => [file.policeNumber, file]));
  ask = asker(moiSubgraph({ client: harness.client("MOI") }));
});
afterEach(() => {
  harness.agencies.MOI.faults.heal();
  harness.agencies.MOI.journal.clear();
});
afterAll(() => harness.close());

const paths = () => harness.agencies.MOI.journal.entries.map(({ method, path }) => `${method} ${path}`);
const refs = () => cases.map(({ ref }) => ref);

const suspectOf = ({ ref, personRef, ...suspect }: MoiSuspectRow) => ({
  uid: ref,
  ...suspect,
  person: { uid: personRef },
});
const fileOf = (number: string) => {
  const file = files.get(number);
  if (!file) throw new Error(`no file ${number}`);
  return { uid: number, ...file, suspects: file.suspects.map(suspectOf) };
};

describe("cases at the police", () => {
  it("have every field of the schema, as the police have it", async () => {
    const reply = await ask("Case", refs(), `uid suspectProximity investigation { ${INVESTIGATION} }`);
    expect(reply.errors).toEqual([]);
    expect(entitiesOf(reply)).toEqual(
      cases.map(({ ref, policeNumber, suspectProximity }) => ({
        uid: ref,
        suspectProximity,
        investigation: fileOf(policeNumber),
      })),
    );
  });

  it("cost two batched calls however many they are, one when the file is not asked for, none for the key", async () => {
    await ask("Case", refs(), "suspectProximity investigation { unit }");
    expect(paths()).toEqual(["POST /reports:batch", "POST /cases:batch"]);
    await ask("Case", refs(), "suspectProximity");
    expect(paths()).toHaveLength(3);
    await ask("Case", refs(), "uid");
    expect(paths()).toHaveLength(3);
  });
});

describe("files and suspects by their own keys", () => {
  it("are the same rows", async () => {
    const [number = ""] = files.keys();
    const investigations = await ask("Investigation", [number, "ATD-0000-00000"], INVESTIGATION);
    expect(entitiesOf(investigations)).toEqual([fileOf(number), null]);
    const all = [...files.values()].flatMap(({ suspects }) => suspects);
    const suspects = await ask(
      "Suspect",
      all.map(({ ref }) => ref),
      SUSPECT,
    );
    expect(entitiesOf(suspects)).toEqual(all.map(suspectOf));
    expect(paths()).toEqual(["POST /cases:batch", "POST /suspects:batch"]);
  });
});

describe("police that keep back, lie or are away", () => {
  it("null the one file that they keep back, with an error at its field", async () => {
    const kept = cases[0]?.policeNumber ?? "";
    harness.agencies.MOI.faults.refuse(kept);
    const reply = await ask("Case", refs(), "suspectProximity investigation { policeNumber }");
    expect(entitiesOf(reply)).toEqual(
      cases.map(({ policeNumber, suspectProximity }) => ({
        suspectProximity,
        investigation: policeNumber === kept ? null : { policeNumber },
      })),
    );
    expect(reply.errors.length).toBe(cases.filter(({ policeNumber }) => policeNumber === kept).length);
    for (const { code, path } of reply.errors) {
      expect(code).toBe("AGENCY_UNAVAILABLE");
      expect(path?.at(-1)).toBe("investigation");
    }
  });

  it.each(["order", "records"] as const)("give nobody another's file when they lie about %s", async (lie) => {
    harness.agencies.MOI.faults.lying(lie);
    const reply = await ask("Case", refs(), "suspectProximity investigation { policeNumber }");
    expect(entitiesOf(reply)).toEqual(cases.map(() => ({ suspectProximity: null, investigation: null })));
    expect(new Set(reply.errors.map(({ code }) => code))).toEqual(new Set(["AGENCY_BAD_REPLY"]));
  });

  it("null their fields when they are down", async () => {
    harness.agencies.MOI.faults.status(503);
    const reply = await ask("Case", refs().slice(0, 1), "uid suspectProximity");
    expect(entitiesOf(reply)).toEqual([{ uid: refs()[0], suspectProximity: null }]);
    expect(reply.errors.map(({ code }) => code)).toEqual(["AGENCY_UNAVAILABLE"]);
  });
});
