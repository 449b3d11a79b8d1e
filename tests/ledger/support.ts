/**
 * A ledger on a real database, asked as the gateway asks: over HTTP, with an outbound token that names the reader.
 * `caseRow` makes a case to which a test adds what it is about.
 */
import { generateKeyPair } from "jose";
import type { Reader } from "../../ledger/reader.ts";
import { type LedgerWorld, seedLedger } from "../../ledger/seed.ts";
import { type Ledger, startLedger } from "../../ledger/start.ts";
import { MEMBERS } from "../../sandbox/synth/members.ts";
import { table } from "../../sandbox/synth/tables.ts";
import type { CaseContentRow, CaseSpineRow, ConsentRow, ReferralRow } from "../../sandbox/synth/types.ts";
import { createOutboundTokens } from "../../src/connectors/outbound-token.ts";
import type { AgencyCode, MemberAddress } from "../../src/kernel/brands.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { SCHEMA_DIR } from "../supergraph/schema-copy.ts";
import { testDatabase } from "../support/postgres.ts";

export const NOW = "2026-01-01T00:00:00Z";
export const EPC = "BH/GOV/LMRA/epc";
export const MWPS = "BH/NGO/MWPS/assist";
export const AMAN = "BH/NGO/AMAN/shelter";
const GATEWAY = "https://gateway.test";

interface Reply {
  readonly data: Record<string, never> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}
export interface TestLedger extends Ledger {
  readonly databaseUrl: string;
  /** Lines of the ledger's log. */
  readonly log: readonly string[];
  ask(subgraph: "spine" | "content", reader: Reader, query: string, variables?: object): Promise<Reply>;
  /** Data of an answer without errors. */
  data<Data>(subgraph: "spine" | "content", reader: Reader, query: string, variables?: object): Promise<Data>;
  /** Representations of one entity type, and the statements that they cost. */
  entities<Row>(
    subgraph: "spine" | "content",
    reader: Reader,
    type: string,
    uids: readonly string[],
    selection: string,
  ): Promise<readonly (Row | null)[]>;
  authorization(reader: Reader): Promise<string>;
}

