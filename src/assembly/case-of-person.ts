/**
 * Which case is meant by somebody's document: the newest in which the person is a victim, whether the reader may know of it or not.
 *
 * In      a personal number and a name as the document has them.
 * Out     the case's uid, or null: no such person, another name, or no case. The same questions are asked of the same agencies,
 *         whichever it is: the register by the number, the ledger by whoever that is.
 * Name    agrees when every word of it is a word of the register's Arabic or Latin name, case and accents apart; at least two.
 * Errors  AGENCY_UNAVAILABLE when register or ledger do not answer.
 */
import type { Asking } from "../break-glass/case-questions.ts";
import type { CaseOfPerson } from "../break-glass/desk.ts";
import type { Config } from "../config/config.ts";
import type { LinkTable } from "../connectors/link-table.ts";
import type { Backend } from "../execute/backend.ts";
import type { AgencyCode, MemberAddress, SubgraphName } from "../kernel/brands.ts";
import { askEntities } from "./ask-entities.ts";

export interface CaseOfPersonParts {
  readonly config: Pick<Config, "agencies">;
  readonly links: LinkTable;
  readonly backends: ReadonlyMap<SubgraphName, Backend>;
}

const REGISTER = "IGA" as AgencyCode;
const NAMES = `query ($of: [_Any!]!) { _entities(representations: $of) {
  ... on Person { nameAr { full } nameLatin { full } } } }`;
const CASES = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { victimOf } } }`;

export function caseOfPerson({ config, links, backends }: CaseOfPersonParts): CaseOfPerson {
  const ask = async (subgraph: string, agency: string, query: string, uid: string, asking: Asking) => {
    const backend = backends.get(subgraph as SubgraphName);
    const [found] = await askEntities(backend, { agency, query, type: "Person", uids: [uid] }, asking);
    return found ?? {};
  };
  const uidOf = async (key: string): Promise<string> => {
    const member = config.agencies.find(({ code }) => code === REGISTER)?.members[0]
      ?.address as MemberAddress;
    const [uid] = await links.session().uidsOf(REGISTER, [{ type: "Person", member, key }]);
    return uid ?? "";
  };
  return async ({ cpr, name }, asking) => {
    const uid = await uidOf(cpr);
    const [names, { victimOf }] = await Promise.all([
      ask("iga", REGISTER, NAMES, uid, asking),
      ask("epc_spine", "EPC", CASES, uid, asking),
    ]);
    const [newest] = Array.isArray(victimOf) ? victimOf : [];
    const isMeant = [names["nameAr"], names["nameLatin"]].some((known) => agrees(name, fullOf(known)));
    return isMeant && typeof newest === "string" ? newest : null;
  };
}

const fullOf = (known: unknown): string => String((known as { readonly full?: unknown } | null)?.full ?? "");

function agrees(given: string, known: string): boolean {
  const words = wordsOf(given);
  return words.size > 1 && words.isSubsetOf(wordsOf(known));
}

const wordsOf = (name: string): ReadonlySet<string> =>
  new Set(
    name
      .normalize("NFKD")
      .replaceAll(/\p{M}/gu, "")
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== ""),
  );
