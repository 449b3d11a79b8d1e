/**
 * Reads numbers beyond ±(2⁵³ − 1) exactly, though the JSON form that cedar-wasm gives of a policy rounds them.
 *
 * In      the text of a policy, and Cedar's function that turns text into JSON.
 * Out     what Cedar says of the text; in its JSON such a number is `{"__long": "9007199254740993"}`, our extension of the form.
 * Rule    each is replaced, for that reading alone, by a small number that the policy does not hold. Cedar has read and
 *         bounded the text itself before, so that what is refused is refused at its place.
 */
import { tokensOf } from "./policy-text.ts";

type Read<Reply> = (text: string) => Reply;

export function readExactly<Reply extends { readonly type: string }>(text: string, read: Read<Reply>): Reply {
  const reply = read(text);
  const numbers = new Set(tokensOf(text).filter((token) => /^\d/.test(token)));
  const large = [...numbers].filter((token) => Number(token) > Number.MAX_SAFE_INTEGER);
  if (reply.type !== "success" || large.length === 0) return reply;
  const standIns = unusedNumbers(numbers, large.length);
  const byNumber = new Map(large.map((token, index) => [token, standIns[index]!]));
  const byStandIn = new Map(large.map((token, index) => [standIns[index]!, token]));
  const short = tokensOf(text).map((token) => byNumber.get(token) ?? token);
  return JSON.parse(JSON.stringify(read(short.join(""))), (key, value) =>
    key === "Value" && typeof value === "number" ? exact(value, byStandIn) : value,
  );
}

function unusedNumbers(used: ReadonlySet<string>, count: number): readonly number[] {
  const values = new Set([...used].map(Number));
  return Array.from({ length: used.size + count }, (_, index) => index + 1)
    .filter((number) => !values.has(number))
    .slice(0, count);
}

/** Cedar has taken a sign into the number. */
function exact(value: number, byStandIn: ReadonlyMap<number, string>): unknown {
  const digits = byStandIn.get(Math.abs(value));
  return digits === undefined ? value : { __long: value < 0 ? `-${digits}` : digits };
}
