/**
 * Routes of a sandbox agency: `GET /persons/{cpr}`, `POST /persons:batch`. The first that matches answers.
 *
 * A parameter is one path segment, percent-decoded: keys that hold a slash arrive as `%2F`.
 */
import { type Answer, Refusal } from "./answer.ts";
import type { FaultState } from "./faults.ts";

export interface Call {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Parsed JSON of a POST, else null. */
  readonly body: unknown;
  /** For what a lying or refusing agency does to its records. */
  readonly faults: Readonly<FaultState>;
}

export interface Route {
  readonly method: string;
  readonly pattern: RegExp;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

export function route(template: string, handle: Route["handle"]): Route {
  const [method = "", path = ""] = template.split(" ");
  const pattern = path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return { method, pattern: new RegExp(`^${pattern}$`), handle };
}

export function dispatch(
  routes: readonly Route[],
  method: string,
  url: URL,
  rest: Pick<Call, "body" | "faults">,
): Answer | Promise<Answer> {
  const here = routes.filter(({ pattern }) => pattern.test(url.pathname));
  if (here.length === 0) throw new Refusal(404, "no such resource");
  const found = here.find((candidate) => candidate.method === method);
  if (!found) throw new Refusal(405, "no such method", { allow: here.map((each) => each.method).join(", ") });
  const groups = found.pattern.exec(url.pathname)?.groups ?? {};
  const params = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decoded(value)]));
  return found.handle({ ...rest, params, query: url.searchParams });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new Refusal(400, "a path that is no UTF-8");
  }
}
