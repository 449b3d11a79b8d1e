/** A child that is ready with what it was told, and writes to a file when it is stopped in order. */
import { writeFile } from "node:fs/promises";
import { runChild } from "../../../src/cli/run-child.ts";

runChild<{ readonly says: unknown; readonly onStop?: string }>(async ({ says, onStop }) => {
  const busy = setInterval(() => {}, 1_000);
  return {
    ready: says,
    stop: async () => {
      clearInterval(busy);
      if (onStop) await writeFile(onStop, "stopped in order");
    },
  };
});
