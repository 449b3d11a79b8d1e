import { join } from "node:path";
import { buildASTSchema, type GraphQLNamedType, isObjectType, parse } from "graphql";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { catalogueOf } from "../../../resolvers/gw/catalogue.ts";
import { gwSubgraph } from "../../../resolvers/gw/index.ts";
import { createStaffDirectory } from "../../../resolvers/gw/staff-directory.ts";
import { PACKAGE_ROOT } from "../../../src/config/package-root.ts";
import { inProcessBackend } from "../../../src/connectors/in-process.ts";
import type { Backend } from "../../../src/execute/backend.ts";
import { createReviewDesk } from "../../../src/policy/review/review-desk.ts";
import { loadSupergraph } from "../../../src/supergraph/load.ts";
import { subgraphSdl } from "../../../src/supergraph/subgraph-documents.ts";
import { openTestDesk, type TestDesk } from "../../break-glass/desks.ts";
import { shippedPolicies } from "../../policy/shipped.ts";
import { shippedContentDesk } from "../../policy-store/content-desks.ts";
import { NO_ACCESS_LOGS } from "../../support/no-access-logs.ts";
import { testDatabase } from "../../support/postgres.ts";

const SCHEMA = join(PACKAGE_ROOT, "schema");
const epc = {
  address: "BH/GOV/LMRA/epc",
  code: "EPC",
  name: { en: "Expatriate Protection and Support Centre", ar: "مركز حماية ودعم العمالة الوافدة" },
};
const mwps = { address: "BH/NGO/MWPS/assist", code: "NGO", name: { en: "MWPS", ar: "جمعية" } };

let pool: pg.Pool;
let gw: Backend;
let subgraph: ReturnType<typeof gwSubgraph>;
let statements = 0;
let glass: TestDesk;
const set = await shippedPolicies();
const desk = createReviewDesk(set, SCHEMA);
const drafts = await shippedContentDesk();
beforeAll(async () => {
  glass = await openTestDesk();
  pool = new pg.Pool({ connectionString: await testDatabase() });
  const directory = createStaffDirectory(pool);
  await directory.migrate();
  const amal = {
    uid: "staff-1",
    staffId: "epc-screener-1",
    member: epc.address,
    agency: "EPC",
    role: "EPC.screener",
    nameAr: "أمل",
    nameLatin: "Amal",
  };
  await directory.seed([
    { ...amal, nameLatin: "Amel" },
    { ...amal, uid: "staff-2", staffId: "epc-screener-2" },
  ]);
  await directory.seed([amal]);
  subgraph = gwSubgraph({
    members: [epc, mwps],
    staff: {
      byUid: (uids) => {
        statements += 1;
        return directory.byUid(uids);
      },
    },
    knowsPerson: async (uid) => uid === "person-1",
    catalogue: catalogueOf(await loadSupergraph(SCHEMA)),
    policies: { set, desk, drafts },
    policyStore: null,
    accessLogs: NO_ACCESS_LOGS,
    breakGlass: glass.desk,
  });
  gw = inProcessBackend(subgraph);
});
afterAll(() => Promise.all([pool.end(), desk.close(), glass.close()]));

const ask = (query: string, variables: Record<string, unknown> = {}) =>
  gw.fetch({
    query,
    variables,
    kind: "query",
    reader: { requestId: "0", agency: "NGO", member: "m", staff: "s", role: "r", purpose: "p", issue: null },
    signal: new AbortController().signal,
  });

describe("the gateway's own subgraph", () => {
  it("names members and staff, all staff of a fetch in one statement", async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { __typename
      ... on Agency { name { en } } ... on Staff { uid name role agency { address code name { ar } } } } }`;
    const agency = (address: string, code: string) => ({ __typename: "Agency", address, code });
    const staff = (uid: string) => ({ __typename: "Staff", uid });
    const r = [
      agency(mwps.address, "NGO"),
      agency(mwps.address, "EXT"),
      staff("staff-1"),
      staff("x"),
      staff("staff-2"),
    ];
    const { data, errors } = await ask(query, { r });
    expect(errors).toEqual([]);
    const amal = { __typename: "Staff", uid: "staff-1", name: "Amal", role: "EPC.screener" };
    const { name, ...where } = epc;
    expect(data?.["_entities"]).toEqual([
      { __typename: "Agency", name: { en: "MWPS" } },
      null,
      { ...amal, agency: { ...where, name: { ar: name.ar } } },
      null,
      expect.objectContaining({ uid: "staff-2" }),
    ]);
    expect(statements).toBe(1);
  });

  it("lists the members", async () => {
    const { data } = await ask("{ agencies { code name { en ar } } }");
    expect(data).toEqual({ agencies: [epc, mwps].map(({ code, name }) => ({ code, name })) });
  });

  it("knows a person by uid when any agency does", async () => {
    const query = "query ($id: ID!) { person(id: $id) { uid } }";
    expect((await ask(query, { id: "person-1" })).data).toEqual({ person: { uid: "person-1" } });
    expect((await ask(query, { id: "person-2" })).data).toEqual({ person: null });
  });

  it("lists every field with a group, in Arabic and English, and none that only decides others", async () => {
    const query =
      "query ($lang: Lang, $type: String) { fieldCatalogue(lang: $lang, type: $type) { coordinate label group class owner } }";
    const arabic = (await ask(query, { lang: "AR" })).data?.["fieldCatalogue"] as Record<string, string>[];
    const english = (await ask(query, { lang: "EN", type: "Person" })).data?.[
      "fieldCatalogue"
    ] as typeof arabic;
    expect(arabic.length).toBeGreaterThan(251);
    expect(arabic.find(({ coordinate }) => coordinate === "Person.nameAr")).toEqual({
      coordinate: "Person.nameAr",
      label: "الاسم بالعربية",
      group: "IDENTITY_CORE",
      class: "S2_PERSONAL",
      owner: "IGA",
    });
    const coordinates = arabic.map(({ coordinate }) => coordinate);
    expect(coordinates).not.toContain("Case.access");
    expect(coordinates.filter((name) => name?.endsWith(".uid"))).toEqual([]);
    expect(english.every(({ coordinate }) => coordinate?.startsWith("Person."))).toBe(true);
    expect(english.find(({ coordinate }) => coordinate === "Person.nameAr")?.["label"]).toMatch(
      /^Name in Arabic/,
    );
  });

  it("declares what it serves as `schema/gw.graphql` does", async () => {
    const written = buildASTSchema(parse(await subgraphSdl(SCHEMA, "gw")), { assumeValidSDL: true });
    const machinery = /^(__.*|_.*)$/;
    for (const type of Object.values(subgraph.schema.getTypeMap())) {
      if (machinery.test(type.name)) continue;
      const expected = written.getType(type.name);
      for (const [field, shape] of shapeOf(type))
        if (!field.startsWith("_"))
          expect([type.name, field, shapeOf(expected).get(field)]).toEqual([type.name, field, shape]);
    }
  });
});

/** Fields with their types and arguments, as text. */
function shapeOf(type: GraphQLNamedType | undefined): ReadonlyMap<string, string> {
  if (!isObjectType(type)) return new Map();
  return new Map(
    Object.values(type.getFields()).map((field) => {
      const args = field.args.map((arg) => `${arg.name}: ${arg.type} = ${arg.defaultValue}`);
      return [field.name, `(${args.sort().join(", ")}) ${field.type}`];
    }),
  );
}
