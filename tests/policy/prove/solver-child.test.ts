/** The solver's process ends by itself at its deadline, though whoever began it asks nothing and ends nothing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../../src/config/package-root.ts";

const CHILD = join(PACKAGE_ROOT, "src/policy/prove/solver-child.ts");

it("ends though nobody ends it", async () => {
  const child = spawn(process.execPath, [CHILD, "300"], { stdio: ["pipe", "ignore", "ignore"] });
  expect(await once(child, "exit")).toEqual([1, null]);
});

it("answers what it is asked before", async () => {
  const child = spawn(process.execPath, [CHILD, "20000"], { stdio: ["pipe", "pipe", "ignore"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end("(assert false)(check-sat)");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(Buffer.concat(chunks).toString()).toBe("unsat\n");
});
