/**
 * Keeps V8's young generation at a size that a gateway can use.
 *
 * Why     a request lives for some ten milliseconds. V8 lets the space for young objects grow to 2 × 64 MB; behind 2 × 32 MB a larger
 *         one saves no work that we could measure, and costs a third of the resident memory (docs/performance.md).
 * How     the bound itself is a flag of the command line, which those who embed or start us may not set; the factor of its growth is
 *         read whenever it is about to grow.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

const ENOUGH_BYTES = 48 * 1_048_576;
const LOOK_EVERY_MS = 25;

export function boundYoungGeneration(): void {
  const timer = setInterval(() => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
    if ((young?.space_size ?? 0) < ENOUGH_BYTES) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    clearInterval(timer);
  }, LOOK_EVERY_MS);
  timer.unref();
}
