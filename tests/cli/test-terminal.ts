/** A terminal that remembers what a command wrote. */
import type { Terminal } from "../../src/cli/terminal.ts";

export function testTerminal(input = "") {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    input: (async function* () {
      yield input;
    })(),
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  };
  return { ...terminal, written: () => out.join(""), complaints: () => err.join("") };
}
