import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type Planner, startPlanner } from "../../src/plan/planner.ts";
import { codeOfAsync } from "../support/errors.ts";
import { plannersOf } from "../support/planners.ts";

const QUERY = "query{agencies{address code name{en}}}";
/** Segfaults the native planner: a cyclic fragment, which validation would have refused. */
const DEADLY = "query{agencies{...A}} fragment A on Agency{code ...A}";

describe("the planner's child", () => {
  let planner: Planner;
  beforeAll(async () => {
    planner = await startPlanner(await readFile(join(PACKAGE_ROOT, "schema", "supergraph.graphql"), "utf8"));
  });
  afterAll(() => planner.close());

  it("plans", async () => {
    expect((await planner.plan(QUERY)).node).toMatchObject({ kind: "Fetch", serviceName: "gw" });
  });

  it("survives an operation that kills it, and says so", async () => {
    expect(await codeOfAsync(() => planner.plan(DEADLY))).toBe("PLANNER_UNAVAILABLE");
    expect((await planner.plan(QUERY)).node).toMatchObject({ kind: "Fetch" });
  });

  it("is killed at its deadline and replaced", async () => {
    const hurried = await startPlanner(
      await readFile(join(PACKAGE_ROOT, "schema", "supergraph.graphql"), "utf8"),
      1,
    );
    const bomb = Array.from(
      { length: 18 },
      (_, i) => `fragment F${i} on Agency{...F${i + 1} ...F${i + 1}}`,
    ).join(" ");
    const slow = `query{agencies{...F0}} ${bomb} fragment F18 on Agency{code}`;
    expect(await codeOfAsync(() => hurried.plan(slow))).toBe("PLANNER_UNAVAILABLE");
    await hurried.close();
    expect(await codeOfAsync(() => hurried.plan(QUERY))).toBe("PLANNER_UNAVAILABLE");
  });
});

describe("a planner that is busy, or has grown", () => {
  const sdl = readFileSync(join(PACKAGE_ROOT, "schema", "supergraph.graphql"), "utf8");
  const other = (index: number): string => `query{agencies{a${index}:code}}`;
  const pidOf = async (): Promise<number> => (await plannersOf())[0] ?? 0;

  it("refuses at once what would wait behind too many, and plans those that wait", async () => {
    const planner = await startPlanner(sdl, 5_000, { maxWaiting: 10 });
    const pid = await pidOf();
    process.kill(pid, "SIGSTOP");
    // Eight are with it, ten wait.
    const asked = Array.from({ length: 30 }, (_, index) => planner.plan(other(index)));
    const refused = await Promise.all(asked.slice(18).map((plan) => codeOfAsync(() => plan)));
    expect(refused).toEqual(Array.from({ length: 12 }, () => "PLANNER_UNAVAILABLE"));
    process.kill(pid, "SIGCONT");
    expect((await Promise.all(asked.slice(0, 18))).map(({ node }) => node?.kind)).toEqual(
      Array.from({ length: 18 }, () => "Fetch"),
    );
    await planner.close();
  });

  it("that dies fails what is in it; what waits is planned by the next", async () => {
    const reasons: string[] = [];
    const planner = await startPlanner(sdl, 5_000, { onRestart: (reason) => reasons.push(reason) });
    const pid = await pidOf();
    process.kill(pid, "SIGSTOP");
    const asked = Array.from({ length: 20 }, (_, index) => planner.plan(other(index)));
    const codes = asked.map((plan) =>
      plan.then(
        () => "planned",
        ({ code }) => code,
      ),
    );
    process.kill(pid, "SIGKILL");
    expect(await Promise.all(codes)).toEqual([
      ...Array.from({ length: 8 }, () => "PLANNER_UNAVAILABLE"),
      ...Array.from({ length: 12 }, () => "planned"),
    ]);
    expect(reasons).toEqual(["crash"]);
    expect(await plannersOf()).not.toContain(pid);
    await planner.close();
  });

  it("that dies is replaced before anybody asks", async () => {
    const planner = await startPlanner(sdl, 5_000);
    const pid = await pidOf();
    process.kill(pid, "SIGKILL");
    await expect.poll(async () => (await plannersOf()).filter((one) => one !== pid)).toHaveLength(1);
    await planner.close();
    expect(await plannersOf()).toEqual([]);
  });

  it.each([
    ["planned so many", { maxPlans: 50 }],
    ["grown by so much", { maxGrowthBytes: 65_536 }],
  ])("that has %s is replaced by another, and no plan fails", async (_, bounds) => {
    const reasons: string[] = [];
    const planner = await startPlanner(sdl, 5_000, {
      ...bounds,
      onRestart: (reason) => reasons.push(reason),
    });
    const pid = await pidOf();
    for (let index = 0; !reasons.includes("size") && index < 20_000; index += 20) {
      const wave = Array.from({ length: 20 }, (_, at) => planner.plan(other(index + at)));
      expect((await Promise.all(wave)).every(({ node }) => node?.kind === "Fetch")).toBe(true);
    }
    expect(reasons).toContain("size");
    await expect.poll(() => plannersOf()).not.toContain(pid);
    await planner.close();
    expect(await plannersOf()).toEqual([]);
  });

  it("whose successor cannot be started goes on", async () => {
    const planner = await startPlanner(sdl, 5_000, { maxPlans: 10 });
    const pid = await pidOf();
    process.env["NODE_OPTIONS"] = "--require /nowhere/at/all.cjs";
    for (let index = 0; index < 40; index += 1) await planner.plan(other(index));
    delete process.env["NODE_OPTIONS"];
    expect(await plannersOf()).toContain(pid);
    await planner.close();
  });
});
