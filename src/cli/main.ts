#!/usr/bin/env node
/** `ihala`, the command line. */
import { runProgram } from "./program.ts";
import { processTerminal } from "./terminal.ts";

/** Whoever reads what a command prints may stop before its end, as `head` does. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const loadParts = async () => (await import("./sandbox-parts.ts")).sandboxParts;

process.exitCode = await runProgram(process.argv.slice(2), loadParts, processTerminal);
