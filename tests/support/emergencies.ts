/**
 * What tests of break-glass ask and read: emergency access over HTTP against the running deployment, whose clock the tests move.
 * Each test has a day of its own.
 */
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { MWPS } from "../../sandbox/synth/members.ts";
import { EMERGENCY } from "../../src/break-glass/opening-rules.ts";
import { type Deployment, type Reader, type Reply, startDeployment } from "./deployment.ts";

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

interface Scene {
  /** Of the gateway. Noon in Bahrain of the day on which the test runs, at first. */
  now: number;
  on: Deployment;
}

const noonToday = (): number => Math.floor(Date.now() / DAY) * DAY + 9 * 60 * MINUTE;

export const scene: Scene = {
  now: noonToday(),
  get on(): Deployment {
    throw new Error("the deployment does not run yet");
  },
};

/** One deployment for the tests of a file. */
export function withDeployment(): void {
  let on: Deployment | null = null;
  beforeAll(async () => {
    scene.now = noonToday();
    on = await startDeployment({ clock: { now: () => scene.now } });
    Object.defineProperty(scene, "on", { value: on });
  });
  afterAll(() => on?.close());
  beforeEach(() => {
    scene.now += DAY;
  });
}

export type CastName = keyof Deployment["cast"]["cases"];
export const worker: Reader = { role: "EPC.caseWorker", purpose: EMERGENCY, staff: "epc-caseWorker-3" };
export const intake: Reader = { role: "EPC.intakeOfficer", purpose: EMERGENCY, staff: "epc-intakeOfficer-3" };
export const society: Reader = {
  role: "NGO.caseworker",
  purpose: EMERGENCY,
  member: MWPS,
  staff: "ngo-mwps-caseworker-3",
};
export const linked: Reader = { ...society, staff: "ngo-mwps-caseworker-2" };
export const officer: Reader = { role: "MOI.officer", purpose: EMERGENCY, staff: "moi-officer-3" };
export const reviewer: Reader = { role: "EPC.reviewer", purpose: "AUDIT_OVERSIGHT", staff: "epc-reviewer-1" };
export const auditor: Reader = { role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT", staff: "ncc-auditor-1" };

export const REASON = "the victim called and is in immediate danger";
export const OPEN = `mutation($id: ID, $document: EmergencyDocument, $why: String!, $key: String) {
  openBreakGlass(caseId: $id, document: $document, justification: $why, idempotencyKey: $key) { __typename
    ... on BreakGlassOpened { until } ... on Forbidden { reason } ... on CertificationRequired { skill }
    ... on GuardFailed { guard } } }`;
export const ENTRIES = `{ breakGlassEntries { id openedAt until agency { code } staff role justification reviewDueBy justified } }`;
export const REVIEW = `mutation($id: ID!, $justified: Boolean!) { reviewBreakGlass(id: $id, justified: $justified) { __typename
  ... on BreakGlassReviewed { justified suspended } ... on Forbidden { reason } ... on GuardFailed { guard } } }`;

/** Signed in so long ago, by the gateway's clock. */
export async function ask(
  reader: Reader,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  claims: Readonly<Record<string, unknown>> = {},
): Promise<Reply> {
  const seconds = Math.floor(scene.now / 1_000);
  const token = await scene.on.mint({
    role: reader.role,
    member: memberOf(reader),
    staff: reader.staff ?? "",
    claims: { iat: seconds, exp: seconds + 600, auth_time: seconds - 60, ...claims },
  });
  return scene.on.ask(reader, query, variables, { authorization: `Bearer ${token}` });
}

export const memberOf = ({ role, member }: Reader): string =>
  member ?? scene.on.cast.staffOf(role)[0]?.member ?? "";
export const uidOf = (name: CastName): string => scene.on.cast.cases[name].uid;
export const idOf = (reader: Reader, name: CastName): string => scene.on.idFor(reader, "Case", uidOf(name));

export const open = (
  reader: Reader,
  name: CastName,
  variables: object = {},
  claims: object = {},
): Promise<Reply> => ask(reader, OPEN, { id: idOf(reader, name), why: REASON, ...variables }, { ...claims });

export const payload = ({ data }: Reply): unknown => data?.["openBreakGlass"];
export const opened = () => ({
  __typename: "BreakGlassOpened",
  until: new Date(scene.now + 60 * MINUTE).toISOString(),
});

export const CONTENT = `id nrmNumber victim { person { nameLatin { full } gender } } screening { outcome findings { __typename } }
  supportPlans { type } shelterStays { facility { name } } health { urgentNeed } suspectProximity`;

export async function read(reader: Reader, name: CastName, selection = CONTENT) {
  const reply = await ask(
    { ...reader, issue: { uid: uidOf(name) } },
    `query($id: ID!) { case(id: $id) { ${selection} } }`,
    { id: idOf(reader, name) },
  );
  expect(reply.errors.map(({ message }) => message)).toEqual([]);
  return { ...reply, case: (reply.data?.["case"] ?? null) as Record<string, unknown> | null };
}

export const emergencyCases = async (reader: Reader): Promise<unknown> =>
  (await ask(reader, "{ emergencyCases { id nrmNumber } }")).data?.["emergencyCases"];

export interface Entry {
  readonly id: string;
  readonly staff: string;
  readonly justification: string | null;
  readonly openedAt: string;
}
/** Those of today. */
export async function entries(reader: Reader = reviewer): Promise<readonly Entry[]> {
  const { data } = await ask(reader, ENTRIES);
  const all = (data?.["breakGlassEntries"] ?? []) as readonly Entry[];
  return all.filter(({ openedAt }) => Math.abs(Date.parse(openedAt) - scene.now) < 2 * 60 * MINUTE);
}
export const notices = async (
  reader: Reader,
): Promise<readonly { readonly text: { readonly en: string } }[]> =>
  ((await ask(reader, "{ breakGlassNotices { at text { en ar } } }")).data?.["breakGlassNotices"] ??
    []) as readonly { readonly text: { readonly en: string } }[];
