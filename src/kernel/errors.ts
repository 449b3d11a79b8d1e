/**
 * Every error code of the gateway, in one table, and the one error class that carries them.
 *
 * Families: `caller` messages are shown as written and hold no personal data; `agency` shows code and agency id,
 * the detail is logged; `gateway` is masked and logged; `startup` is shown in full on the console, all problems at once.
 * `docs/errors.md` is held equal to this table by a test.
 */
export type ErrorFamily = "caller" | "agency" | "gateway" | "startup";

interface ErrorEntry {
  readonly family: ErrorFamily;
  /** HTTP status when the whole request is refused; 200 for errors beside partial data; 0 for start-up errors. */
  readonly status: number;
}

const entry = (family: ErrorFamily, status: number): ErrorEntry => ({ family, status });

export const ERRORS = {
  GRAPHQL_PARSE_FAILED: entry("caller", 400),
  GRAPHQL_VALIDATION_FAILED: entry("caller", 400),
  BAD_USER_INPUT: entry("caller", 400),
  BAD_REQUEST: entry("caller", 400),
  NOT_ACCEPTABLE: entry("caller", 406),
  STREAM_REQUIRED: entry("caller", 406),
  SUBSCRIBE_AGAIN: entry("caller", 503),
  UNSUPPORTED_MEDIA_TYPE: entry("caller", 415),
  PAYLOAD_TOO_LARGE: entry("caller", 413),
  METHOD_NOT_ALLOWED: entry("caller", 405),
  PERSISTED_DOCUMENT_NOT_FOUND: entry("caller", 404),
  PERSISTED_DOCUMENT_REQUIRED: entry("caller", 403),
  FILE_NOT_FOUND: entry("caller", 404),
  PERSISTED_QUERY_NOT_FOUND: entry("caller", 404),
  PERSISTED_QUERY_NOT_SUPPORTED: entry("caller", 400),
  UNAUTHENTICATED: entry("caller", 401),
  PURPOSE_REQUIRED: entry("caller", 403),
  PURPOSE_NOT_HELD: entry("caller", 403),
  ISSUE_REQUIRED: entry("caller", 403),
  ORIGIN_FORBIDDEN: entry("caller", 403),
  OPERATION_FORBIDDEN: entry("caller", 403),
  ARGUMENT_FORBIDDEN: entry("caller", 403),
  LIMIT_EXCEEDED: entry("caller", 400),
  BUDGET_EXHAUSTED: entry("caller", 429),
  BAD_CURSOR: entry("caller", 400),
  POLICY_REFUSED: entry("caller", 403),
  NOT_IMPLEMENTED: entry("caller", 501),
  TOO_MANY_STREAMS: entry("caller", 503),
  OVERLOADED: entry("caller", 503),
  NOT_READY: entry("caller", 503),
  SHUTTING_DOWN: entry("caller", 503),
  AGENCY_TIMEOUT: entry("agency", 200),
  AGENCY_UNAVAILABLE: entry("agency", 200),
  AGENCY_BAD_REPLY: entry("agency", 200),
  AGENCY_SUSPENDED: entry("agency", 200),
  IDENTITY_UNAVAILABLE: entry("gateway", 503),
  POLICY_UNAVAILABLE: entry("gateway", 503),
  AUDIT_UNAVAILABLE: entry("gateway", 503),
  PLANNER_UNAVAILABLE: entry("gateway", 503),
  PROVER_UNAVAILABLE: entry("gateway", 503),
  INTERNAL_SERVER_ERROR: entry("gateway", 500),
  CONFIG_INVALID: entry("startup", 0),
  SUPERGRAPH_INVALID: entry("startup", 0),
  POLICY_INVALID: entry("startup", 0),
  POLICY_UNTRUSTED: entry("startup", 0),
  PORT_IN_USE: entry("startup", 0),
  DATA_DIRECTORY_UNWRITABLE: entry("startup", 0),
  DATA_DIRECTORY_NEWER: entry("startup", 0),
  DATA_DIRECTORY_OTHER_MODE: entry("startup", 0),
  DATA_DIRECTORY_IN_USE: entry("startup", 0),
  BACKUP_INVALID: entry("startup", 0),
  PRODUCTION_REFUSED: entry("startup", 0),
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

export interface ErrorDetail {
  readonly cause?: unknown;
  /** Code of the agency concerned (`AGENCY_*`). */
  readonly agency?: string;
  /** Values that the localised message interpolates; never personal data. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** Headers of the refusal over HTTP, such as the challenges of a 401. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Start-up: one line for every problem found. */
  readonly problems?: readonly string[];
}

export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.name = "GatewayError";
    this.code = code;
    this.detail = detail;
  }

  get family(): ErrorFamily {
    return ERRORS[this.code].family;
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}
