/**
 * Which answers in pieces the caller's `Accept` can carry, and in which form.
 *
 * Rule    `text/event-stream` (GraphQL over SSE, distinct connections) carries everything; `multipart/mixed` carries incremental
 *         answers in their current form, said with `incrementalSpec=v0.2` or without a parameter. Who asks for an older or another
 *         form (`deferSpec`, `subscriptionSpec`) and for JSON gets a whole answer as JSON, which GraphQL allows for `@defer`.
 * Cost    nothing for the many who ask for neither.
 */
import { type Preference, preferencesOf } from "../kernel/preferences.ts";
import type { Carries } from "../respond/answer.ts";
import { multipart } from "./multipart.ts";
import { sse } from "./sse.ts";
import type { Framing } from "./stream-response.ts";

export interface StreamAcceptance {
  readonly carries: Carries;
  readonly framing: Framing;
}

const ANY = /text\/event-stream|multipart\/mixed/i;
const SPEC = "incrementalspec=";
const CURRENT_SPEC = "v0.2";
const OTHER_SPEC = /^(deferspec|subscriptionspec)=/;

export const WHOLE_ONLY: Carries = { events: false, incremental: false };

const SSE: StreamAcceptance = { carries: { events: true, incremental: true }, framing: sse };

export function streamAcceptanceOf(accept: string | undefined): StreamAcceptance | null {
  if (accept === undefined || !ANY.test(accept)) return null;
  const taken = preferencesOf(accept).filter(({ quality }) => quality > 0);
  if (taken.some(({ value }) => value === "text/event-stream")) return SSE;
  const parts = taken.find(isCurrentMultipart);
  return parts ? { carries: { events: false, incremental: true }, framing: multipart(specOf(parts)) } : null;
}

function isCurrentMultipart(preference: Preference): boolean {
  const { value, parameters } = preference;
  if (value !== "multipart/mixed" || parameters.some((parameter) => OTHER_SPEC.test(parameter))) return false;
  return (specOf(preference) ?? CURRENT_SPEC) === CURRENT_SPEC;
}

const specOf = ({ parameters }: Preference): string | null =>
  parameters
    .find((parameter) => parameter.startsWith(SPEC))
    ?.slice(SPEC.length)
    .replaceAll('"', "") ?? null;
