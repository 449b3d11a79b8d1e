/**
 * Every bound of the gateway in one place, with its unit. Those that an operator may set are defaults of `config/`;
 * the others are ceilings that no configuration lifts.
 */

/** Body of a request. */
export const DEFAULT_MAX_BODY_BYTES = 1_048_576;
/** Questions of one batch; one serves no batches. */
export const DEFAULT_BATCH_SIZE = 1;
export const MAX_BATCH_SIZE = 50;
/** Shorter answers are not compressed: they fit into one packet as they are. */
export const MIN_COMPRESSED_BYTES = 1_024;
/** Documents that callers have registered by hash, and their characters together. */
export const MAX_REGISTERED_DOCUMENTS = 1_000;
export const MAX_REGISTERED_CHARACTERS = 4 * 1_048_576;
/** Documents whose form is known to be good, and prepared operations; characters of their texts together. */
export const MAX_CACHED_DOCUMENTS = 1_000;
export const MAX_CACHED_CHARACTERS = 16 * 1_048_576;
/** Lexical tokens of a document. */
export const DEFAULT_MAX_TOKENS = 2_000;
/** How graphql-js 16 says that a document has more than `maxTokens` (its own spelling). */
export const TOKEN_LIMIT_MESSAGE = /more tha[nt] \d+ tokens/i;
/** Nesting of fields. */
export const DEFAULT_MAX_DEPTH = 10;
/** Aliased fields plus `__typename`s, fragments written out. */
export const DEFAULT_MAX_ALIASES = 30;
/** Fields, fragments written out. */
export const DEFAULT_MAX_SELECTIONS = 1_000;
/** Nesting below `__schema` and `__type`: what tools ask, nine wrapped types deep, with some room. */
export const MAX_INTROSPECTION_DEPTH = 20;
/** Fragments under `@defer`, fragments written out. */
export const MAX_DEFERRED_FRAGMENTS = 50;

/** What a client may ask for in a window, in values that may be read (`operation/cost.ts`): in all, and at one agency. */
export const DEFAULT_COST_WINDOW_SECONDS = 60;
export const DEFAULT_MAX_COST_PER_CLIENT = 60_000_000;
export const DEFAULT_MAX_COST_PER_AGENCY = 30_000_000;
/** Rows that a list is taken to have when nothing says how long it is. */
export const DEFAULT_ASSUMED_LIST_SIZE = 10;

/** Requests over HTTP that are read and worked on at a time; those beyond are refused at once. */
export const DEFAULT_MAX_REQUESTS = 1_000;
/** Connections at a time; those beyond are closed as they come. */
export const DEFAULT_MAX_CONNECTIONS = 20_000;

/** How long an agency may take to answer one fetch. */
export const DEFAULT_AGENCY_TIMEOUT_MS = 2_000;
/** Body of an agency's answer, counted while it streams in. */
export const DEFAULT_AGENCY_MAX_BYTES = 2 * 1_048_576;
/** A file of an agency, streamed and never held whole. */
export const DEFAULT_FILE_MAX_BYTES = 256 * 1_048_576;
/** Files that are read from one member at a time; those beyond wait for as long as an agency may take. */
export const MAX_FILES_OF_A_MEMBER = 16;
/** A reader who takes less of a file in a second, over its whole length, is too slow for it. */
export const MIN_FILE_BYTES_PER_SECOND = 32_768;
/** How long a link to a file can be used, once. */
export const FILE_LINK_MS = 60_000;
/** A reference by which an agency names a file. */
export const MAX_FILE_REFERENCE_CHARACTERS = 512;
/** Requests in flight to one member. */
export const DEFAULT_AGENCY_CONCURRENCY = 64;
/** Failures in a row after which a member's circuit opens, and the pause before it is tried again. */
export const DEFAULT_BREAKER_FAILURES = 20;
export const DEFAULT_BREAKER_PAUSE_MS = 5_000;

/** Time the planner may spend on one operation before its process is replaced. */
export const DEFAULT_PLANNER_DEADLINE_MS = 2_000;
/** Operations that wait for a busy planner; those beyond are refused at once. */
export const MAX_WAITING_FOR_PLANNER = 500;
/** A planner process is replaced after so many plans, or when it has grown by so much: its native heap has no other bound. */
export const MAX_PLANS_OF_A_PROCESS = 50_000;
export const MAX_PLANNER_GROWTH_BYTES = 384 * 1_048_576;
/** Plans that are kept, and at most made ahead of the first question. */
export const MAX_CACHED_PLANS = 2_000;

/** A disclosure log segment is closed at this size. */
export const DEFAULT_AUDIT_SEGMENT_BYTES = 16 * 1_048_576;

/** What runs for longer than a request: subscriptions, `@defer`, operations over WebSocket. In all, and on one WebSocket. */
export const DEFAULT_MAX_STREAMS = 10_000;
export const DEFAULT_MAX_STREAMS_PER_CONNECTION = 100;
/** A silent stream says this often that it lives; a peer that does not answer until the next time is gone. */
export const STREAM_PING_MS = 12_000;
/** A reader that has not taken an event for this long is too slow for the stream. */
export const STREAM_STALL_MS = 15_000;
/** How long a peer has to take the last words of a stream that has ended. */
export const STREAM_GRACE_MS = 1_000;
/** A WebSocket says who asks (`connection_init`) within this time. */
export const CONNECTION_INIT_MS = 3_000;
/** Subscriptions that one member's server serves us at a time. */
export const MAX_AGENCY_STREAMS = 1_000;

/** Requests in flight may finish for this long after SIGTERM. */
export const DEFAULT_DRAIN_MS = 10_000;

/** Expiry of a token is forgiven for this long at most; a token from the future for `MAX_FUTURE_SKEW_SECONDS`. */
export const MAX_CLOCK_TOLERANCE_SECONDS = 60;
export const MAX_FUTURE_SKEW_SECONDS = 10;
/** Life of an access token: what `serve` allows, and what the sandbox hands out. */
export const MAX_PRODUCTION_TOKEN_SECONDS = 600;
export const DEFAULT_TOKEN_SECONDS = 3_600;
/** An access token as text, and a proof that its holder has its key. */
export const MAX_TOKEN_CHARACTERS = 8_192;
export const MAX_PROOF_CHARACTERS = 4_096;
/** How old a proof may be, and how many are remembered so that none is taken twice. */
export const DEFAULT_PROOF_SECONDS = 60;
export const MAX_PROOF_SECONDS = 300;
export const MAX_REMEMBERED_PROOFS = 1_000_000;
