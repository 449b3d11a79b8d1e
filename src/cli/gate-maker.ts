/** Gates as the gateway makes them, but for no reader in particular: for commands that tell what would be shown to whom. */
import type { Config } from "../config/config.ts";
import type { AgencyCode } from "../kernel/brands.ts";
import { systemClock } from "../kernel/clock.ts";
import type { GateMaker } from "../plan/gates.ts";
import { NO_PERSON, REGISTER_FACTS } from "../policy/facts.ts";
import type { Profile } from "../policy/verdict.ts";
import type { Supergraph } from "../supergraph/supergraph.ts";

export function gateMaker(
  { agencies }: Config,
  supergraph: Supergraph,
  agency: AgencyCode,
  profile: Profile,
): GateMaker {
  const manyMembered = new Set(agencies.filter(({ members }) => members.length > 1).map(({ code }) => code));
  return {
    supergraph,
    profile,
    isOwn: ({ owner }) => owner === agency && !manyMembered.has(owner),
    registerFacts: REGISTER_FACTS(NO_PERSON, systemClock.now()),
  };
}
