/**
 * A deployment decides by the tables of its own schema folder: their groups, their agencies, their cells. Nothing of it knows those that
 * ship by heart, neither from its start nor once another folder is taken up.
 */
import { join } from "node:path";
import { buildSchema, graphql } from "graphql";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MWPS } from "../../sandbox/synth/members.ts";
import { type Config, configSchema } from "../../src/config/config.ts";
import { clientOf } from "../../src/config/defaults.ts";
import { loadKeyKinds } from "../../src/connectors/key-kinds.ts";
import { createLinkKeys } from "../../src/connectors/link-keys.ts";
import { createLinkTable } from "../../src/connectors/link-table.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";
import { type HealthDomain, healthDomain, MINISTRY } from "../support/health-domain.ts";
import { answerJson, type HttpAgency, httpAgency } from "../support/http-agency.ts";

const PAID_UNTIL = "2027-03-31";
const NUMBER = "INS-1";
const society: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
const nurse: Reader = { role: "HLT.nurse", purpose: "SHELTER_CARE", member: MINISTRY, staff: "nurse-1" };
const INSURED = "query($id: ID!) { case(id: $id) { id victim { person { insuredUntil } } } }";
const WHOLE = `query($id: ID!) {
  case(id: $id) { id nrmNumber supportPlans { type } victim { person { insuredUntil nameLatin { full } } } }
}`;
const PATH = ["case", "victim", "person", "insuredUntil"];

let health: HealthDomain;
let ministry: HttpAgency;
let on: Deployment;
let other: Config;

beforeAll(async () => {
  health = await healthDomain();
  ministry = await register();
  on = await startDeployment({ ledgerSchemaDir: health.schemaDir });
  other = configSchema.parse({
    ...on.config,
    schema: { ...on.config.schema, directory: health.schemaDir },
    policy: { ...on.config.policy, directory: health.policiesDir },
    agencies: [...on.config.agencies, { code: "HLT", kind: "federation", members: [memberAt(ministry.url)] }],
    identity: {
      ...on.config.identity,
      issuers: on.config.identity.issuers.map((issuer) => ({
        ...issuer,
        clients: { ...issuer.clients, [clientOf(MINISTRY)]: { member: MINISTRY, binding: "bearer" } },
      })),
    },
  });
  await linkPerson(on.cast.cases.ngoGiven.victim.uid);
  await inLedger("insert into member (address, agency) values ($1, 'HLT')", [MINISTRY]);
});
afterAll(async () => {
  await on?.close();
  await ministry?.close();
  await health?.remove();
});

const memberAt = (url: string) => ({
  ...{ address: MINISTRY, url },
  name: { en: "Ministry of Health", ar: "وزارة الصحة" },
});

/** The ministry's server: who is insured until when, by its own numbers. */
function register(): Promise<HttpAgency> {
  const schema = buildSchema(`
    scalar _Any scalar Date
    type Person { ref: ID! insuredUntil: Date }
    union _Entity = Person
    type Query { _entities(representations: [_Any!]!): [_Entity]! }`);
  const insured = ({ ref }: { readonly ref: string }) =>
    ref === NUMBER ? { __typename: "Person", ref, insuredUntil: PAID_UNTIL } : null;
  const rootValue = {
    _entities: ({ representations }: { readonly representations: readonly { readonly ref: string }[] }) =>
      representations.map(insured),
  };
  return httpAgency(async ({ body }, response) => {
    const { query, variables } = JSON.parse(body);
    answerJson(response, await graphql({ schema, rootValue, source: query, variableValues: variables }));
  });
}

async function linkPerson(uid: string): Promise<void> {
  const pool = createPool({ url: on.databaseUrl("gateway") });
  const kinds = await loadKeyKinds(join(health.schemaDir, "keys.json"));
  const links = createLinkTable({ pool, kinds, keys: createLinkKeys(on.secrets.links) });
  await links.seedLinks([{ type: "Person", agency: "HLT", member: MINISTRY, key: NUMBER, uid }], "test");
  await pool.end();
}

async function inLedger(text: string, values: readonly unknown[]): Promise<number> {
  const ledger = new pg.Client({ connectionString: on.databaseUrl("ledger") });
  await ledger.connect();
  const { rowCount } = await ledger.query(text, [...values]);
  await ledger.end();
  return rowCount ?? 0;
}

