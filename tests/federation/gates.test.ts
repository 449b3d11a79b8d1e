/**
 * Denied means never fetched, for random operations under random policies: no request names a field that is denied
 * for every row, no case is sent for a field that its facts withhold, and nothing withheld is in the answer.
 */
import fc from "fast-check";
import {
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Profile } from "../../src/policy/verdict.ts";
import { ALLOW, type Mirror, startMirror } from "../support/mirror-pipeline.ts";
import { randomProfile } from "../support/random-profile.ts";
import { operationText } from "./operations.ts";

const KEY_FIELD = /^(?:__typename|uid)$/;

describe("gates before fetches", () => {
  let mirror: Mirror;
  beforeAll(async () => {
    mirror = await startMirror();
  });
  afterAll(() => mirror?.close());

  it("ask for nothing that no row may show, and for no row what its facts withhold", {
    timeout: 120_000,
  }, async () => {
    const { supergraph, backends } = mirror;
    const texts = operationText({ schema: supergraph.publicSchema, leaveOut: new Set() });
    await fc.assert(
      fc.asyncProperty(texts, fc.nat(1_000_000), async (text, salt) => {
        const profile = randomProfile(salt);
        for (const backend of backends.values()) backend.asked.length = 0;
        const { children } = await answerNotingChildren(mirror, text, profile);
        for (const { asked } of backends.values()) {
          for (const { query, variables } of asked) {
            const document = parse(query);
            expect(deniedLeaves(mirror, document, profile)).toEqual([]);
            expect(withheldCases(mirror, document, variables, profile, children)).toEqual([]);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  /** Leaf coordinates in a request that are settled against: there must be none. */
  function deniedLeaves({ supergraph }: Mirror, document: DocumentNode, profile: Profile): string[] {
    const found: string[] = [];
    const info = new TypeInfo(supergraph.fullSchema);
    visit(
      document,
      visitWithTypeInfo(info, {
        Field(node) {
          const coordinate = `${info.getParentType()?.name}.${node.name.value}`;
          const field = supergraph.fields.get(coordinate as never);
          if (!field || field.group === null || field.edge === "record" || isJoin(node)) return;
          const verdict = profile.verdict({ coordinate: field.coordinate, caseBound: true });
          if (verdict.kind === "settled" && verdict.outcome !== ALLOW) found.push(coordinate);
        },
      }),
    );
    return found;
  }

  /** `case{__typename uid}`: whose facts the row carries, for the issue and the disclosure record. */
  const isJoin = ({ name, selectionSet }: FieldNode): boolean =>
    name.value === "case" &&
    selectionSet !== undefined &&
    selectionSet.selections.every(
      // What the planner shares as a fragment is visited where it is defined.
      (field) =>
        field.kind === Kind.FRAGMENT_SPREAD ||
        (field.kind === Kind.FIELD && KEY_FIELD.test(field.name.value)),
    );

  /** Cases with a child that were sent to be asked for a field that is withheld for children. */
  function withheldCases(
    { supergraph }: Mirror,
    document: DocumentNode,
    variables: Readonly<Record<string, unknown>>,
    profile: Profile,
    children: ReadonlySet<string>,
  ): string[] {
    const operation = document.definitions[0] as OperationDefinitionNode;
    const found: string[] = [];
    for (const field of operation.selectionSet.selections) {
      if (field.kind !== Kind.FIELD || field.name.value !== "_entities") continue;
      const sent = (variables[`r${field.alias?.value.slice(1)}`] ?? []) as {
        __typename: string;
        uid: string;
      }[];
      for (const coordinate of caseFields(field.selectionSet)) {
        const known = supergraph.fields.get(coordinate as never);
        if (!known || known.group === null || known.edge === "record") continue;
        const verdict = profile.verdict({ coordinate: known.coordinate, caseBound: true });
        if (verdict.kind !== "residual") continue;
        for (const { __typename, uid } of sent)
          if (__typename === "Case" && children.has(uid)) found.push(`${coordinate} of ${uid}`);
      }
    }
    return found;
  }

  const caseFields = (set: SelectionSetNode | undefined): string[] =>
    (set?.selections ?? []).flatMap((selection) =>
      selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition?.name.value === "Case"
        ? selection.selectionSet.selections.flatMap((field) =>
            field.kind === Kind.FIELD ? [`Case.${field.name.value}`] : [],
          )
        : [],
    );
});

/** Answers, and notes the uids of cases that the ledger said have a child. */
async function answerNotingChildren(
  mirror: Mirror,
  text: string,
  profile: Profile,
): Promise<{ children: Set<string> }> {
  const children = new Set<string>();
  const note = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const row = value as { uid?: string; _p_access?: { child?: boolean } };
    if (row.uid !== undefined && row._p_access?.child === true) children.add(row.uid);
    for (const inner of Object.values(value)) note(inner);
  };
  const spine = mirror.backends.get("epc_spine" as never);
  if (!spine) throw new Error("no spine");
  const { fetch } = spine;
  spine.fetch = async (request) => {
    const reply = await fetch(request);
    note(reply.data);
    return reply;
  };
  try {
    await mirror.answer(text, profile);
  } finally {
    spine.fetch = fetch;
  }
  return { children };
}