/** With the tables that ship, unless told of others. */
export async function testLedger(world: LedgerWorld, schemaDir = SCHEMA_DIR): Promise<TestLedger> {
  const databaseUrl = await testDatabase();
  await seedLedger(databaseUrl, world);
  const { publicKey, privateKey } = await generateKeyPair("EdDSA");
  const tokens = createOutboundTokens({
    gateway: GATEWAY,
    privateKey,
    keyId: "test",
    pseudonymRoot: new Uint8Array(32),
    nowMs: () => Date.parse(NOW),
  });
  const log: string[] = [];
  const ledger = await startLedger({
    databaseUrl,
    schemaDir,
    tokens: {
      gateway: GATEWAY,
      audience: EPC,
      publicKey,
    },
    clock: fixedClock(NOW),
    log: createLog("warn", { write: (line) => log.push(line) }),
  });

  const authorization = async ({ agency, address, role, staff, purpose, brokenGlass = [] }: Reader) => {
    const told = await tokens.tell(
      { agency: "EPC" as AgencyCode, member: EPC as MemberAddress },
      { requestId: "test", agency, member: address, staff, role, purpose, issue: null, brokenGlass },
      { kind: "ledger" },
    );
    return told.headers["authorization"] ?? "";
  };
  const ask: TestLedger["ask"] = async (subgraph, reader, query, variables = {}) => {
    const response = await fetch(subgraph === "spine" ? ledger.spineUrl : ledger.contentUrl, {
      method: "POST",
      headers: { authorization: await authorization(reader), "content-type": "application/json" },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Reply;
  };
  const data: TestLedger["data"] = async (...question) => {
    const reply = await ask(...question);
    if (reply.errors) throw new Error(JSON.stringify([reply.errors, log]));
    return reply.data as never;
  };
  return {
    ...ledger,
    databaseUrl,
    log,
    ask,
    data,
    authorization,
    entities: async (subgraph, reader, type, uids, selection) => {
      const { _entities } = await data<{ _entities: never[] }>(
        subgraph,
        reader,
        `query ($of: [_Any!]!, $reader: ReaderInput!) {
           _entities(representations: $of) { ... on ${type} { ${selection} } }
         }`.replace(selection.includes("$reader") ? "" : ", $reader: ReaderInput!", ""),
        {
          of: uids.map((uid) => ({ __typename: type, uid })),
          ...(selection.includes("$reader") ? { reader } : {}),
        },
      );
      return _entities;
    },
  };
}

/** A reader of an agency: role and purpose as in the domain. */
export function reader(address: string, role: string, purpose: string, staff = "reader-1"): Reader {
  const { agency } = MEMBERS.find((member) => member.address === address)!;
  return { agency, address, role: `${agency}.${role}`, staff, purpose };
}

export function worldOf(
  cases: readonly CaseSpineRow[],
  content: readonly CaseContentRow[] = [],
): LedgerWorld {
  const rows = <Row>(name: string, list: readonly Row[]) => table(name, list.length, (i) => list[i]!);
  return {
    seed: 1,
    scale: "tiny",
    canary: false,
    members: MEMBERS,
    epc: {
      persons: rows("persons", []),
      spine: rows("spine", cases),
      content: rows("content", content),
      facilities: rows("facilities", []),
    },
  };
}

const FUTURE = "2099-01-01T00:00:00Z";

export function caseRow(uid: string, changes: Partial<CaseSpineRow> = {}): CaseSpineRow {
  return {
    uid,
    index: 0,
    nrmNumber: `NRM-${uid}`,
    owner: EPC,
    caseWorker: null,
    openedAt: "2025-01-01T08:00:00Z",
    closedAt: null,
    closureReason: null,
    mergedInto: null,
    riskLevel: "LOW",
    tracks: {
      IDENTIFICATION: "SCREENING",
      PROTECTION: "NONE",
      JUSTICE: "NONE",
      LABOUR: "NONE",
      REDRESS: "NONE",
    },
    trackVersions: { IDENTIFICATION: 0, PROTECTION: 0, JUSTICE: 0, LABOUR: 0, REDRESS: 0 },
    events: [],
    parties: [],
    referrals: [],
    consents: [],
    relatedCases: [],
    holders: ["EPC"],
    assignments: [],
    ...changes,
    overlays: {
      child: false,
      sealed: false,
      charged: false,
      courtGroups: [],
      officialSuspect: [],
      staffConflict: [],
      ...changes.overlays,
    },
  };
}

let numbered = 0;

export const referralRow = (to: string, changes: Partial<ReferralRow> = {}): ReferralRow => ({
  uid: `referral-${++numbered}`,
  from: EPC,
  to,
  reason: "SHELTER",
  purpose: "SHELTER_CARE",
  status: "ACCEPTED",
  grantedGroups: ["SERVICES_PLAN"],
  basis: "CONSENT",
  consent: null,
  sentAt: "2025-02-01T08:00:00Z",
  respondedAt: null,
  expiresAt: FUTURE,
  details: "…",
  ...changes,
});

export const consentRow = (recipient: string, changes: Partial<ConsentRow> = {}): ConsentRow => ({
  uid: `consent-${++numbered}`,
  scope: "SERVICES",
  recipients: [recipient],
  fieldGroups: ["SERVICES_PLAN"],
  status: "GIVEN",
  givenBy: "SELF",
  checklist: {
    agreedToInterview: true,
    toldPurpose: true,
    toldUses: true,
    toldResearch: true,
    toldAccessRight: true,
    toldRetention: true,
    toldWithdrawal: true,
  },
  givenAt: "2025-01-02T08:00:00Z",
  validUntil: FUTURE,
  withdrawnAt: null,
  replacedBy: null,
  ...changes,
});

/** The facts, as the gateway asks for them. */
export const ACCESS = `access(reader: $reader) { holder party known grantedGroups consentedGroups refusedGroups basis
  assigned charged courtGroups child sealed officialSuspect staffConflict breakGlassUntil }`;
