/** The link boundary at an agency with several members: each asked for what it holds, and what they say joined. */
import { describe, expect, it } from "vitest";
import type { Backend, SubgraphRequest } from "../../src/execute/backend.ts";
import type { MemberAddress, SubgraphName } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { AGENCY, agency, ask, boundary, ENTITIES, linksOf, reader } from "./translated-agency.ts";

describe("an agency with several members", () => {
  const mwps = "BH/NGO/MWPS/assist" as MemberAddress;
  const aman = "BH/NGO/AMAN/shelter" as MemberAddress;
  const representations = [1, 2, 4].map((n) => ({ __typename: "Person", uid: `uid-${n}` }));
  const holders = (n: number) => (n === 1 ? [mwps] : n === 2 ? [aman] : [mwps, aman]);
  const keysSent = (seen: readonly SubgraphRequest[]) =>
    seen.map(({ variables }) => (variables["representations"] as { uid: string }[]).map(({ uid }) => uid));

  it("asks each member for what it holds and joins what they say", async () => {
    const [one, two] = [agency(), agency()];
    const gate = boundary(
      [
        [mwps, one.backend],
        [aman, two.backend],
      ],
      linksOf(holders),
    );
    const { data } = await gate.fetch(ask(ENTITIES("uid friends { uid }"), { representations }));
    expect(keysSent(one.seen)).toEqual([["key-1", "key-4"]]);
    expect(keysSent(two.seen)).toEqual([["key-2", "key-4"]]);
    const entities = data?.["_entities"] as { uid: string; friends: unknown[] }[];
    expect(entities.map(({ uid, friends }) => [uid, friends.length])).toEqual([
      ["uid-1", 2],
      ["uid-2", 2],
      ["uid-4", 4],
    ]);
  });

  it("asks only the reader's own member when the reader is of that agency", async () => {
    const [one, two] = [agency(), agency()];
    const gate = boundary(
      [
        [mwps, one.backend],
        [aman, two.backend],
      ],
      linksOf(holders),
    );
    const own = { ...reader, agency: AGENCY, member: aman };
    const { data } = await gate.fetch(ask(ENTITIES("uid"), { representations }, own));
    expect(data).toEqual({ _entities: [null, { uid: "uid-2" }, { uid: "uid-4" }] });
    expect(one.seen).toEqual([]);
  });

  it("keeps what one member says when another fails, and points at what is missing", async () => {
    const failing: Backend = {
      subgraph: "ngo" as SubgraphName,
      fetch: async () => {
        throw new GatewayError("AGENCY_TIMEOUT", "late", { agency: "NGO" });
      },
    };
    const { backend } = agency();
    const gate = boundary(
      [
        [mwps, failing],
        [aman, backend],
      ],
      linksOf(holders),
    );
    const { data, errors } = await gate.fetch(ask(ENTITIES("uid"), { representations }));
    expect(data).toEqual({ _entities: [null, { uid: "uid-2" }, { uid: "uid-4" }] });
    expect(errors.map(({ path, code }) => [path, code])).toEqual([
      [["_entities", 0], "AGENCY_TIMEOUT"],
      [["_entities", 2], "AGENCY_TIMEOUT"],
    ]);
    const both = boundary(
      [
        [mwps, failing],
        [aman, failing],
      ],
      linksOf(holders),
    );
    await expect(both.fetch(ask(ENTITIES("uid"), { representations }))).rejects.toMatchObject({
      code: "AGENCY_TIMEOUT",
    });
  });

  it("joins the lists of root fields", async () => {
    const gate = boundary(
      [
        [mwps, agency().backend],
        [aman, agency().backend],
      ],
      linksOf(holders),
    );
    const { data } = await gate.fetch(ask("{ persons { uid } }"));
    expect(data?.["persons"]).toHaveLength(6);
  });
});
