import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type Planner, startPlanner } from "../../src/plan/planner.ts";
import { codeOfAsync } from "../support/errors.ts";

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
