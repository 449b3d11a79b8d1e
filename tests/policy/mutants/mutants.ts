/** Mistakes that could be made in the evaluator: each is a change of text that must be found exactly once in its file. */
export interface Mutant {
  readonly mistake: string;
  /** Below `src/policy/cedar`. */
  readonly file: string;
  readonly text: string;
  readonly instead: string;
}

const operators = (mistake: string, text: string, instead: string): Mutant => ({
  mistake,
  file: "operators.ts",
  text,
  instead,
});
const partial = (mistake: string, text: string, instead: string): Mutant => ({
  mistake,
  file: "partial.ts",
  text,
  instead,
});
const within =
  (file: string) =>
  (mistake: string, text: string, instead: string): Mutant => ({
    mistake,
    file,
    text,
    instead,
  });
const long = within("long.ts");
const texts = within("extension-text.ts");
const ip = within("ip.ts");
const node = within("node.ts");
const access = within("access.ts");
const membership = within("membership.ts");

export const MUTANTS: readonly Mutant[] = [
  operators("`<` holds for equals", '["<", compare((a, b) => a < b)]', '["<", compare((a, b) => a <= b)]'),
  operators("`>=` fails for equals", '[">=", compare((a, b) => a >= b)]', '[">=", compare((a, b) => a > b)]'),
  operators(
    "`lessThan` holds for equals",
    '["lessThan", compare((a, b) => a < b)]',
    '["lessThan", compare((a, b) => a <= b)]',
  ),
  operators(
    "`greaterThan` is `lessThan`",
    '["greaterThan", compare((a, b) => a > b)]',
    '["greaterThan", compare((a, b) => a < b)]',
  ),
  operators(
    "`isEmpty` is true of one member",
    "(a as readonly Value[]).length === 0",
    "(a as readonly Value[]).length <= 1",
  ),
  operators("`isIpv6` is what is not asked", "(a as Ip).family === 6", "(a as Ip).family !== 6"),
  operators(
    "`offset` goes back",
    '["offset", numeric(DATETIME, sum)]',
    '["offset", numeric(DATETIME, difference)]',
  ),
  operators(
    "`durationSince` the other way",
    '["durationSince", numeric(DURATION, difference)]',
    '["durationSince", numeric(DURATION, (a, b) => difference(b, a))]',
  ),
  operators(
    "`toDate` rounds towards 1970",
    "difference(a, modulus(a, DAY_MS))",
    "product(quotient(a, DAY_MS), DAY_MS)",
  ),
  operators(
    "`toTime` is negative before 1970",
    "total(DURATION, (a) => modulus(a as Long, DAY_MS))",
    "total(DURATION, (a) => difference(a as Long, product(quotient(a as Long, DAY_MS), DAY_MS)))",
  ),
  operators(
    "`toMinutes` counts hours",
    '["toMinutes", truncated(60_000)]',
    '["toMinutes", truncated(3_600_000)]',
  ),
  operators("`neg` does nothing to the sign", "difference(0, a)", "difference(a, 0)"),
  long("overflow is not noticed", "if (value < LOWEST || value > HIGHEST) return fail();", ""),
  long("the smallest Long overflows", "value < LOWEST", "value <= LOWEST"),
  long("the largest Long overflows", "value > HIGHEST", "value >= HIGHEST"),
  long(
    "arithmetic is rounded beyond 2⁵³",
    "if (Number.isSafeInteger(result)) return result + 0;",
    "if (Number.isFinite(result) && Math.abs(result) < 2 ** 62) return result + 0;",
  ),
  long("quotients are rounded down", "(a, b) => (a - (a % b)) / b,", "(a, b) => Math.floor(a / b),"),
  texts("a decimal loses its sign", "longFrom(match[1] ? -value : value)", "longFrom(value)"),
  texts(
    "a decimal's digits are counted from the right",
    'match[3]!.padEnd(4, "0")',
    'match[3]!.padStart(4, "0")',
  ),
  texts(
    "a zone is added instead of taken off",
    '(sign === "-" ? zone : -zone)',
    '(sign === "-" ? -zone : zone)',
  ),
  texts("30 February is 1 March", " && new Date(ms).toISOString().startsWith(date)", ""),
  texts("24:00 is a time", "upTo(23, hour)", "upTo(24, hour)"),
  texts("a duration loses its sign", "longFrom(sign ? -ms : ms)", "longFrom(ms)"),
  texts(
    "a duration's minutes are months",
    "const MINUTE_MS = 60 * SECOND_MS;",
    "const MINUTE_MS = 30 * 86_400 * SECOND_MS;",
  ),
  ip(
    "a range begins one late",
    "const first = (value >> hostBits) << hostBits;",
    "const first = ((value >> hostBits) << hostBits) + (hostBits > 0n ? 1n : 0n);",
  ),
  ip("a range ends one late", "ip.last <= network.last", "ip.last <= network.last + 1n"),
  ip("a network is equal whatever its host", "value}/$", "first}/$"),
  ip("families are confused", "ip.family === network.family && ", ""),
  ip("octets may have leading zeros", '"(?:0|[1-9]\\\\d{0,2})"', '"(?:\\\\d{1,3})"'),
  ip("`::` may stand for nothing", "gap < 1", "gap < 0"),
  node(
    "`false && error` errs",
    'if (left.op === "failed" || isFalse(left)) return left;\n  if (isTrue(left)) return right();\n  const rest = right();',
    'if (left.op === "failed" || isFalse(left)) return left;\n  if (isTrue(left)) return right();\n  const rest = right();\n  if (rest.op === "failed") return rest;',
  ),
  node(
    "`error && false` is false",
    "if (isFalse(rest) && !mayFail(left)) return rest;",
    "if (isFalse(rest)) return rest;",
  ),
  node(
    "`error || true` is true",
    "if (isTrue(rest) && !mayFail(left)) return rest;",
    "if (isTrue(rest)) return rest;",
  ),
  node(
    "what errs counts as false",
    "if (error === EVALUATION_ERROR) return FAILED;",
    "if (error === EVALUATION_ERROR) return FALSE;",
  ),
  within("closure.ts")(
    "an `or` at run time is an `and`",
    "left(row) || right(row)",
    "left(row) && right(row)",
  ),
  within("closure.ts")(
    "an absent attribute is false at run time",
    "return (row) => read(row) ?? fail();",
    "return (row) => read(row) ?? false;",
  ),
  access(
    "`has` is true of what is absent",
    "(record as RecordValue)[name] !== undefined",
    "record !== undefined",
  ),
  access(
    "`has` of an entity that nobody knows",
    "entities.attributes({ type, id: id as string })?.[name] !== undefined",
    "entities.attributes({ type, id: id as string })?.[name] !== null",
  ),
  access(
    "`has a.b` looks at `a` alone",
    "return rest.length === 0 ? here :",
    "return rest.length >= 0 ? here :",
  ),
  access(
    "a field is read though another errs",
    "if (others.length === 0) return wanted;",
    "if (others.length >= 0) return wanted;",
  ),
  membership("`in` is not reflexive for a row", "(type === target && id === wanted) || ", ""),
  membership("`in` a set wants all of it", "(ids as string[]).some(test)", "(ids as string[]).every(test)"),
  membership("`!=` types are equal", "nameOf(entity) === type", 'nameOf(entity) !== ""'),
  within("entities.ts")(
    "`in` is not reflexive",
    "if (entity.type === ancestorType) found.add(entity.id);",
    "if (entity.type === ancestorType && entity !== ref) found.add(entity.id);",
  ),
  within("entities.ts")(
    "`in` knows parents only",
    "?.parents ?? []) visit(parent);",
    "?.parents ?? []) if (entity === ref || parent.type !== ancestorType) visit(parent);",
  ),
  within("types.ts")(
    "an action is in its direct groups only",
    "ancestorsOf(group.id, raw, seen);",
    "seen.add(group.id);",
  ),
  within("tags.ts")(
    "`hasTag` is true of what is absent",
    "read(at)?.[name as string] !== undefined",
    "read(at) !== undefined",
  ),
  within("tags.ts")("an absent tag is empty", "?? fail()", "?? 0"),
  within("like.ts")(
    "`\\*` is a wildcard",
    'if (piece === "Wildcard")',
    'if (piece === "Wildcard" || piece.Literal === "*")',
  ),
  within("like.ts")("a pattern need not reach the end", " || !text.endsWith(last)", ""),
  within("like.ts")("parts may overlap", "from = at + part.length;", "from = at;"),
  within("values.ts")(
    "sets are equal in their order only",
    "[...new Set(members)].sort()",
    "[...new Set(members)]",
  ),
  within("values.ts")("members count twice", "[...new Set(members)].sort()", "members.sort()"),
  partial("`containsAny` is `containsAll`", "(b as Value[]).some((member)", "(b as Value[]).every((member)"),
  partial(
    "`containsAll` asks the wrong set",
    "contains(a as Value[], member, elementOf(other))),\n    ),\n  ),\n  containsAny",
    "contains(b as Value[], member, elementOf(other))),\n    ),\n  ),\n  containsAny",
  ),
  partial("`unless` is `when`", 'kind === "when"', 'kind !== "never"'),
  partial(
    "`if` takes the other branch",
    "isTrue(condition) ? body.then : body.else",
    "isTrue(condition) ? body.else : body.then",
  ),
  partial("`is … in` forgets its type", "group ? and(typed, () =>", "group ? and(TRUE, () =>"),
  partial(
    "the row's scope is not looked at",
    "const scope = and(inScope(request.principal, policy.principal, request), () =>\n    inScope(request.resource, policy.resource, request),\n  );",
    "const scope = inScope(request.principal, policy.principal, request);",
  ),
];
