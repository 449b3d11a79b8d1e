/**
 * What an agency's Federation subgraph must do before it joins, asked of the real server as the gateway will ask.
 *
 * In      its URL, its document of the schema, how tokens are made, and for one type some keys of its own that it knows.
 * Out     one finding for each rule: what is wrong, in a line, or null. Values of the agency's records are in none of them.
 * Rules   docs/joining.md: one entity for each representation, in order, null where nothing is known; each field of the document;
 *         the gateway's tokens and no others; errors as GraphQL, without internals and without what was asked; within the deadline.
 */
import {
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { isRecord, type Sent, type Wire } from "./conformance-wire.ts";

export interface ConformanceOptions {
  readonly wire: Wire;
  /** Executable by nobody: the agency's document, complete. */
  readonly schema: GraphQLSchema;
  readonly type: string;
  /** Keys of objects that it knows; two at least. */
  readonly known: readonly string[];
  readonly deadlineMs: number;
  /** A value of `authorization` that must not be taken, by what is wrong with it. */
  readonly wrongTokens: Readonly<Record<string, string | null>>;
}

export interface Finding {
  readonly rule: string;
  readonly problem: string | null;
}

/** Nobody has this key, and nothing else is spelled so. */
const UNKNOWN = "conformance-9f31c2-unknown-key";
const MANY = 100;
const ENTITIES = "query($representations: [_Any!]!) { _entities(representations: $representations)";
/** Words of stacks, of files and of databases. */
const INTERNALS =
  /\n\s+at |\bat \S+:\d+:\d+|node_modules|Traceback|\.(?:[jt]s|py|java|cs|go|rb):\d+|\bSELECT\b.*\bFROM\b|ORA-\d|SQLSTATE/i;

type Check = readonly [rule: string, check: () => Promise<string | null>];

export async function conformance(options: ConformanceOptions): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [rule, check] of checksOf(options)) {
    const problem = await check().catch((error: unknown) =>
      error instanceof Error ? error.message : "it cannot be reached",
    );
    findings.push({ rule, problem });
  }
  return findings;
}

function checksOf(options: ConformanceOptions): readonly Check[] {
  const { wire, type, known, wrongTokens } = options;
  const [first = "", second = ""] = known;
  const entities = (keys: readonly string[], selection = "ref"): Promise<Sent> =>
    wire.ask(`${ENTITIES} { __typename ... on ${type} { ${selection} } } }`, {
      representations: keys.map((ref) => ({ __typename: type, ref })),
    });
  return [
    [
      "a question is answered as JSON, within the deadline",
      async () => form(await entities([first]), options),
    ],
    [
      "entities come one for each representation, in their order",
      async () => {
        const asked = [second, first, first];
        return order(await entities(asked), asked);
      },
    ],
    [
      "an object that is not known is null, and the others are there",
      async () => {
        const asked = [first, UNKNOWN, second];
        return order(await entities(asked), [first, null, second]);
      },
    ],
    [
      `${MANY} objects are answered in one request, within the deadline`,
      async () => {
        const asked = Array.from({ length: MANY }, (_, index) => known[index % known.length] ?? "");
        const sent = await entities(asked);
        return form(sent, options) ?? order(sent, asked);
      },
    ],
    ...fieldChecks(options, (selection) => entities([first], selection)),
    ...Object.entries(wrongTokens).map(
      ([what, token]): Check => [
        `a token is refused that is ${what}`,
        async () =>
          refusal(
            await wire.ask(
              `${ENTITIES} { __typename } }`,
              { representations: [{ __typename: type, ref: first }] },
              token,
            ),
          ),
      ],
    ),
    [
      "a document that cannot be read is an error of GraphQL, without internals",
      async () => error(await wire.ask("{", {})),
    ],
    [
      "a field that is not there is an error of GraphQL, without internals",
      async () => error(await entities([first], "noSuchField9f31c2")),
    ],
    [
      "an error does not repeat what was asked about",
      async () => {
        const { text } = await entities([UNKNOWN], "noSuchField9f31c2");
        return text.includes(UNKNOWN) ? "the key that was asked about is in the error" : null;
      },
    ],
  ];
}

function form({ status, contentType, encoding, ms, body }: Sent, { deadlineMs }: ConformanceOptions) {
  if (status !== 200) return `status ${status}`;
  if (!/^application\/(graphql-response\+json|json)\b/.test(contentType))
    return `content type \`${contentType}\``;
  if (encoding !== null) return `content encoding \`${encoding}\`, which nobody asked for`;
  if (ms > deadlineMs) return `it took ${Math.round(ms)} ms of ${deadlineMs}`;
  if (!isRecord(body)) return "no JSON object";
  return Array.isArray(body["errors"]) ? "errors" : null;
}

function order({ body }: Sent, wanted: readonly (string | null)[]): string | null {
  const data = isRecord(body) ? body["data"] : null;
  const entities = isRecord(data) ? data["_entities"] : null;
  if (!Array.isArray(entities)) return "no list of entities";
  if (entities.length !== wanted.length)
    return `${entities.length} entities for ${wanted.length} representations`;
  const wrong = wanted.findIndex(
    (key, at) => (isRecord(entities[at]) ? entities[at]["ref"] : entities[at]) !== key,
  );
  if (wrong < 0) return null;
  return wanted[wrong] === null
    ? "what is not known is not null"
    : `entity ${wrong + 1} is another than was asked for`;
}

/** Of the document: the key alone stands for the object, and every field beside is answered. */
function fieldChecks(
  { schema, type }: ConformanceOptions,
  ask: (selection: string) => Promise<Sent>,
): readonly Check[] {
  const found = schema.getType(type);
  if (!isObjectType(found)) return [[`the document has the type ${type}`, async () => "it has not"]];
  return selectionsOf(found).map(([name, selection]) => [
    `${type}.${name} is served`,
    async () => {
      const { body } = await ask(selection);
      const errors = isRecord(body) && Array.isArray(body["errors"]) ? body["errors"].length : 0;
      return errors > 0 || !isRecord(body) ? "it is answered with an error" : null;
    },
  ]);
}

const selectionsOf = (type: GraphQLObjectType): readonly (readonly [string, string])[] =>
  Object.values(type.getFields())
    .filter(({ name, args }) => name !== "uid" && !args.some((arg) => isNonNullType(arg.type)))
    .map(({ name, type: its }) => {
      const inner = getNamedType(its);
      return [name, isLeafType(inner) ? name : `${name} { __typename ${leavesOf(inner)} }`] as const;
    });

const leavesOf = (type: ReturnType<typeof getNamedType>): string =>
  isObjectType(type)
    ? Object.values(type.getFields())
        .filter((field) => isLeafType(getNamedType(field.type)) && field.args.length === 0)
        .map(({ name }) => (name === "uid" ? "ref" : name))
        .join(" ")
    : "";

/** Whatever the form of a refusal, nothing of a record is in it. */
function refusal({ status, body }: Sent): string | null {
  const data = isRecord(body) ? body["data"] : null;
  if (isRecord(data) && data["_entities"] !== null) return "it is taken";
  return status === 200 && !(isRecord(body) && Array.isArray(body["errors"]))
    ? "status 200 without an error"
    : null;
}

function error({ status, body, text }: Sent): string | null {
  if (INTERNALS.test(text)) return "internals of the server are in it";
  if (status >= 500) return `status ${status}`;
  return isRecord(body) && Array.isArray(body["errors"]) ? null : "no list of errors";
}