async function ask(reader: Reader, name: keyof Deployment["cast"]["cases"], query: string) {
  const { uid } = on.cast.cases[name];
  const before = ministry.received.length;
  const { data, errors, withheld } = await on.ask({ ...reader, issue: { uid } }, query, {
    id: on.idFor(reader, "Case", uid),
  });
  return { case: data?.["case"], errors, withheld, asked: ministry.received.length - before };
}

it("knows nothing of another country's group and agency while its own tables are in force", async () => {
  const { errors } = await ask(society, "ngoGiven", INSURED);
  expect(errors[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  expect(await ask(nurse, "ngoGiven", "query($id: ID!) { case(id: $id) { id } }")).toMatchObject({
    case: undefined,
    errors: [{ extensions: { code: "UNAUTHENTICATED" } }],
  });
});

describe("once other tables are taken up", () => {
  beforeAll(async () => {
    await on.reload(other);
    expect(on.lines.filter((line) => line.includes("reload.refused"))).toEqual([]);
  });

  it("a group of theirs opens by a referral that grants it, and to nobody without one", async () => {
    expect(await ask(society, "ngoGiven", INSURED)).toMatchObject({
      case: { victim: { person: { insuredUntil: null } } },
      errors: [],
      withheld: [{ path: PATH, reason: "R3" }],
      asked: 0,
    });
    const granted = await inLedger(
      "update referral set granted_groups = granted_groups || '{INSURANCE}' where case_uid = $1 and to_member = $2",
      [on.cast.cases.ngoGiven.uid, MWPS],
    );
    expect(granted).toBeGreaterThan(0);
    expect(await ask(society, "ngoGiven", INSURED)).toMatchObject({
      case: { victim: { person: { insuredUntil: PAID_UNTIL } } },
      errors: [],
      withheld: [],
      asked: 1,
    });
  });

  it("an agency of theirs knows of a case by its own cell, and finds no trace of another", async () => {
    expect(await ask(nurse, "ngoGiven", WHOLE)).toEqual({ case: null, errors: [], withheld: [], asked: 0 });
    await inLedger(
      `insert into referral (uid, case_uid, from_member, to_member, reason, purpose, status, granted_groups, basis, sent_at, expires_at)
       values ('to-health', $1, 'BH/GOV/LMRA/epc', $2, 'SHELTER', 'SHELTER_CARE', 'ACCEPTED', '{IDENTITY_CORE}', 'CONSENT', now(), '2099-01-01')`,
      [on.cast.cases.ngoGiven.uid, MINISTRY],
    );
    const { victim } = on.cast.cases.ngoGiven;
    expect(await ask(nurse, "ngoGiven", WHOLE)).toMatchObject({
      case: {
        id: expect.any(String),
        nrmNumber: null,
        supportPlans: null,
        victim: {
          person: {
            insuredUntil: PAID_UNTIL,
            nameLatin: { full: expect.stringContaining(victim.nameLatin) },
          },
        },
      },
      errors: [],
      // The header is never told; that there are plans is, to who knows of the case.
      withheld: [{ path: ["case", "supportPlans"], reason: "R7" }],
      asked: 1,
    });
    expect(await ask(nurse, "ngoOther", WHOLE)).toEqual({ case: null, errors: [], withheld: [], asked: 0 });
  });

  it("officers and readers are told of both by name", async () => {
    const { data, errors } = await on.ask(
      society,
      '{ agencies { code address } fieldCatalogue(type: "Person") { coordinate group owner } }',
    );
    expect(errors).toEqual([]);
    expect(data?.["agencies"]).toContainEqual({ code: "HLT", address: MINISTRY });
    expect(data?.["fieldCatalogue"]).toContainEqual({
      ...{ coordinate: "Person.insuredUntil", group: "INSURANCE", owner: "HLT" },
    });
    const officer: Reader = { role: "NGO.securityOfficer", purpose: "AUDIT_OVERSIGHT" };
    const policies = await on.ask(officer, "{ policies(owner: HLT) { name owner } }");
    expect(policies.errors).toEqual([]);
    expect(policies.data?.["policies"]).toContainEqual({ name: "HLT.register", owner: "HLT" });
  });

  it("they are gone again with the tables that name them", async () => {
    await on.reload(on.config);
    const { errors } = await ask(society, "ngoGiven", INSURED);
    expect(errors[0]?.extensions.code).toBe("GRAPHQL_VALIDATION_FAILED");
  });
});
