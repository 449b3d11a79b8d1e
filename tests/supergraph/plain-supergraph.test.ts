import { parse } from "graphql";
import { describe, expect, it } from "vitest";
import { startPlanner } from "../../src/plan/planner.ts";
import { compose } from "../../src/supergraph/compose.ts";
import { plainSupergraph, subgraphUrls } from "../../src/supergraph/plain-supergraph.ts";
import { codeOf } from "../support/errors.ts";
import { DEFER_SDL, JOIN_VERSIONS, joinSdl, PUBLIC_SDL } from "./join-sdl.ts";

const QUESTION = '{ user(id: "1") { name score } }';
const INACCESSIBLE = '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)';
const POLICY = '@link(url: "https://ihala.example/policy/v1.0", import: ["@policyInput"])';

/** The same supergraph under other names. Each of the changes must find something to change. */
const renamed = (...changes: readonly (readonly [from: string, to: string])[]): string =>
  changes.reduce((sdl, [from, to]) => {
    if (!sdl.includes(from)) throw new Error(`nothing to rename: ${from}`);
    return sdl.replaceAll(from, to);
  }, joinSdl());

const hidden = (link: string, directive: string): string =>
  renamed(
    [INACCESSIBLE, "#"],
    ["@inaccessible", directive],
    ["#", link.replace("URL", "https://specs.apollo.dev/inaccessible/v0.2")],
  );

const RENAMED: readonly (readonly [name: string, sdl: string])[] = [
  ["join by `as`", renamed(["join__", "j__"], ['join/v0.5"', 'join/v0.5", as: "j"'])],
  [
    "link by `as`",
    renamed(["@link", "@core2"], ["link__", "core2__"], ['link/v1.0"', 'link/v1.0", as: "core2"']),
  ],
  ["@inaccessible by `as`", hidden('@link(url: "URL", as: "hidden")', "@hidden")],
  [
    "@inaccessible by an import",
    hidden('@link(url: "URL", import: [{ name: "@inaccessible", as: "@h" }])', "@h"),
  ],
  [
    "@inaccessible by a prefix and an import",
    hidden('@link(url: "URL", as: "x", import: [{ name: "@inaccessible", as: "@x__y" }])', "@x__y"),
  ],
  [
    "@federation__inaccessible",
    hidden('@link(url: "https://specs.apollo.dev/federation/v2.9")', "@federation__inaccessible"),
  ],
  ["@federation__inaccessible without a link", hidden("", "@federation__inaccessible")],
  [
    "@inaccessible, imported from federation under another name",
    hidden(
      '@link(url: "https://specs.apollo.dev/federation/v2.3", import: [{ name: "@inaccessible", as: "@h" }])',
      "@h",
    ),
  ],
  [
    "@policyInput by an import",
    renamed(
      [POLICY, "#"],
      ["@policyInput", "@decides"],
      ["#", POLICY.replace('"@policyInput"', '{ name: "@policyInput", as: "@decides" }')],
    ),
  ],
  [
    "@policyInput by the prefix",
    renamed(
      [POLICY, "#"],
      ["@policyInput", "@policy__policyInput"],
      ["#", '@link(url: "https://ihala.example/policy/v1.0")'],
    ),
  ],
  [
    "@policyInput by another prefix",
    renamed(
      [POLICY, "#"],
      ["@policyInput", "@p__policyInput"],
      ["#", '@link(url: "https://ihala.example/policy/v1.0", as: "p")'],
    ),
  ],
];

async function fetchesOf(sdl: string): Promise<readonly string[]> {
  const planner = await startPlanner(sdl);
  try {
    const plan = JSON.stringify(await planner.plan(QUESTION));
    return [...plan.matchAll(/"serviceName":"([^"]+)"/g)].map(([, name = ""]) => name);
  } finally {
    await planner.close();
  }
}

