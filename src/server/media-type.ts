/**
 * The media type of an answer: what `accept` prefers of the two that GraphQL over HTTP knows.
 *
 * In      the header; without one the older type, as the specification's legacy clients expect.
 * Out     the type, null when the caller takes neither (406).
 * Rule    higher weight, then the more exact range, then the order of the header; of equals the older type (RFC 9110 §12.5.1).
 * Cost    a map look-up for a header seen before.
 */
import { LRUCache } from "lru-cache";
import { type Preference, preferencesOf } from "../kernel/preferences.ts";

export const JSON_TYPE = "application/json; charset=utf-8";
export const RESPONSE_TYPE = "application/graphql-response+json; charset=utf-8";

export type MediaType = typeof JSON_TYPE | typeof RESPONSE_TYPE;

const OFFERS: readonly MediaType[] = [JSON_TYPE, RESPONSE_TYPE];
const KNOWN_HEADERS = 200;
/** Longer ones, which no client sends, are read anew each time. */
const KEPT_CHARACTERS = 256;

interface Choice {
  readonly mediaType: MediaType | null;
}

const known = new LRUCache<string, Choice>({ max: KNOWN_HEADERS });

export function mediaTypeFor(accept: string | undefined): MediaType | null {
  if (!accept) return JSON_TYPE;
  const choice = known.get(accept);
  if (choice) return choice.mediaType;
  const mediaType = choose(preferencesOf(accept));
  if (accept.length <= KEPT_CHARACTERS) known.set(accept, { mediaType });
  return mediaType;
}

function choose(preferences: readonly Preference[]): MediaType | null {
  const ranked = OFFERS.map((offer) => rank(offer, preferences)).filter(({ quality }) => quality > 0);
  ranked.sort((a, b) => b.quality - a.quality || b.exactness - a.exactness || a.at - b.at);
  return ranked[0]?.offer ?? null;
}

/** By the most exact range that covers the offer. */
function rank(offer: MediaType, preferences: readonly Preference[]) {
  const best = { offer, quality: 0, exactness: -1, at: 0 };
  for (const [at, { quality, ...range }] of preferences.entries()) {
    const exactness = exactnessOf(range, offer);
    if (exactness > best.exactness) Object.assign(best, { quality, exactness, at });
  }
  return best;
}

/** -1 when the range does not cover the offer. A parameter of the range must be the offer's. */
function exactnessOf({ value, parameters }: Omit<Preference, "quality">, offer: MediaType): number {
  const [type, charset = ""] = offer.split("; ");
  if (parameters.some((parameter) => parameter.replaceAll('"', "") !== charset)) return -1;
  if (value === type) return 2 + parameters.length;
  return ["*/*", "application/*"].indexOf(value);
}
