import { parse } from "graphql";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { wireSdl } from "../../../sandbox/graphql/wire-sdl.ts";
import { type FederationHarness, federationHarness } from "../../support/federation-agencies.ts";
import { entitiesOf, READER } from "../../support/rest-agencies.ts";

let harness: FederationHarness;
beforeAll(async () => {
  harness = await federationHarness();
});
afterEach(() => harness.agencies["PPO"]!.faults.heal());
afterAll(() => harness.close());

const FILE = `ref number decision decidedOn charges { article defendant { ref role person { ref } } }
  evidenceList { number kind description sealed } witnessProtection { kind until } nonPunishmentNote`;

describe("the prosecution", () => {
  it("shows each file as its rows say, from every case in it", async () => {
    const { cases, prosecutions } = harness.world.ppo;
    const files = new Map([...prosecutions].map((row) => [row.number, row]));
    const rows = [...cases];
    const reply = await harness.entities("PPO", "Case", refs(rows), `ref prosecution { ${FILE} }`);
    expect(rows.length).toBeGreaterThan(3);
    expect(entitiesOf(reply)).toEqual(
      rows.map(({ ref, number }) => ({ ref, prosecution: fileOf(files.get(number)!) })),
    );
    expect(reply.errors).toEqual([]);
  });

  it("knows files by number and persons by its own numbers", async () => {
    const files = [...harness.world.ppo.prosecutions];
    const numbers = files.map(({ number }) => number);
    const found = await harness.entities("PPO", "Prosecution", [...numbers, "TIP-0"], FILE);
    expect(entitiesOf(found)).toEqual([...files.map(fileOf), null]);

    const persons = [...harness.world.ppo.persons];
    const orders = await harness.entities(
      "PPO",
      "Person",
      refs(persons),
      "ref travelOrder { kind authority { address code } from until }",
    );
    expect(entitiesOf(orders)).toEqual(persons);
  });

  it("names suspects and the persons they are, and answers for the latter", async () => {
    const [file] = harness.world.ppo.prosecutions;
    const reply = await harness.entities(
      "PPO",
      "Prosecution",
      [file!.number],
      "charges { defendant { person { ref travelOrder { from } } } }",
    );
    const persons = new Map([...harness.world.ppo.persons].map((row) => [row.ref, row.travelOrder]));
    expect(entitiesOf(reply)).toEqual([
      {
        charges: file!.charges.map(({ defendant: { personRef: ref } }) => {
          const order = persons.get(ref);
          return { defendant: { person: { ref, travelOrder: order ? { from: order.from } : null } } };
        }),
      },
    ]);
  });

  it("calls its key `ref` and knows no uid", async () => {
    const sdl = await wireSdl("ppo");
    expect(() => parse(sdl)).not.toThrow();
    expect(sdl).not.toContain("uid");
    expect(sdl).toContain('@key(fields: "ref")');
    expect(sdl).toContain('type Suspect @key(fields: "ref", resolvable: false)');
    const { errors } = await harness
      .entities("PPO", "Case", ["x"], "uid")
      .catch((error) => ({ errors: error.code }));
    expect(errors).toBe("AGENCY_BAD_REPLY");
  });
});

describe("who is answered", () => {
  it("is the gateway with a token for the prosecution alone", async () => {
    const { url, journal } = harness.agencies["PPO"]!;
    const [other] = Object.keys(harness.agencies).filter((name) => name !== "PPO");
    const asked = async (authorization: string | null) => {
      const headers = { "content-type": "application/json", ...(authorization ? { authorization } : {}) };
      const body = JSON.stringify({ query: "{ _service { sdl } }" });
      return (await fetch(url, { method: "POST", headers, body })).status;
    };
    expect(await asked(await harness.bearer("PPO"))).toBe(200);
    expect(await asked(await harness.bearer(other!))).toBe(401);
    expect(await asked("Bearer a.b.c")).toBe(401);
    expect(await asked(null)).toBe(401);
    expect(journal.entries.slice(-4).map(({ status }) => status)).toEqual([200, 401, 401, 401]);
  });

  it("tells nothing of the reader beside a pseudonym", async () => {
    const { journal } = harness.agencies["PPO"]!;
    journal.clear();
    await harness.entities("PPO", "Case", refs(harness.world.ppo.cases), "ref");
    const [entry] = journal.entries;
    const [, claims] = entry!.headers["authorization"]!.toString().split(".");
    const told = Buffer.from(claims!, "base64url").toString() + entry!.body + JSON.stringify(entry!.headers);
    for (const word of [READER.staff, READER.member, READER.requestId]) expect(told).not.toContain(word);
  });
});

describe("faults", () => {
  const ask = () => harness.entities("PPO", "Case", refs(harness.world.ppo.cases), "ref");
  const faults = () => harness.agencies["PPO"]!.faults;

  it.each([
    ["down", () => faults().down(), "AGENCY_UNAVAILABLE"],
    ["garbage", () => faults().garbage(), "AGENCY_BAD_REPLY"],
    ["an error of its own", () => faults().status(503), "AGENCY_UNAVAILABLE"],
    ["every request cut", () => faults().flaky(1), "AGENCY_UNAVAILABLE"],
  ])("%s is seen as what it is", async (_, break_, code) => {
    break_();
    await expect(ask()).rejects.toMatchObject({ code });
    faults().heal();
    expect((await ask()).errors).toEqual([]);
  });

  it("slow is too late", async () => {
    const slow = await federationHarness({ timeoutMs: 150 });
    slow.agencies["PPO"]!.faults.slow(1_000);
    await expect(slow.entities("PPO", "Case", refs(slow.world.ppo.cases), "ref")).rejects.toMatchObject({
      code: "AGENCY_TIMEOUT",
    });
    await slow.close();
  });

  it("lying gives other records, or the same in another order", async () => {
    const rows = refs(harness.world.ppo.cases);
    faults().lying("order");
    expect(entitiesOf(await ask())).toEqual(rows.map((ref) => ({ ref })).toReversed());
    faults().lying("records");
    expect(entitiesOf(await ask())).toEqual(rows.map(() => ({ ref: rows[0] })));
  });

  it("a record that is not given out is an error in its place", async () => {
    const [first, second] = refs(harness.world.ppo.cases);
    faults().refuse(first!);
    const reply = await harness.entities("PPO", "Case", [first!, second!], "ref");
    expect(entitiesOf(reply)).toEqual([null, { ref: second }]);
    expect(reply.errors).toMatchObject([{ path: ["_entities", 0] }]);
  });
});

const refs = (rows: Iterable<{ readonly ref: string }>) => [...rows].map(({ ref }) => ref);

type File = FederationHarness["world"]["ppo"]["prosecutions"] extends Iterable<infer Row> ? Row : never;

const fileOf = ({ charges, ...row }: File) => ({
  ref: row.number,
  ...row,
  charges: charges.map(({ article, defendant: { personRef, ...defendant } }) => ({
    article,
    defendant: { ...defendant, person: { ref: personRef } },
  })),
});
