/** Children that do not get ready, each in a way of its own. */
import { runChild } from "../../../src/cli/run-child.ts";
import { GatewayError } from "../../../src/kernel/errors.ts";

runChild<{ readonly way: "refuses" | "throws" | "dies" | "hangs" }>(async ({ way }) => {
  if (way === "refuses")
    throw new GatewayError("PORT_IN_USE", "port 1 is in use", { problems: ["one", "two"] });
  if (way === "throws") throw new TypeError("a bug");
  if (way === "dies") process.kill(process.pid, "SIGKILL");
  setInterval(() => {}, 1_000);
  return new Promise(() => {});
});
