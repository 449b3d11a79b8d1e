/** Runs a command of `ihala` that starts no part, with a terminal that remembers. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { testTerminal } from "./test-terminal.ts";

/** None of these commands starts anything. */
const noParts = async () => expect.fail("a part was started");

export async function ihala(args: readonly string[], input = "") {
  const terminal = testTerminal(input);
  const status = await runProgram(args, noParts, terminal);
  return { status, out: terminal.written(), err: terminal.complaints() };
}

export async function configFile(text: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), "ihala-cli-")), "ihala.yaml");
  await writeFile(file, text);
  return file;
}
