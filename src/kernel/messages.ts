/**
 * What every error says, in English and in Arabic, and what to do about it.
 *
 * Placeholders `{name}` take `ErrorDetail.params`; `{detail}` is the caller's error as written, `{agency}` the agency's code.
 * In English a caller reads the error as it was written, because it names the part of the request that is wrong.
 * Messages of the families `agency` and `gateway` come from this table alone, so that nothing internal leaks.
 * `docs/errors.md` is generated from `errors.ts` and this table.
 */
import { ERRORS, type ErrorCode, type ErrorDetail } from "./errors.ts";
import { preferencesOf } from "./preferences.ts";

export type Locale = "en" | "ar";

interface Message {
  readonly en: string;
  readonly ar: string;
  /** For `docs/errors.md`: what whoever meets it does next. */
  readonly advice: string;
}

const message = (en: string, ar: string, advice: string): Message => ({ en, ar, advice });

export const MESSAGES: Readonly<Record<ErrorCode, Message>> = {
  GRAPHQL_PARSE_FAILED: message(
    "the document is not GraphQL: {detail}",
    "تعذّرت قراءة المستند بلغة GraphQL: {detail}",
    "Correct the document at the location given.",
  ),
  GRAPHQL_VALIDATION_FAILED: message(
    "the document does not fit the schema: {detail}",
    "المستند لا يوافق المخطط: {detail}",
    "Compare the document with the schema; names and types are in `schema/`.",
  ),
  BAD_USER_INPUT: message(
    "a variable or argument is not acceptable: {detail}",
    "قيمة متغيّر أو وسيط غير مقبولة: {detail}",
    "Correct the variable or the `operationName`.",
  ),
  BAD_REQUEST: message(
    "the request is not GraphQL over HTTP: {detail}",
    "الطلب لا يوافق بروتوكول GraphQL عبر HTTP: {detail}",
    "Send a JSON object with `query`, and `variables` as an object; a GET needs the `x-purpose` header.",
  ),
  STREAM_REQUIRED: message(
    "a subscription is answered event by event: ask over server-sent events or WebSocket",
    "يُجاب الاشتراك حدثًا بعد حدث: اطلبه عبر أحداث الخادم أو WebSocket",
    "Send `Accept: text/event-stream`, or connect by WebSocket; `docs/http.md` shows both.",
  ),
  SUBSCRIBE_AGAIN: message(
    "schema or policies have changed: subscribe again",
    "تغيّر المخطط أو السياسات: أعد الاشتراك",
    "Subscribe again; what you may see is decided by what is in force now.",
  ),
  NOT_ACCEPTABLE: message(
    "`accept` must allow `application/graphql-response+json` or `application/json`",
    "يجب أن تسمح الترويسة `accept` بالصيغة `application/graphql-response+json` أو `application/json`",
    "Send `accept: application/graphql-response+json`, or no `accept` at all.",
  ),
  UNSUPPORTED_MEDIA_TYPE: message(
    "the body must be `application/json` in UTF-8, uncompressed",
    "يجب أن يكون متن الطلب بصيغة `application/json` وترميز UTF-8 دون ضغط",
    "Set `content-type: application/json` and send UTF-8 without content encoding.",
  ),
  PAYLOAD_TOO_LARGE: message(
    "the body is larger than {most} bytes",
    "متن الطلب أكبر من {most} بايت",
    "Ask for less at once.",
  ),
  METHOD_NOT_ALLOWED: message(
    "use POST, or GET for queries",
    "استخدم POST، أو GET للاستعلامات فقط",
    "Use POST; GET serves queries only.",
  ),
  FILE_NOT_FOUND: message(
    "there is no such file",
    "لا يوجد ملف بهذا الرابط",
    "A link to a file holds for 60 seconds, once, for the reader to whom it was given: ask for the field again.",
  ),
  PERSISTED_DOCUMENT_NOT_FOUND: message(
    "no persisted document has this `documentId`",
    "لا يوجد مستند محفوظ بهذا المعرّف `documentId`",
    "Name a document of the deployment's list; `docs/http.md` says how it is made.",
  ),
  PERSISTED_DOCUMENT_REQUIRED: message(
    "only persisted documents are answered here: name one by `documentId`",
    "لا تُجاب هنا إلا المستندات المحفوظة: حدّد أحدها في `documentId`",
    "Have the document added to the deployment's list, and name it by `documentId`.",
  ),
  PERSISTED_QUERY_NOT_FOUND: message(
    "no document is known by this hash; Apollo's clients read this as `PersistedQueryNotFound`",
    "لا يوجد مستند معروف بهذه البصمة؛ تقرؤها برامج Apollo بالنص `PersistedQueryNotFound`",
    "Send the document in `query` beside its hash; Apollo's clients do so by themselves.",
  ),
  PERSISTED_QUERY_NOT_SUPPORTED: message(
    "nothing is asked by hash here; Apollo's clients read this as `PersistedQueryNotSupported`",
    "لا تُقبل الأسئلة بالبصمة هنا؛ تقرؤها برامج Apollo بالنص `PersistedQueryNotSupported`",
    "Send the document in `query`; Apollo's clients do so by themselves.",
  ),
  UNAUTHENTICATED: message(
    "a valid access token is required",
    "يلزم رمز دخول صالح",
    "Obtain a fresh access token from your agency's issuer; in the sandbox `ihala token`. All causes read the same on purpose; the log holds the reason.",
  ),
  PURPOSE_REQUIRED: message(
    "declare a purpose of use in `x-purpose`: {purposes}",
    "صرّح بغرض الاستخدام في الترويسة `x-purpose`: {purposes}",
    "Send `x-purpose` with one of the purposes named.",
  ),
  PURPOSE_NOT_HELD: message(
    "the role does not hold this purpose; it may claim: {purposes}",
    "الدور لا يملك هذا الغرض؛ الأغراض المتاحة له: {purposes}",
    "Send `x-purpose` with one of the purposes named.",
  ),
  ISSUE_REQUIRED: message(
    "fields of a case beyond its header need `x-issue`, the id of that case",
    "حقول القضية خارج رأسها تتطلب الترويسة `x-issue` وفيها معرّف القضية",
    "Send `x-issue` with the `Case.id` as you read it.",
  ),
  ORIGIN_FORBIDDEN: message(
    "pages of this origin may not open a WebSocket here",
    "لا يجوز لصفحات هذا المصدر فتح WebSocket هنا",
    "Serve the page from the gateway's own origin, or have its origin listed in `server.allowedOrigins`.",
  ),
  OPERATION_FORBIDDEN: message(
    "the role may not use this operation: {detail}",
    "لا يجوز لهذا الدور استخدام هذه العملية: {detail}",
    "Use an operation of your role, or ask your security officer.",
  ),
  ARGUMENT_FORBIDDEN: message(
    "an argument reads a field that you may not read: {detail}",
    "يقرأ أحد الوسائط حقلاً لا يحق لك الاطلاع عليه: {detail}",
    "Leave the argument out: what may not be read may not be searched or sorted by.",
  ),
  LIMIT_EXCEEDED: message(
    "the document exceeds the limit of {most} for `{limit}`",
    "المستند يتجاوز الحد {most} لـ `{limit}`",
    "Split the operation.",
  ),
  BUDGET_EXHAUSTED: message(
    "too much was asked in a short time: retry in {seconds} s",
    "طُلب الكثير في وقت قصير: أعد المحاولة بعد {seconds} ثانية",
    "Wait for the time in `Retry-After`, or in `extensions.retryAfterSeconds`; ask for fewer fields and smaller pages. `RateLimit` says what is left.",
  ),
  BAD_CURSOR: message(
    "the cursor is not one that this list gave you, or it is older than a day",
    "المؤشر ليس من هذه القائمة أو مضى عليه أكثر من يوم",
    "Start again from the first page.",
  ),
  POLICY_REFUSED: message(
    "the change of the policies is refused: {detail}",
    "رُفض تغيير السياسات: {detail}",
    "Do what the message says is missing; `docs/policies.md` says who must approve.",
  ),
  NOT_IMPLEMENTED: message(
    "`{what}` is not served yet",
    "`{what}` غير متاح بعد",
    "See the changelog for when it is served.",
  ),
  TOO_MANY_STREAMS: message(
    "too many streams are open",
    "عدد التدفقات المفتوحة كبير جدًا",
    "Close streams that you no longer read, or retry after the time in `Retry-After`.",
  ),
  OVERLOADED: message(
    "the gateway is busy",
    "البوابة مشغولة",
    "Retry after the time in `Retry-After`; another replica may answer at once.",
  ),
  NOT_READY: message(
    "the gateway is starting",
    "البوابة قيد التشغيل",
    "Retry after the time in `Retry-After`; `/readyz` says when.",
  ),
  SHUTTING_DOWN: message(
    "the gateway is stopping",
    "البوابة قيد الإيقاف",
    "Retry at once: another replica answers.",
  ),
  AGENCY_TIMEOUT: message(
    "agency {agency} did not answer in time",
    "لم تُجب الجهة {agency} في الوقت المحدد",
    "The other fields are complete. Retry later.",
  ),
  AGENCY_UNAVAILABLE: message(
    "agency {agency} cannot be reached",
    "تعذّر الوصول إلى الجهة {agency}",
    "The other fields are complete. Retry later.",
  ),
  AGENCY_BAD_REPLY: message(
    "agency {agency} gave an answer that cannot be used",
    "أجابت الجهة {agency} بما لا يمكن استخدامه",
    "The other fields are complete. The gateway's log holds the detail; tell the agency.",
  ),
  AGENCY_SUSPENDED: message(
    "agency {agency} is suspended and is not asked",
    "الجهة {agency} موقوفة ولا تُسأل",
    "The other fields are complete. Whoever runs the gateway has suspended the agency; asking again does not help until it is resumed.",
  ),
  IDENTITY_UNAVAILABLE: message(
    "it cannot be told now who asks",
    "تعذّر التحقق من هوية الطالب الآن",
    "Try again. Operators: the gateway's database does not answer, so it cannot be told whether a proof was sent, or a link used, before.",
  ),
  POLICY_UNAVAILABLE: message(
    "no decision can be made now",
    "تعذّر اتخاذ قرار الاطلاع الآن",
    "Operators: no policy set is active; see the log under the trace id.",
  ),
  AUDIT_UNAVAILABLE: message(
    "the disclosure cannot be recorded, so nothing is disclosed",
    "تعذّر تسجيل الاطلاع، فلا يُكشف عن أي بيان",
    "Operators: the disclosure log cannot be written; check disk and log. The gateway stops and must be started again.",
  ),
  PLANNER_UNAVAILABLE: message(
    "the operation cannot be planned now",
    "تعذّر تخطيط العملية الآن",
    "Retry; if it stays, simplify the operation and send the trace id to the operators.",
  ),
  PROVER_UNAVAILABLE: message(
    "the policies cannot be proved now",
    "تعذّر إثبات خصائص السياسات الآن",
    "Retry; if it stays, a policy compares what no solver decides in time: ask with `policy explain` and `policy diff`.",
  ),
  INTERNAL_SERVER_ERROR: message(
    "the gateway failed",
    "حدث خطأ داخلي في البوابة",
    "Send the trace id to the operators.",
  ),
  CONFIG_INVALID: message(
    "the configuration is not valid",
    "الإعدادات غير صالحة",
    "Correct every line listed; `docs/configuration.md` has the keys.",
  ),
  SUPERGRAPH_INVALID: message(
    "the schema does not compose, or breaks the ownership manifest",
    "تعذّر تركيب المخطط أو أنه يخالف بيان الملكية",
    "Correct every problem listed in `schema/`, then `ihala compose`.",
  ),
  POLICY_INVALID: message(
    "the policies are not valid",
    "السياسات غير صالحة",
    "Correct every problem listed in `policies/`, then `ihala policy test`.",
  ),
  POLICY_UNTRUSTED: message(
    "the policy store holds what no trusted key has signed",
    "يحتوي مخزن السياسات على ما لم يوقّعه مفتاح موثوق",
    "What was in force stays. Find out who changed the database; compare `policy.verifierKeys` with `ihala policy key`.",
  ),
  PORT_IN_USE: message(
    "the port is in use",
    "المنفذ مستخدم",
    "Stop the other process, or choose a port by `PORT`.",
  ),
  DATA_DIRECTORY_UNWRITABLE: message(
    "the data directory cannot be written",
    "لا يمكن الكتابة في مجلد البيانات",
    "Give the user of the process the directory, or name another by `IHALA_DATA`.",
  ),
  DATA_DIRECTORY_NEWER: message(
    "the data directory was written by a newer version",
    "كُتب مجلد البيانات بإصدار أحدث",
    "Run the newer version, or name another directory by `IHALA_DATA`.",
  ),
  DATA_DIRECTORY_OTHER_MODE: message(
    "the data directory belongs to another mode",
    "مجلد البيانات يخص وضع تشغيل آخر",
    "Sandbox and production never share a directory: name another by `IHALA_DATA`.",
  ),
  DATA_DIRECTORY_IN_USE: message(
    "the data directory is in use by another process",
    "مجلد البيانات مستخدم من عملية أخرى",
    "Stop the other process, or name another directory by `IHALA_DATA`.",
  ),
  BACKUP_INVALID: message(
    "the backup is not whole",
    "النسخة الاحتياطية غير مكتملة",
    "Nothing of it was used. Take another backup; find out what changed this one.",
  ),
  PRODUCTION_REFUSED: message(
    "this configuration must not serve production",
    "لا يجوز تشغيل هذه الإعدادات في بيئة الإنتاج",
    "Correct every line listed; `ihala sandbox` is for trying out.",
  ),
};