describe("a supergraph of any composer", () => {
  it.each(JOIN_VERSIONS)("is read and planned against: join %s", async (join) => {
    const sdl = joinSdl({ join });
    const supergraph = plainSupergraph(sdl);
    expect(supergraph.sdl).toBe(sdl);
    expect(supergraph.publicSdl).toBe(PUBLIC_SDL);
    expect([...supergraph.subgraphs.keys()]).toEqual(["a", "b-2"]);
    expect([...subgraphUrls(sdl).values()]).toEqual(["http://a.example/graphql", "http://b.example/graphql"]);
    expect(await fetchesOf(supergraph.sdl)).toEqual(["a", "b-2"]);
  });

  it.each(RENAMED)("means the same under another name: %s", async (_, sdl) => {
    expect(sdl).not.toBe(joinSdl());
    const supergraph = plainSupergraph(sdl);
    expect(supergraph.publicSdl).toBe(PUBLIC_SDL);
    expect([...subgraphUrls(sdl).keys()]).toEqual(["a", "b-2"]);
    expect(await fetchesOf(supergraph.sdl)).toEqual(["a", "b-2"]);
  });

  it("keeps what is hidden in the full schema: the gateway reads it", () => {
    const { fullSchema, fields } = plainSupergraph(joinSdl());
    expect(fullSchema.getType("Vault")).toBeDefined();
    const info = [...fields.values()].find(({ coordinate }) => coordinate === "User.access");
    expect(info).toMatchObject({ policyInput: true, servedBy: ["b-2"], group: null, owner: null });
  });

  it("says who answers for a field, and not who only needs it", () => {
    const sdl = joinSdl({
      more: `type Parcel @join__type(graph: A, key: "id") @join__type(graph: B_2, key: "id") {
        id: ID!
        weight: Int @join__field(graph: A) @join__field(graph: B_2, external: true)
        price: Int @join__field(graph: B_2, requires: "weight")
        size: Int @join__field(graph: A, override: "b-2") @join__field(graph: B_2, usedOverridden: true)
        colour: Int @join__field(graph: A, override: "b-2", overrideLabel: "percent(5)") @join__field(graph: B_2, overrideLabel: "percent(5)")
      }`,
    });
    const servers = [...plainSupergraph(sdl).fields.values()]
      .filter(({ coordinate }) => coordinate.startsWith("Parcel."))
      .map(({ coordinate, servedBy }) => [coordinate, servedBy]);
    expect(servers).toEqual([
      ["Parcel.id", ["a", "b-2"]],
      ["Parcel.weight", ["a"]],
      ["Parcel.price", ["b-2"]],
      ["Parcel.size", ["a"]],
      ["Parcel.colour", ["a", "b-2"]],
    ]);
  });

  it("shows no type of a feature's machinery", () => {
    const sdl = joinSdl({
      links: '@link(url: "https://specs.apollo.dev/requiresScopes/v0.1", as: "rs", for: SECURITY)',
      more: "scalar rs__Scope scalar shop__Scope",
    });
    expect(plainSupergraph(sdl).publicSdl).toContain("scalar shop__Scope");
    expect(plainSupergraph(sdl).publicSdl).not.toMatch(/rs__Scope|requiresScopes__|join__|link__/);
  });

  it.each([
    ["2.0", '"@key", "@shareable", "@inaccessible", "@tag"'],
    ["2.3", '"@key", "@shareable", "@inaccessible", "@interfaceObject"'],
    ["2.9", '"@key", "@shareable", "@inaccessible", "@cost", "@listSize"'],
  ])("may come from ours, of documents of Federation %s", async (version, imports) => {
    const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v${version}", import: [${imports}])`;
    const { sdl } = compose([
      {
        name: "a",
        complete: parse(`${link}
          type Query { user(id: ID!): User }
          type User @key(fields: "id") { id: ID! name: String pin: Int @inaccessible }`),
      },
      { name: "b-2", complete: parse(`${link} type User @key(fields: "id") { id: ID! score: Int }`) },
    ]);
    const supergraph = plainSupergraph(sdl ?? "");
    expect(supergraph.publicSdl).toBe(
      `${DEFER_SDL}type Query {\n  user(id: ID!): User\n}\n\ntype User {\n  id: ID!\n  name: String\n  score: Int\n}`,
    );
    expect(await fetchesOf(supergraph.sdl)).toEqual(["a", "b-2"]);
  });
});

it("refuses text that is no GraphQL", () => {
  expect(codeOf(() => plainSupergraph("type {"))).toBe("SUPERGRAPH_INVALID");
});
