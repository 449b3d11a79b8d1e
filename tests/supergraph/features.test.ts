import { describe, expect, it } from "vitest";
import { plainSupergraph } from "../../src/supergraph/plain-supergraph.ts";
import { problemsOf } from "../support/errors.ts";
import { joinSdl } from "./join-sdl.ts";

const link = (url: string, rest = "") => `@link(url: "${url}"${rest})`;
const apollo = (feature: string, rest = "") => link(`https://specs.apollo.dev/${feature}`, rest);
const field = (use: string) =>
  `type Paper @join__type(graph: A) { title: String @join__field(graph: A) ${use} }`;

const REFUSED: readonly (readonly [name: string, sdl: string, problem: RegExp])[] = [
  [
    "@authenticated",
    joinSdl({ links: apollo("authenticated/v0.1", ", for: SECURITY"), more: field("@authenticated") }),
    /^supergraph\.graphql:\d+:\d+: `Paper\.title`: `@authenticated` is not enforced by the gateway; decide the field by a policy/m,
  ],
  [
    "@requiresScopes under another name",
    joinSdl({
      links: apollo("requiresScopes/v0.1", ', for: SECURITY, as: "scopes"'),
      more: field('@scopes(scopes: [["x"]])'),
    }),
    /`Paper\.title`: `@requiresScopes` is not enforced/,
  ],
  [
    "@policy of federation, imported under another name",
    joinSdl({
      links: apollo("policy/v0.1", ', for: SECURITY, import: [{ name: "@policy", as: "@guard" }]'),
      more: `type Paper @join__type(graph: A) @guard(policies: [["x"]]) { title: String }`,
    }),
    /`Paper`: `@policy` is not enforced/,
  ],
  [
    "@authenticated that nothing links",
    joinSdl({ more: field("@authenticated") }),
    /`Paper\.title`: `@authenticated` is not enforced/,
  ],
  [
    "context arguments",
    joinSdl({
      links: apollo("context/v0.1", ", for: SECURITY"),
      more: `type Paper @join__type(graph: A) { title: String @join__field(graph: A, contextArguments: [{ context: "a__c", name: "x", type: "String", selection: " { n }" }]) }`,
    }),
    /`Paper\.title`: `@fromContext` takes values of an ancestor as arguments, which the planner drops/,
  ],
  [
    "a context",
    joinSdl({
      links: apollo("context/v0.1", ", for: SECURITY"),
      more: `type Paper @join__type(graph: A) @context(name: "a__c") { title: String }`,
    }),
    /`Paper`: `@context` takes values/,
  ],
  [
    "a connector",
    joinSdl({
      more: `type Paper @join__type(graph: A) { title: String @join__directive(graphs: [A], name: "connect", args: { http: { GET: "/x" } }) }`,
    }),
    /`Paper\.title`: `@connect` is not served by the gateway; serve it by a subgraph/,
  ],
  [
    "a source of connectors",
    joinSdl({ links: '@join__directive(graphs: [A], name: "source", args: { name: "x" })' }),
    /`@source` is not served by the gateway/,
  ],
  [
    "a feature for execution that is not known",
    joinSdl({ links: apollo("connect/v0.2", ", for: EXECUTION") }),
    /`https:\/\/specs\.apollo\.dev\/connect\/v0\.2` is marked for EXECUTION and is not known to the gateway/,
  ],
  [
    "a feature for security that is not known",
    joinSdl({ links: link("https://acme.example/rights/v1.0", ", for: SECURITY") }),
    /`https:\/\/acme\.example\/rights\/v1\.0` is marked for SECURITY/,
  ],
  [
    "join of another version",
    joinSdl().replace("join/v0.5", "join/v0.6"),
    /`https:\/\/specs\.apollo\.dev\/join\/v0\.6` is not known, only v0\.2 to v0\.5/,
  ],
  ["a schema that is no supergraph", "type Query { a: Int }", /it is no Federation 2 supergraph/],
  [
    "Federation 1 by @core",
    `schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1", for: EXECUTION) { query: Query } type Query { a: Int }`,
    /^supergraph: it is a Federation 1 supergraph \(`@core`, `@join__owner`\); compose the subgraphs with Federation 2/,
  ],
  [
    "Federation 1 by @join__owner",
    joinSdl({ more: "type Paper @join__owner(graph: A) @join__type(graph: A) { title: String }" }),
    /it is a Federation 1 supergraph/,
  ],
  [
    "two meanings of one name",
    joinSdl()
      .replace('inaccessible/v0.2"', 'inaccessible/v0.2", as: "hidden"')
      .replace(
        "ssn: String @join__field(graph: A) @inaccessible",
        "ssn: String @join__field(graph: A) @hidden",
      ),
    /`@inaccessible` and `@hidden` would both be read as `@inaccessible`; give one of them another name/,
  ],
  [
    "one name of two features",
    joinSdl({ links: apollo("tag/v0.3", ', import: [{ name: "@tag", as: "@inaccessible" }]') }),
    /`@inaccessible` is linked as `@inaccessible` and as `@tag`; link it once/,
  ],
];

const ACCEPTED: readonly (readonly [name: string, sdl: string])[] = [
  ["@tag", joinSdl({ links: apollo("tag/v0.3"), more: field('@tag(name: "x")') })],
  [
    "@cost and @listSize",
    joinSdl({
      links: apollo("cost/v0.1", ', import: ["@listSize"]'),
      more: field("@cost(weight: 5) @listSize(assumedSize: 3)"),
    }),
  ],
  [
    "a known protection that nothing uses",
    joinSdl({ links: apollo("authenticated/v0.1", ", for: SECURITY") }),
  ],
  [
    "a company's own @policy, marked for nothing",
    joinSdl({
      links: link("https://acme.example/rules/v1.0", ', import: ["@policy"]'),
      more: field("@policy"),
    }),
  ],
  [
    "a company's own @policy by the name of its feature",
    joinSdl({ links: link("https://acme.example/policy/v1.0"), more: field("@policy") }),
  ],
  [
    "a feature that is not known, marked for nothing",
    joinSdl({ links: link("https://acme.example/colours/v1.0") }),
  ],
  [
    "metadata of a subgraph",
    joinSdl({
      links: '@join__directive(graphs: [A], name: "link", args: { url: "https://acme.example/x/v1.0" })',
    }),
  ],
];

describe("a supergraph with", () => {
  it.each(REFUSED)("%s is refused", (_, sdl, problem) => {
    expect(problemsOf(() => plainSupergraph(sdl))).toMatch(problem);
  });

  it.each(ACCEPTED)("%s is accepted", (_, sdl) => {
    expect(problemsOf(() => plainSupergraph(sdl))).toBe("");
  });

  it("many problems is told of all at once", () => {
    const sdl = joinSdl({
      links: `${link("https://acme.example/rights/v1.0", ", for: SECURITY")} ${apollo("context/v0.1", ", for: SECURITY")}`,
      more: `type Paper @join__type(graph: A) @context(name: "c") { title: String @authenticated author: String @policy(policies: []) }`,
    });
    expect(problemsOf(() => plainSupergraph(sdl)).split("\n")).toHaveLength(4);
  });
});
