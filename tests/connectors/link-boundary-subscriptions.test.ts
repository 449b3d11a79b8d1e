/** The link boundary around subscriptions: asked by keys, each event translated by itself. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { Backend, SubgraphReply, SubgraphRequest } from "../../src/execute/backend.ts";
import type { MemberAddress, SubgraphName } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { Source } from "../support/source.ts";
import { ask, boundary, linksOf } from "./translated-agency.ts";

describe("a subscription", () => {
  const text = "subscription ($id: ID) { changed(id: $id) { uid name employer { uid } } }";
  const [mwps, aman] = ["BH/NGO/MWPS/assist", "BH/NGO/AMAN/shelter"] as readonly string[] as [
    MemberAddress,
    MemberAddress,
  ];
  const both = () => [mwps, aman];

  /** A member whose events the test pushes. */
  function streaming() {
    const source = new Source<SubgraphReply>();
    const seen: SubgraphRequest[] = [];
    const backend: Backend = {
      subgraph: "ngo" as SubgraphName,
      fetch: () => Promise.reject(new Error("not asked")),
      subscribe(request) {
        seen.push(request);
        return source;
      },
    };
    return { backend, source, seen };
  }
  const changed = (n: number): SubgraphReply => ({
    data: { changed: { uid: `key-${n}`, name: `name ${n}`, employer: { uid: "key-3" } } },
    errors: [],
  });
  const subscribe = (
    members: readonly (readonly [MemberAddress, Backend])[],
    links: ReturnType<typeof linksOf>,
    id: string | null = null,
  ) => boundary(members, links).subscribe?.(ask(text, { id })) as AsyncIterableIterator<SubgraphReply>;

  it("is asked by the agency's keys, and each event comes with uids, looked up by itself", async () => {
    const { backend, source, seen } = streaming();
    const links = linksOf(() => [mwps]);
    const events = subscribe([[mwps, backend]], links, "uid-1");
    source.push(changed(1), changed(2));
    const first = (await events.next()).value;
    expect(first.data).toEqual({ changed: { uid: "uid-1", name: "name 1", employer: { uid: "uid-3" } } });
    expect((await events.next()).value.data).toMatchObject({ changed: { uid: "uid-2" } });
    expect(seen.map(({ variables }) => variables)).toEqual([{ id: "key-1" }]);
    expect(links.sessions()).toBeGreaterThanOrEqual(3);
    source.finish();
    expect((await events.next()).done).toBe(true);
  });

  it("joins members, ends with the last of them, and reaches all when it is taken back", async () => {
    const [one, other] = [streaming(), streaming()];
    const members = [
      [mwps, one.backend],
      [aman, other.backend],
    ] as const;
    const events = subscribe(members, linksOf(both));
    const first = events.next();
    await sleep(5);
    other.source.push(changed(2));
    expect((await first).value.data).toMatchObject({ changed: { uid: "uid-2" } });
    other.source.finish();
    one.source.push(changed(1));
    expect((await events.next()).value.data).toMatchObject({ changed: { uid: "uid-1" } });
    const last = events.next();
    await events.return?.();
    expect((await last).done).toBe(true);
    await one.source.returned;
  });

  it("fails with the first member that does, and leaves the others", async () => {
    const [one, other] = [streaming(), streaming()];
    const members = [
      [mwps, one.backend],
      [aman, other.backend],
    ] as const;
    const events = subscribe(members, linksOf(both));
    one.source.fail(new GatewayError("AGENCY_UNAVAILABLE", "the agency broke off", { agency: "NGO" }));
    await expect(events.next()).rejects.toMatchObject({ code: "AGENCY_UNAVAILABLE" });
    await other.source.returned;
  });

  it("about what the agency does not know is not asked, and stays quiet as if nothing happened", async () => {
    const { backend, seen } = streaming();
    const events = subscribe(
      [[mwps, backend]],
      linksOf(() => []),
      "uid-1",
    );
    const first = events.next();
    const quiet = Symbol("quiet");
    expect(await Promise.race([first, sleep(50, quiet)])).toBe(quiet);
    expect(seen).toEqual([]);
    await events.return?.();
    expect((await first).done).toBe(true);
  });

  it("is no row under another's uid: an event with a key that is none is the agency's bad reply", async () => {
    const { backend, source } = streaming();
    const events = subscribe(
      [[mwps, backend]],
      linksOf(() => [mwps]),
    );
    source.push({ data: { changed: { uid: {}, name: "x" } }, errors: [] });
    await expect(events.next()).rejects.toMatchObject({ code: "AGENCY_BAD_REPLY" });
    await source.returned;
  });

  it("is not offered where a member's backend cannot", () => {
    const { backend } = streaming();
    const silent: Backend = { subgraph: backend.subgraph, fetch: backend.fetch };
    const members = [
      [mwps, backend],
      [aman, silent],
    ] as const;
    expect(boundary(members, linksOf(both)).subscribe).toBeUndefined();
  });
});
