#!/usr/bin/env node
/** `ihala`, the command line. */
import { runProgram } from "./program.ts";
import { processTerminal } from "./terminal.ts";

const loadParts = async () => (await import("./sandbox-parts.ts")).sandboxParts;

process.exitCode = await runProgram(process.argv.slice(2), loadParts, processTerminal);