/** Their text is a word of a protocol, which clients compare: it is the same in every language. */
const PROTOCOL_WORDS: ReadonlySet<ErrorCode> = new Set([
  "PERSISTED_QUERY_NOT_FOUND",
  "PERSISTED_QUERY_NOT_SUPPORTED",
]);

export interface Described {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: ErrorDetail;
}

/** The text that a caller may read. Never the message of an agency's or of our own fault. */
export function localise({ code, message: written, detail }: Described, locale: Locale): string {
  const { family } = ERRORS[code];
  if (PROTOCOL_WORDS.has(code)) return written;
  if (locale === "en" && (family === "caller" || family === "startup")) return written;
  const values = new Map<string, string | number>(Object.entries(detail.params ?? {}));
  if (family === "caller") values.set("detail", written);
  if (detail.agency !== undefined) values.set("agency", detail.agency);
  return MESSAGES[code][locale].replace(/\{(\w+)\}/g, (_, name: string) => String(values.get(name) ?? "…"));
}

/** Of Arabic and English the one that `Accept-Language` prefers, the first of equals (RFC 9110 §12.5.4); else English. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  const ours = preferencesOf(acceptLanguage)
    .map(({ value, quality }) => ({ tag: value.split("-", 1)[0], quality }))
    .filter(({ tag, quality }) => (tag === "ar" || tag === "en") && quality > 0);
  const best = Math.max(...ours.map(({ quality }) => quality));
  return ours.find(({ quality }) => quality === best)?.tag === "ar" ? "ar" : "en";
}
