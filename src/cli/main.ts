#!/usr/bin/env node
/** `ihala`, the command line. */
import { runProgram } from "./program.ts";
import { sandboxParts } from "./sandbox-parts.ts";
import { processTerminal } from "./terminal.ts";

process.exitCode = await runProgram(process.argv.slice(2), sandboxParts, processTerminal);
