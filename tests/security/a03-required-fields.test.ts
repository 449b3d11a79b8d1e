/**
 * A3 (GHSA-m8jr): a protected field that a reader may not see is not disclosed by being another field's input. A schema in which an
 * agency would be sent another's field, by `@requires`, by a chain of them, by `@provides` or as a key, does not compose unless the
 * use is listed; and where it is listed, what is not asked for by somebody who may see the result is not fetched, and the input is
 * shown to nobody who may not see it.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeSupergraphProblems } from "../../src/supergraph/load.ts";
import { schemaCopy } from "../supergraph/schema-copy.ts";
import { type Decided, startDecidedFederation } from "../support/decided-federation.ts";

describe("a schema by which an agency would be sent another's field", () => {
  const PERSON = 'type Person @key(fields: "uid") {';
  it.each([
    [
      "by @requires",
      "ppo.graphql",
      "travelOrder: TravelOrder",
      'cpr: PersonalNumber @external travelOrder: TravelOrder @requires(fields: "cpr")',
      /`@requires` is not allowed on `Person\.travelOrder` for PPO/,
    ],
    [
      "by @provides",
      "moi.graphql",
      /(person: Person)(!?)/,
      '$1$2 @provides(fields: "cpr")',
      /`@provides` is not allowed/,
    ],
    [
      "as a key",
      "ppo.graphql",
      /type Person @key\(fields: "uid"\)/,
      'type Person @key(fields: "uid") @key(fields: "cpr")',
      /`Person`: the one key is `uid`; no number of an agency is a federation key/,
    ],
  ] as const)("%s does not compose", async (_, file, from, to, problem) => {
    await using schema = await schemaCopy();
    await schema.replace(file, from, to);
    expect((await describeSupergraphProblems(schema.dir)).join("\n")).toMatch(problem);
  });

  it("by a chain does not compose when only its last link is listed", async () => {
    await using schema = await schemaCopy();
    await schema.replace(
      "ppo.graphql",
      "travelOrder: TravelOrder",
      'cpr: PersonalNumber @external travelOrder: TravelOrder @requires(fields: "cpr")',
    );
    await schema.append(
      "moi.graphql",
      `extend ${PERSON} travelOrder: TravelOrder @external policeAlert: Boolean @requires(fields: "travelOrder { status }") }`,
    );
    const allowance = {
      ...{ coordinate: "Person.travelOrder", allows: "requires", agency: "PPO", inputs: ["Person.cpr"] },
      why: "the order register is kept by personal number",
    };
    const file = join(schema.dir, "manifest.extra.json");
    const extra = JSON.parse(await readFile(file, "utf8")) as object;
    await writeFile(file, JSON.stringify({ ...extra, allowances: [allowance] }));
    const problems = (await describeSupergraphProblems(schema.dir)).join("\n");
    expect(problems).toMatch(/`@requires` is not allowed on `Person\.policeAlert` for MOI/);
    expect(problems).not.toMatch(/`@requires` is not allowed on `Person\.travelOrder`/);
  });
});

describe("a field that is listed as another's input", () => {
  const CANARY = { illness: "cnr-health-1-illness", diet: "cnr-kitchen-1-diet", menu: "cnr-kitchen-1-menu" };
  let on: Decided;
  beforeAll(async () => {
    on = await startDecidedFederation(
      {
        health: {
          sdl: `type Query { guest: Guest } type Guest @key(fields: "id") { id: ID! illness: String name: String }`,
          query: { guest: { id: "g1", illness: CANARY.illness, name: "Anu" } },
          entities: { Guest: ({ id }) => ({ id, illness: CANARY.illness, name: "Anu" }) },
        },
        kitchen: {
          sdl: `type Guest @key(fields: "id") { id: ID! illness: String @external diet: String @requires(fields: "illness") }`,
          entities: { Guest: ({ id, illness }) => ({ id, diet: illness ? CANARY.diet : null }) },
        },
        shop: {
          sdl: `type Guest @key(fields: "id") { id: ID! diet: String @external menu: String @requires(fields: "diet") }`,
          entities: { Guest: ({ id, diet }) => ({ id, menu: diet ? CANARY.menu : null }) },
        },
      },
      ["Guest.name", "Guest.illness", "Guest.diet", "Guest.menu"],
    );
  });
  afterAll(() => on?.close());

  const HIDDEN = { "Guest.illness": "DENY", "Guest.diet": "DENY", "Guest.menu": "DENY" } as const;

  it("works for whom all is open, along the chain", async () => {
    const { data } = await on.ask("{ guest { name illness diet menu } }");
    expect(data).toEqual({ guest: { name: "Anu", ...CANARY } });
  });

  it("is not shown to who may see the result alone, by whatever alias", async () => {
    const { "Guest.menu": _, ...hidden } = HIDDEN;
    for (const query of [
      "{ guest { menu } }",
      "{ guest { illness menu } }",
      "{ guest { diet: menu } }",
      "{ guest { illness: menu x: diet y: illness } }",
    ]) {
      const { text } = await on.ask(query, hidden);
      expect(text).toContain(CANARY.menu);
      expect(text).not.toContain(CANARY.illness);
      expect(text).not.toContain(CANARY.diet);
    }
  });

  it("is not fetched for who may not see the result, and nobody is asked for the result", async () => {
    const { text, asked } = await on.ask("{ guest { name illness diet menu } }", HIDDEN);
    expect(text).not.toContain("cnr-");
    expect(text).toContain("Anu");
    expect(asked.map(({ subgraph }) => subgraph)).toEqual(["health"]);
    expect(asked[0]?.query).not.toMatch(/illness|diet|menu/);
  });

  it("and stays out of the record", () => {
    expect(JSON.stringify(on.disclosures)).not.toContain("cnr-");
    expect(on.disclosures.length).toBeGreaterThan(0);
  });
});
