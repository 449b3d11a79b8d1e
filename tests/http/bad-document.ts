/** Bad input in the document or its variables: see `support/bad-input.ts` for what is expected of each. */
import { asked, type BadInput, bad, care, headersOf, inspector, limited } from "../support/bad-input.ts";

const nested = (levels: number): string =>
  `{ ${"workers { edges { node { person {".repeat(levels)} id ${"} } } }".repeat(levels)} }`;
const bomb = (fragments: number): string =>
  `${Array.from({ length: fragments }, (_, i) =>
    i === 0
      ? "fragment f0 on Query { agencies { code } }"
      : `fragment f${i} on Query { ...f${i - 1} a${i}: agencies { code } ...f${i - 1} }`,
  ).join(" ")} { ...f${fragments - 1} }`;
const wide = `fragment f on Worker { ${"id ".repeat(100)} } { ${"workers { edges { node { ...f } } } ".repeat(11)} }`;
const aliases = Array.from({ length: 31 }, (_, i) => `a${i}: agencies { code }`).join(" ");

const INVALID = /^المستند لا يوافق المخطط: /;
const VALUE_AR = /^قيمة متغيّر أو وسيط غير مقبولة: /;
const PAGE = [/takes 1 to 100/, VALUE_AR] as const;

export const BAD_DOCUMENT: readonly BadInput[] = [
  bad(
    "an unknown field",
    asked(inspector, '{ worker(id: "x") { workPermitNumber } }'),
    [400, "GRAPHQL_VALIDATION_FAILED"],
    /Cannot query field "workPermitNumber" on type "Worker"/,
    INVALID,
  ),
  bad(
    "an unknown argument",
    asked(inspector, '{ worker(number: "x") { id } }'),
    [400, "GRAPHQL_VALIDATION_FAILED"],
    /Unknown argument/,
    INVALID,
  ),
  bad(
    "no GraphQL",
    asked(care, "{ case( }"),
    [400, "GRAPHQL_PARSE_FAILED"],
    /^Syntax Error: /,
    /^تعذّرت قراءة المستند بلغة GraphQL: /,
  ),
  bad(
    "a mutation",
    asked(care, 'mutation { withdrawConsent(consentId: "x") { __typename } }'),
    [501, "NOT_IMPLEMENTED"],
    /serves no `mutation` operations yet/,
    /^`mutation` غير متاح بعد$/,
  ),
  bad(
    "a root field that is not served yet",
    asked(care, "{ intakeQueue { edges { cursor } } }"),
    [501, "NOT_IMPLEMENTED"],
    /`Query.intakeQueue` is not served yet/,
    /^`Query.intakeQueue` غير متاح بعد$/,
  ),
  bad("too deep", asked(inspector, nested(3)), [400, "LIMIT_EXCEEDED"], ...limited(10, "depth")),
  bad(
    "too many aliases",
    asked(inspector, `{ ${aliases} }`),
    [400, "LIMIT_EXCEEDED"],
    ...limited(30, "aliases"),
  ),
  bad(
    "too many `__typename`s",
    asked(inspector, `{ ${"__typename ".repeat(31)} }`),
    [400, "LIMIT_EXCEEDED"],
    ...limited(30, "aliases"),
  ),
  bad(
    "too many selections",
    asked(inspector, wide),
    [400, "LIMIT_EXCEEDED"],
    ...limited(1_000, "selections"),
  ),
  bad(
    "too many tokens",
    asked(inspector, `{ ${"agencies ".repeat(2_000)} }`),
    [400, "LIMIT_EXCEEDED"],
    ...limited(2_000, "tokens"),
  ),
  bad(
    "a fragment bomb (A18)",
    asked(inspector, bomb(24)),
    [400, "LIMIT_EXCEEDED"],
    /limit of \d+ for `(?:aliases|selections)`/,
    /الحد \d+ لـ/,
  ),
  bad(
    "a fragment that spreads itself",
    asked(inspector, "fragment f on Query { ...f } { ...f }"),
    [400, "GRAPHQL_VALIDATION_FAILED"],
    /Cannot spread fragment "f" within itself/,
    INVALID,
  ),
  bad(
    "an operation that is not there",
    async (on) => ({
      headers: await headersOf(on, care),
      body: JSON.stringify({ query: "query A { agencies { code } }", operationName: "B" }),
    }),
    [400, "BAD_USER_INPUT"],
    /no operation of that `operationName`/,
    VALUE_AR,
  ),
  bad(
    "several operations and no name",
    asked(care, "query A { agencies { code } } query B { agencies { code } }"),
    [400, "BAD_USER_INPUT"],
    /name one in `operationName`/,
    VALUE_AR,
  ),
  bad(
    "a variable of another type",
    asked(inspector, "query($first: Int) { workers(first: $first) { pageInfo { hasNextPage } } }", {
      first: "cnr-secret-1-x",
    }),
    [400, "BAD_USER_INPUT"],
    /not of the declared types: `\$first`$/,
    VALUE_AR,
  ),
  bad(
    "no required variable",
    asked(inspector, "query($id: ID!) { worker(id: $id) { id } }"),
    [400, "BAD_USER_INPUT"],
    /`\$id`$/,
    VALUE_AR,
  ),
  ...[0, 101, -1, 2_147_483_647].map((first) =>
    bad(
      `a page of ${first}`,
      asked(inspector, "query($first: Int) { workers(first: $first) { pageInfo { hasNextPage } } }", {
        first,
      }),
      [400, "BAD_USER_INPUT"],
      ...PAGE,
    ),
  ),
  bad(
    "a nested page of 101",
    asked(inspector, '{ worker(workPermitNo: "x") { wagePayments(last: 101) { period } } }'),
    [400, "BAD_USER_INPUT"],
    ...PAGE,
  ),
];
