/** Bounds of an operation and of a fetch. */
import * as bounds from "../../kernel/limits.ts";
import { key, milliseconds, positive, section } from "../key.ts";

export const limits = section("What an operation may ask, and what an agency may take.", {
  maxTokens: key(positive().default(bounds.DEFAULT_MAX_TOKENS), "Lexical tokens of a document."),
  maxDepth: key(positive().default(bounds.DEFAULT_MAX_DEPTH), "Nesting of fields."),
  maxAliases: key(
    positive().default(bounds.DEFAULT_MAX_ALIASES),
    "Aliases and `__typename`s, with fragments written out.",
  ),
  maxSelections: key(
    positive().default(bounds.DEFAULT_MAX_SELECTIONS),
    "Fields, with fragments written out.",
  ),
  maxCostPerClient: key(
    positive().default(bounds.DEFAULT_MAX_COST_PER_CLIENT),
    "What one client (member and client id) may ask for in a window, in values that could be read; each replica counts for itself.",
  ),
  maxCostPerAgency: key(
    positive().default(bounds.DEFAULT_MAX_COST_PER_AGENCY),
    "What one client may ask of one agency in a window.",
  ),
  costWindowSeconds: key(
    positive().default(bounds.DEFAULT_COST_WINDOW_SECONDS),
    "How long an empty budget takes to be full again, in seconds.",
  ),
  assumedListSize: key(
    positive().default(bounds.DEFAULT_ASSUMED_LIST_SIZE),
    "Rows that a list is taken to have where neither `first`, `last` nor `@listSize` says so.",
  ),
  agencyTimeoutMs: key(
    milliseconds().default(bounds.DEFAULT_AGENCY_TIMEOUT_MS),
    "How long an agency may take for one fetch, in milliseconds.",
  ),
  agencyMaxBytes: key(
    positive().default(bounds.DEFAULT_AGENCY_MAX_BYTES),
    "Largest answer of an agency, in bytes.",
  ),
  fileMaxBytes: key(
    positive().default(bounds.DEFAULT_FILE_MAX_BYTES),
    "Largest file of an agency, in bytes. Files are streamed and never held whole.",
  ),
  agencyConcurrency: key(
    positive().default(bounds.DEFAULT_AGENCY_CONCURRENCY),
    "Fetches in flight to one member.",
  ),
  breakerFailures: key(
    positive().default(bounds.DEFAULT_BREAKER_FAILURES),
    "Failures in a row that open a member's circuit.",
  ),
  breakerPauseMs: key(
    milliseconds().default(bounds.DEFAULT_BREAKER_PAUSE_MS),
    "Pause before an open circuit is tried again, in milliseconds.",
  ),
});
