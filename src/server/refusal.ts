/**
 * A refusal of the whole request, in our form, in the caller's language.
 *
 * In      a `GatewayError`, or anything else, which is masked as INTERNAL_SERVER_ERROR; or Apollo Server's own refusal.
 * Out     status, headers and body `{"errors": [{message, locations?, extensions: {code, agency?, traceId?}}]}`.
 * Rule    masked families carry the trace id, nothing of the cause. Under `application/json`, errors of the document itself have
 *         status 200 (GraphQL over HTTP §6.4.1); refusals of identity, transport and gateway keep theirs in both media types.
 */
import type { GraphQLError } from "graphql";
import { type ErrorCode, GatewayError } from "../kernel/errors.ts";
import { TOKEN_LIMIT_MESSAGE } from "../kernel/limits.ts";
import { type Locale, localise } from "../kernel/messages.ts";

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface RefusalContext {
  readonly locale: Locale;
  readonly requestId: string;
  readonly mediaType: string;
}

/** Told with 200 under the older media type. */
const DOCUMENT_CODES: ReadonlySet<ErrorCode> = new Set([
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "BAD_USER_INPUT",
  "LIMIT_EXCEEDED",
  "BAD_CURSOR",
  // Apollo's clients that ask by hash read only answers of status 200.
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
]);
const MAX_ENTRIES = 20;
const RETRY_AFTER_SECONDS = "1";

export const toGatewayError = (error: unknown): GatewayError =>
  error instanceof GatewayError
    ? error
    : new GatewayError("INTERNAL_SERVER_ERROR", "the gateway failed", { cause: error });

export function refuse(error: GatewayError, context: RefusalContext): Refusal {
  const legacy = context.mediaType.startsWith("application/json");
  return {
    status: legacy && DOCUMENT_CODES.has(error.code) ? 200 : error.status || 500,
    headers: headersOf(error),
    body: JSON.stringify({ errors: entriesOf(error, context) }),
  };
}

function headersOf({ code, status, detail }: GatewayError): Readonly<Record<string, string>> {
  if (detail.headers) return detail.headers;
  if (code === "UNAUTHENTICATED") return { "www-authenticate": "Bearer" };
  if (code === "METHOD_NOT_ALLOWED") return { allow: "GET, POST" };
  return status === 503 ? { "retry-after": RETRY_AFTER_SECONDS } : {};
}

/** The errors alone, for transports that frame them otherwise. */
export function entriesOf(
  error: GatewayError,
  { locale, requestId }: Omit<RefusalContext, "mediaType">,
): readonly object[] {
  const { code, family, detail } = error;
  const extensions = {
    code,
    ...(detail.agency !== undefined && { agency: detail.agency }),
    ...(family !== "caller" && { traceId: requestId }),
    ...(code === "BUDGET_EXHAUSTED" && { retryAfterSeconds: detail.params?.["seconds"] }),
  };
  const problems = documentProblems(error);
  if (problems.length === 0) return [{ message: localise(error, locale), extensions }];
  return problems.slice(0, MAX_ENTRIES).map(({ message, locations }) => ({
    message: localise({ code, message, detail }, locale),
    ...(locations && { locations }),
    extensions,
  }));
}

interface Problem {
  readonly message: string;
  readonly locations?: readonly { readonly line: number; readonly column: number }[] | undefined;
}

/** What graphql-js found in the document. Problems of variables quote values and are told by name only, in the message. */
function documentProblems({ code, detail }: GatewayError): readonly Problem[] {
  const ofDocument = code === "GRAPHQL_PARSE_FAILED" || code === "GRAPHQL_VALIDATION_FAILED";
  return ofDocument && Array.isArray(detail.cause) ? (detail.cause as GraphQLError[]) : [];
}

interface ApolloRefusal {
  readonly errors?: readonly (Problem & { readonly extensions?: { readonly code?: string } })[];
}

/** Apollo Server's refusal (transport, CSRF, parsing) as one of ours. */
export function apolloRefusal(body: string, status: number, maxTokens: number): GatewayError {
  const { errors = [] } = JSON.parse(body) as ApolloRefusal;
  const [first] = errors;
  const message = first?.message.trim() ?? "";
  if (status >= 500) return new GatewayError("INTERNAL_SERVER_ERROR", "the gateway failed");
  if (status === 405) return new GatewayError("METHOD_NOT_ALLOWED", "use POST, or GET for queries");
  if (status === 415) return new GatewayError("UNSUPPORTED_MEDIA_TYPE", message);
  if (first?.extensions?.code !== "GRAPHQL_PARSE_FAILED") return new GatewayError("BAD_REQUEST", message);
  if (!TOKEN_LIMIT_MESSAGE.test(message))
    return new GatewayError("GRAPHQL_PARSE_FAILED", message, { cause: errors });
  const params = { limit: "tokens", most: maxTokens };
  return new GatewayError("LIMIT_EXCEEDED", `the document exceeds the limit of ${maxTokens} for \`tokens\``, {
    params,
  });
}
