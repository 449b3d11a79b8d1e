/** Access logs of which there are none: what is behind them is tested where it is whole (tests/scenarios/data-tracker.test.ts). */
import type { AccessLogSources } from "../../resolvers/gw/access-log.ts";
import { systemClock } from "../../src/kernel/clock.ts";

export const NO_ACCESS_LOGS: AccessLogSources = {
  pages: { page: async () => ({ entries: [], hasNext: false }) },
  caseStanding: async () => null,
  herFiles: async () => ({ workers: [], cases: [], isSafe: false }),
  personOf: async () => null,
  isAccused: async () => false,
  clock: systemClock,
};
