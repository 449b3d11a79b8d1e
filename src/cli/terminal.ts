/** Where a command reads and writes, so that tests can hold both ends. */
import { GatewayError } from "../kernel/errors.ts";

export interface Terminal {
  readonly input: AsyncIterable<string | Uint8Array>;
  out(text: string): void;
  err(text: string): void;
}

export const processTerminal: Terminal = {
  input: process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

/** A failed command on standard error: code, message, one line for each problem. Stacks are for faults only. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof GatewayError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `ihala: ${stack}\n`;
  }
  const { problems = [], cause } = error.detail;
  const causes = Array.isArray(cause) && cause.length > 1 ? cause.map(({ message }: Error) => message) : [];
  return [
    `ihala: ${error.message} [${error.code}]`,
    ...[...problems, ...causes].map((problem) => `  - ${problem}`),
    "",
  ].join("\n");
}
