/**
 * What break-glass works with: the gateway's database, the ledger, the disclosure log and the keys of its subjects.
 *
 * Ledger   asked in the name of who asks, as for any other fact.
 * Record   of an opening names the case as its issue and shows nothing of it; its class is `BREAK_GLASS`.
 */
import { OPENING_OPERATION } from "../audit/record.ts";
import { sealedNote, sealNote } from "../audit/subject-note.ts";
import type { Asking, CaseQuestions } from "../break-glass/case-questions.ts";
import { BreakGlassDesk, type CaseOfPerson, type DeskParts } from "../break-glass/desk.ts";
import { EMERGENCY } from "../break-glass/opening-rules.ts";
import type { Config } from "../config/config.ts";
import type { Backend } from "../execute/backend.ts";
import type { GatewayParts } from "../gateway.ts";
import type { SubgraphName } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { type AnsweredEntity, askEntities } from "./ask-entities.ts";
import type { Lasting } from "./lasting.ts";

export interface BreakGlassParts {
  readonly config: Pick<Config, "deployment">;
  readonly lasting: Pick<Lasting, "pool" | "log" | "disclosures" | "clock">;
  readonly caseOfPerson: CaseOfPerson;
  readonly backends: ReadonlyMap<SubgraphName, Backend>;
}

const SPINE = "epc_spine" as SubgraphName;
const OWNER = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Case { owner { address } } } }`;
const OVERLAYS = `query ($of: [_Any!]!, $reader: ReaderInput!) { _entities(representations: $of) {
  ... on Case { access(reader: $reader) { officialSuspect staffConflict } } } }`;
/** Nothing has left yet: the answer of the operation is in its own record. */
const NO_ANSWER = new Uint8Array();

export function breakGlassDesk(parts: BreakGlassParts): (policyVersion: string) => BreakGlassDesk {
  const { config, lasting, caseOfPerson, backends } = parts;
  const { pool, clock } = lasting;
  const { timeZone } = config.deployment;
  const cases = caseQuestions(backends.get(SPINE));
  const seals = sealsOf(lasting);
  return (policyVersion) =>
    new BreakGlassDesk({
      ...{ pool, clock, timeZone, cases, caseOfPerson, seals },
      record: recorder(parts, policyVersion),
    });
}

const recorder =
  ({ config, lasting }: BreakGlassParts, policyVersion: string): DeskParts["record"] =>
  async ({ member, staff, role }, caseUid, atMs) =>
    void (await lasting.log.append(
      {
        time: new Date(atMs).toISOString(),
        gateway: config.deployment.name,
        ...{ reader: staff, member, role, purpose: EMERGENCY, issue: caseUid, policyVersion },
        ...{
          operationHash: OPENING_OPERATION,
          withheldCount: 0,
          refusals: {},
          subjects: [],
          kind: "BREAK_GLASS",
        },
      },
      NO_ANSWER,
    ));

const contextOf = (opening: string): string => `break-glass/${opening}`;

function sealsOf({ log: { keys }, disclosures }: Pick<Lasting, "log" | "disclosures">): DeskParts["seals"] {
  if (!keys)
    throw new GatewayError("INTERNAL_SERVER_ERROR", "the disclosure log has no keys to seal reasons with");
  return {
    seal: (uid, opening, reason) => sealNote(keys, { type: "Case", uid }, contextOf(opening), reason),
    async open(all) {
      const sealed = all.map(({ opening, ...note }) => sealedNote(contextOf(opening), note));
      return (await disclosures.open(sealed)).map((words) => words?.toString() ?? null);
    },
  };
}

export function caseQuestions(ledger: Backend | undefined): CaseQuestions {
  const ask = (query: string, uids: readonly string[], asking: Asking, more = {}) =>
    askEntities(ledger, { agency: "EPC", query, type: "Case", uids, more }, asking);
  return {
    async ownerOf(uid, asking) {
      const [found] = await ask(OWNER, [uid], asking);
      const { address } = (found?.["owner"] ?? {}) as { readonly address?: unknown };
      return typeof address === "string" ? address : null;
    },
    async closedTo(uids, asking) {
      const { agency, member: address, role, staff, purpose } = asking.reader;
      const found = await ask(OVERLAYS, uids, asking, { reader: { agency, address, role, staff, purpose } });
      return new Set(uids.filter((_, at) => isClosed(found[at] ?? null)));
    },
  };
}

function isClosed(found: AnsweredEntity): boolean {
  if (found === null) return false;
  const { officialSuspect, staffConflict } = (found["access"] ?? {}) as Readonly<Record<string, unknown>>;
  return officialSuspect !== false || staffConflict !== false;
}

/** Only for the purpose of emergencies, so that nobody else waits for it. AGENCY_UNAVAILABLE when it cannot be known. */
export const brokenGlassOf =
  (desk: BreakGlassDesk): NonNullable<GatewayParts["brokenGlass"]> =>
  async (reader, nowMs) => {
    if (reader.purpose !== EMERGENCY) return new Map();
    return desk.openFor(reader, nowMs).catch((cause: unknown) => {
      throw new GatewayError("AGENCY_UNAVAILABLE", "what break-glass opens cannot be known", {
        agency: "GW",
        cause,
      });
    });
  };
