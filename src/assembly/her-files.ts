/**
 * What else of a person is read about than her file in the registers: her file as a worker, and, for herself, the cases in which
 * she is a victim, with whether the centre has recorded that her account is safe to read about them on.
 *
 * Same    whoever asks about herself, the same agencies are asked the same: what the ledger says of her shows in nothing but what she may see.
 * Told    the ledger hears no personal number: the question names nobody as its reader. The labour authority is asked as for any worker.
 * Errors  AGENCY_UNAVAILABLE when one of them does not answer: half of a log would look like all of it.
 */
import type { HerFilesOf } from "../../resolvers/gw/access-log.ts";
import type { Backend, SubgraphRequest } from "../execute/backend.ts";
import type { SubgraphName } from "../kernel/brands.ts";
import { askEntities } from "./ask-entities.ts";

const WORKER =
  "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { worker { uid } } } }";
const CASES =
  "query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { victimOf logSafe } } }";

export function herFiles(backends: () => ReadonlyMap<SubgraphName, Backend>): HerFilesOf {
  const ask = async (
    subgraph: string,
    agency: string,
    query: string,
    uid: string,
    asking: SubgraphRequest,
  ) => {
    const backend = backends().get(subgraph as SubgraphName);
    const [found] = await askEntities(backend, { agency, query, type: "Person", uids: [uid] }, asking);
    return found ?? {};
  };
  return async (uid, isHerself, request) => {
    const unnamed = { ...request, reader: { ...request.reader, staff: "" } };
    const [labour, ledger] = await Promise.all([
      ask("lmra", "LMRA", WORKER, uid, unnamed),
      isHerself ? ask("epc_spine", "EPC", CASES, uid, unnamed) : {},
    ]);
    const { victimOf, logSafe } = ledger as { readonly victimOf?: unknown; readonly logSafe?: unknown };
    const worker = (labour["worker"] as { readonly uid?: unknown } | null | undefined)?.uid;
    const isSafe = logSafe === true;
    return {
      workers: typeof worker === "string" ? [worker] : [],
      cases: isSafe && Array.isArray(victimOf) ? victimOf.map(String) : [],
      isSafe,
    };
  };
}
