/**
 * Asks z3 whether conditions can be, and for a situation in which they are.
 *
 * In      the terms of a proof; conditions to be asked one by one; the unknowns that a model shall give, if any.
 * Out     for each condition `never`, or a model that gives the value of every unknown.
 * Errors  PROVER_UNAVAILABLE when z3 does not finish in time, dies, or answers that it does not know: no answer is ever
 *         taken for a proof.
 * Cost    0.3 s and 150 MB for the process, which ends with the answer; then a millisecond or so a condition.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { GatewayError } from "../../kernel/errors.ts";
import { FALSE, type Term, type Terms } from "./terms.ts";

const DEFAULT_SOLVER_DEADLINE_MS = 120_000;
const CHILD = new URL(
  import.meta.url.endsWith(".ts") ? "./solver-child.ts" : "./solver-child.js",
  import.meta.url,
);

export type Model = ReadonlyMap<Term, string>;

/** Null for a condition that can never be. */
export async function solve(
  terms: Terms,
  conditions: readonly Term[],
  unknowns: readonly Term[],
  deadlineMs = DEFAULT_SOLVER_DEADLINE_MS,
): Promise<readonly (Model | null)[]> {
  const open = [...new Set(conditions)].filter((condition) => condition !== FALSE);
  if (open.length === 0) return conditions.map(() => null);
  const answers = await run(scriptOf(terms, open, unknowns), deadlineMs);
  const models = answers
    .split(MARK)
    .slice(1)
    .map((answer) => modelOf(answer, unknowns));
  if (models.length !== open.length) throw unavailable("z3 answered fewer conditions than it was asked");
  const byCondition = new Map(open.map((condition, index) => [condition, models[index] ?? null]));
  return conditions.map((condition) => byCondition.get(condition) ?? null);
}

const MARK = "ihala-condition";

function scriptOf(terms: Terms, conditions: readonly Term[], unknowns: readonly Term[]): string {
  const values = unknowns.length > 0 ? `(get-value (${unknowns.join(" ")}))` : "";
  const ask = (condition: Term) =>
    `(echo "${MARK}")\n(push)\n(assert ${condition})\n(check-sat)\n${values}\n(pop)`;
  // Booleans and linear integers: a policy that multiplies two unknowns is answered `unknown`, and refused.
  return ["(set-logic QF_LIA)", terms.script(), ...conditions.map(ask)].join("\n");
}

/** `sat`, then `((|name| value) …)`; after `unsat`, `get-value` is an error, which is expected. */
function modelOf(answer: string, unknowns: readonly Term[]): Model | null {
  const [verdict = "", ...rest] = answer.trim().split("\n");
  if (verdict === "unsat") return null;
  if (verdict !== "sat") throw unavailable(`z3 answered \`${verdict}\``);
  const values = [...rest.join(" ").matchAll(/\((\|[^|]+\||[^\s()|]+) (true|false|-?\d+|\(- \d+\))\)/g)];
  const model = new Map(values.map(([, name = "", value = ""]) => [quoted(name), plain(value)]));
  if (unknowns.some((unknown) => !model.has(unknown))) throw unavailable("z3's model is incomplete");
  return model;
}

/** z3 leaves the bars out where a name needs none. */
const quoted = (name: string): Term => (name.startsWith("|") ? name : `|${name}|`);
const plain = (value: string): string => value.replace(/^\(- (\d+)\)$/, "-$1");

const running = new Set<ChildProcess>();

/** For a thread that is about to end: a process of its own would outlive it. */
export function endSolvers(): void {
  for (const child of running) child.kill("SIGKILL");
}

async function run(script: string, deadlineMs: number): Promise<string> {
  const child = spawn(process.execPath, [fileURLToPath(CHILD), String(deadlineMs)], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  running.add(child);
  const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", (cause) => reject(unavailable("z3 cannot be started", cause)));
    child.once("exit", resolve);
  });
  // A child that died says so by its status; what could not be written to it does not matter then.
  child.stdin.on("error", () => {});
  child.stdin.end(script);
  try {
    const [answer, status] = await Promise.all([text(child.stdout), ended]);
    if (status === 0) return answer;
    throw unavailable(`z3 did not answer in ${deadlineMs} ms, or died`);
  } finally {
    running.delete(child);
    clearTimeout(timer);
  }
}

const unavailable = (message: string, cause?: unknown): GatewayError =>
  new GatewayError("PROVER_UNAVAILABLE", message, cause === undefined ? {} : { cause });
