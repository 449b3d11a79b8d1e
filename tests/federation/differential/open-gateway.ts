/** Opens a development gateway for a campaign. */
import { openDevGateway } from "../../support/dev-gateway.ts";
import type { Open } from "./campaign.ts";

/** Random documents may be big; bounds have tests of their own. */
const WIDE = { maxDepth: 100, maxAliases: 10_000, maxSelections: 100_000 };

export const openGateway: Open = async (supergraphSdl, backends) => {
  const { ask, close } = await openDevGateway({ supergraphSdl, backends, limits: WIDE });
  return {
    answer: async ({ text, operationName, variables }) =>
      JSON.parse(await ask({ query: text, operationName, variables })),
    close,
  };
};
