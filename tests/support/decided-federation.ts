/**
 * A small federation of which some fields are decided: what each reader may see is a list of coordinates. The whole pipeline of a
 * deployment but for identity, seals and Cedar; disclosures are kept in a list.
 */
import type { DisclosureLog } from "../../src/audit/log.ts";
import type { Disclosure } from "../../src/audit/record.ts";
import { createGateway } from "../../src/gateway.ts";
import { ANONYMOUS } from "../../src/identity/anonymous.ts";
import type { AgencyCode, Coordinate, MemberAddress } from "../../src/kernel/brands.ts";
import { systemClock } from "../../src/kernel/clock.ts";
import { unsealed } from "../../src/kernel/seals.ts";
import { startPlanner } from "../../src/plan/planner.ts";
import { permitAll } from "../../src/policy/permit-all.ts";
import type { Effect, Profile } from "../../src/policy/verdict.ts";
import { plainSupergraph } from "../../src/supergraph/plain-supergraph.ts";
import type { FieldInfo, Supergraph } from "../../src/supergraph/supergraph.ts";
import type { openDevGateway } from "./dev-gateway.ts";
import { type Double, type Outcome, startFederation } from "./federation.ts";
import { ALLOW } from "./mirror-pipeline.ts";

export interface Decided {
  /** As a reader for whom these decided fields, `Type.field`, have another effect than ALLOW. */
  ask(query: string, effects?: Effects): Promise<Outcome>;
  readonly disclosures: readonly Disclosure[];
  close(): Promise<void>;
}

export type Effects = Readonly<Record<string, Effect>>;

/** `decided`: fields that policy decides; the others are everybody's. */
export async function startDecidedFederation(
  doubles: Readonly<Record<string, Double>>,
  decided: readonly string[],
): Promise<Decided> {
  const disclosures: Disclosure[] = [];
  let effects: Effects = {};
  const log: DisclosureLog = {
    append: async (disclosure) => ({ sequence: disclosures.push(disclosure) }),
    close: async () => {},
    keys: null,
    failed: new Promise(() => {}),
  };
  const open: typeof openDevGateway = async ({ supergraphSdl, backends = new Map() }) => {
    const supergraph = labelled(plainSupergraph(supergraphSdl), new Set(decided));
    const planner = await startPlanner(supergraph.sdl);
    const gateway = createGateway({
      ...{ name: "decided", supergraph, planner, backends, log },
      policies: {
        ...{ version: "v1", domain: permitAll.domain },
        profile: () => profileOf(effects),
        profiles: () => [profileOf(effects)],
      },
      seals: unsealed,
      authenticate: async () => ({ ...ANONYMOUS, member: "BH/TEST" as MemberAddress }),
      manyMembered: new Set(),
      limits: { maxTokens: 2_000, maxDepth: 10, maxAliases: 100, maxSelections: 1_000 },
      unserved: new Set(),
      clock: systemClock,
    });
    return {
      gateway,
      async ask({ query, operationName, variables = {} }) {
        const { signal } = new AbortController();
        const headers = { get: () => undefined };
        const answer = await gateway.answer({
          headers,
          query,
          operationName,
          variables,
          signal,
          locale: "en",
        });
        if (answer.kind !== "whole") throw new Error("a whole answer was expected");
        return answer.body.text;
      },
      close: () => planner.close(),
    };
  };
  const federation = await startFederation(doubles, {}, open);
  return {
    disclosures,
    ask(query, as = {}) {
      effects = as;
      return federation.ask(query);
    },
    close: () => federation.close(),
  };
}

function labelled(supergraph: Supergraph, decided: ReadonlySet<string>): Supergraph {
  const unknown = [...decided].filter((at) => !supergraph.fields.has(at as Coordinate));
  if (unknown.length > 0) throw new Error(`no such fields: ${unknown.join(", ")}`);
  const label = (info: FieldInfo): FieldInfo =>
    decided.has(info.coordinate)
      ? { ...info, group: "TESTED", level: "S4", owner: info.servedBy[0] as string as AgencyCode }
      : info;
  return {
    ...supergraph,
    fields: new Map([...supergraph.fields].map(([at, info]) => [at, label(info)])),
  };
}

const profileOf = (effects: Effects): Profile => ({
  key: JSON.stringify(effects),
  verdict: ({ coordinate: at }) => ({
    kind: "settled",
    outcome: { ...ALLOW, effect: effects[at] ?? "ALLOW", reason: "R7", shownReason: "R7" },
  }),
});
