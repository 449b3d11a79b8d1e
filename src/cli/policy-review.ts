/** `ihala policy who`, `matrix` and `replay`: what policies open to whom. Each resolves to the status of the process. */
import type { Config } from "../config/config.ts";
import { GatewayError } from "../kernel/errors.ts";
import { accessMatrix, fieldsCsv, groupsCsv } from "../policy/review/matrix.ts";
import { type Difference, replayLines } from "../policy/review/replay.ts";
import { plainWho, whoSees } from "../policy/review/who.ts";
import { whoText } from "../policy/review/who-text.ts";
import { policySetAt } from "./policy-folder.ts";
import { linesOf } from "./policy-tools.ts";
import { suggest } from "./suggest.ts";
import type { Terminal } from "./terminal.ts";

interface Json {
  readonly json?: boolean;
}

export async function runPolicyWho(
  config: Config,
  coordinate: string,
  folder: string | undefined,
  { json = false }: Json,
  terminal: Terminal,
): Promise<number> {
  const policySet = await policySetAt(config, folder);
  const field = policySet.domain.fields.get(coordinate);
  if (!field) {
    const near = suggest(coordinate, policySet.domain.fields.keys());
    throw new GatewayError("BAD_USER_INPUT", `\`${coordinate}\` is no field with a group${near}`);
  }
  const who = await whoSees(policySet, field);
  terminal.out(json ? `${JSON.stringify(plainWho(who), null, 2)}\n` : whoText(who));
  return 0;
}

export async function runPolicyMatrix(
  config: Config,
  folder: string | undefined,
  { json = false, fields = false }: Json & { readonly fields?: boolean },
  terminal: Terminal,
): Promise<number> {
  const matrix = await accessMatrix(await policySetAt(config, folder));
  if (json) terminal.out(`${JSON.stringify(matrix)}\n`);
  else terminal.out(fields ? fieldsCsv(matrix) : groupsCsv(matrix));
  return 0;
}

/** Status 1 when a decision differs or a line cannot be read. */
export async function runPolicyReplay(
  config: Config,
  folder: string,
  { json = false }: Json,
  terminal: Terminal,
): Promise<number> {
  const replay = replayLines(await policySetAt(config, folder), linesOf(terminal));
  for (;;) {
    const next = await replay.next();
    if (next.done) {
      const { decisions, differences, badLines } = next.value;
      if (!json) terminal.out(`${decisions} decisions, ${differences} differ\n`);
      return differences + badLines > 0 ? 1 : 0;
    }
    if (json) terminal.out(`${JSON.stringify(next.value)}\n`);
    else if ("error" in next.value) terminal.err(`line ${next.value.line}: ${next.value.error}\n`);
    else terminal.out(differenceLine(next.value));
  }
}

function differenceLine({ line, kind, question, before, after }: Difference): string {
  const { role, purpose, field } = question;
  const isOwed = before.obligations !== undefined && before.effect === after.effect;
  const by = ({ effect, level, policies, obligations = [] }: Difference["before"]) =>
    [
      effect,
      ...(level && level !== "clear" ? [level] : []),
      ...(policies.length > 0 ? [`(${policies.join(", ")})`] : []),
      ...(isOwed && obligations.length > 0 ? [`owing ${obligations.join(" ")}`] : []),
    ].join(" ");
  return `line ${line}: ${kind}: ${role}, ${purpose}, ${field}: ${by(before)} → ${by(after)}\n`;
}
