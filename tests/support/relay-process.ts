/** A proxy before one agency's server, as a process of its own that can be stopped and killed: the other side of `relay.ts`. */
import { serveWorker } from "../../bench/serve-worker.ts";
import type { RelayOptions, RelayQuestions, RelayReady } from "./relay.ts";
import { startTamperingProxy, type Tamper } from "./tampering-proxy.ts";

/** Longer than any agency is waited for. */
const LATE_MS = 5_000;
const HUGE_BYTES = 10 * 1_048_576;
const JSON_TYPE = { "content-type": "application/json" };
const saying =
  (body: string): Tamper =>
  () => ({ status: 200, headers: JSON_TYPE, body });

const WAYS: Readonly<Record<string, Tamper>> = {
  late: async (answer) => {
    await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    return answer;
  },
  half: () => "half",
  torn: () => "torn",
  garbage: saying("\u0000<html>not what was asked"),
  "of wrong types": saying('{"data":{"e0":7,"_entities":[{"__typename":[7]}]}}'),
  huge: (answer) => saying(`{"pad":"${"x".repeat(HUGE_BYTES)}"}`)(answer, ""),
  partial: (answer) => ({ ...answer, body: JSON.stringify(partial(JSON.parse(answer.body) as Answer)) }),
};

interface Answer {
  readonly data: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** The first list without the values of its first row, each with an error in the agency's words. */
function partial({ data }: Answer): object {
  const [[name = "", [first = {}, ...rest] = []] = []] = Object.entries(data);
  const fields = Object.keys(first).filter((field) => field !== "__typename");
  const row = { ...first, ...Object.fromEntries(fields.map((field) => [field, null])) };
  const message = "cnr-secret.words-1-message";
  const errors = fields.map((field) => ({ message, path: [name, 0, field], extensions: { code: message } }));
  return { data: { ...data, [name]: [row, ...rest] }, errors };
}

serveWorker<RelayOptions>(async ({ target, port }) => {
  const proxy = await startTamperingProxy(target, port);
  const answers: RelayQuestions = {
    asked: () => proxy.asked(),
    answer: (way) => proxy.tamper(way === null ? null : (WAYS[way] ?? null)),
  };
  const ready: RelayReady = { url: proxy.urlFor(target), pid: process.pid };
  return { ready, answers, stop: () => proxy.close() };
});
