/** Our evaluator as the comparison sees it: its modules, taken from one folder, so that a mutant's can stand in. */
import { pathToFileURL } from "node:url";
import type * as ActionIndex from "../../../src/policy/action-index.ts";
import type * as Closure from "../../../src/policy/cedar/closure.ts";
import type * as Entities from "../../../src/policy/cedar/entities.ts";
import type * as EvaluationError from "../../../src/policy/cedar/evaluation-error.ts";
import type { Node } from "../../../src/policy/cedar/node.ts";
import type * as Partial from "../../../src/policy/cedar/partial.ts";
import type * as Types from "../../../src/policy/cedar/types.ts";
import type * as Values from "../../../src/policy/cedar/values.ts";
import { type Answer, type Round, SCHEMA_JSON } from "./rounds.ts";
import type { Json, Question, RandomEntity } from "./world.ts";

type Modules = typeof ActionIndex &
  typeof Closure &
  typeof Entities &
  typeof EvaluationError &
  typeof Partial &
  typeof Types &
  typeof Values;

const FILES = [
  ...["action-index", "cedar/closure", "cedar/entities", "cedar/evaluation-error", "cedar/partial"],
  ...["cedar/types", "cedar/values"],
];

/** `folder` holds what `src/policy` does. */
export async function loadEvaluator(folder: string): Promise<Evaluator> {
  const modules: object = {};
  // One after the other: Vitest has been seen to load twice what two imports wait for, and there is one error object.
  for (const file of FILES) Object.assign(modules, await import(pathToFileURL(`${folder}/${file}.ts`).href));
  return new Evaluator(modules as Modules);
}

export type Outcome = "satisfied" | "no" | "error";
/** By the ids of the policies. */
export type Outcomes = ReadonlyMap<string, Outcome>;
type See = (outcomes: Outcomes, answer: Answer) => void;

interface RowFacts {
  readonly id: string;
  readonly attributes: Values.RecordValue;
  readonly tags: Values.RecordValue;
  readonly parents: readonly Entities.EntityRef[];
}

export class Evaluator {
  readonly #modules: Modules;
  readonly #schema: Types.CedarSchema;

  constructor(modules: Modules) {
    this.#modules = modules;
    this.#schema = modules.cedarSchemaFrom(SCHEMA_JSON);
  }

  /** The first row on which we and Cedar differ, in words; null when there is none. `see` is told every outcome until then. */
  firstDifference(round: Round, see?: See): string | null {
    try {
      return this.#firstDifference(round, see);
    } catch (error) {
      if (error === this.#modules.EVALUATION_ERROR) return "Cedar reads data that are an error here";
      throw error;
    }
  }

  #firstDifference(round: Round, see?: See): string | null {
    for (const { question, answers } of round.questions) {
      const tests = this.#tests(round, question);
      for (const answer of answers) {
        const outcomes = tests(answer.row);
        see?.(outcomes, answer);
        const differs = difference(round, outcomes, answer);
        if (differs) return `${differs}\n${JSON.stringify({ question, row: answer.row }, null, 1)}`;
      }
    }
    return null;
  }

  /** What each policy of the round says of a row. */
  #tests({ policies }: Round, question: Question): (row: RandomEntity) => Outcomes {
    const { closure, covers, partialPolicy } = this.#modules;
    const { ancestors } = this.#schema.actions.get(question.action)!;
    const request = this.#request(question);
    const tests = [...policies].map(([id, { json }]) => {
      const test = covers(json, question.action, ancestors)
        ? closure(partialPolicy(json, request))
        : () => false;
      return [id, test] as const;
    });
    return (row) => {
      const facts = this.#facts(row);
      return new Map(tests.map(([id, test]) => [id, this.#outcome(() => test(facts))]));
    };
  }

  #outcome(test: () => unknown): Outcome {
    try {
      return test() === true ? "satisfied" : "no";
    } catch (error) {
      if (error === this.#modules.EVALUATION_ERROR) return "error";
      throw error;
    }
  }

  #request({ topic, action, principal, context, entities }: Question) {
    const known = (value: Values.Value, type: Types.CedarType): Node => ({ op: "known", type, value });
    const contextType = this.#schema.actions.get(action)!.appliesTo!.context;
    const store = new this.#modules.EntityStore(
      this.#schema,
      entities.map(({ uid, attrs, tags, parents }) => ({
        ...uid,
        attributes: this.#record(attrs, this.#shape(uid.type)),
        tags: this.#tags(uid.type, tags),
        parents,
      })),
    );
    return {
      schema: this.#schema,
      entities: store,
      principal: known(principal.uid.id, { kind: "Entity", name: principal.uid.type }),
      action,
      resource: this.#row(topic, store),
      context: known(this.#modules.fromJson(context, contextType), contextType),
    };
  }

  #row(topic: string, entities: Entities.EntityStore): Node {
    const facts = (row: unknown) => row as RowFacts;
    const open = (
      type: Types.CedarType,
      read: (row: RowFacts) => Values.Value | undefined,
      mayFail = false,
    ): Node => ({ op: "open", type, reads: [], read: (row) => read(facts(row)), mayFail });
    const tagType = this.#schema.tags.get(topic);
    return {
      op: "entity",
      type: { kind: "Entity", name: topic },
      id: open({ kind: "String" }, ({ id }) => id),
      attribute: (name) => {
        const declared = this.#shape(topic).get(name);
        if (!declared) throw new Error(`the schema has no ${topic}.${name}`);
        return open(declared.type, ({ attributes }) => attributes[name], true);
      },
      has: (name) => open({ kind: "Bool" }, ({ attributes }) => attributes[name] !== undefined),
      ...(tagType && { tags: open({ kind: "Record", attributes: new Map() }, ({ tags }) => tags) }),
      isIn: (row, type, id) => facts(row).parents.some((parent) => entities.ancestors(parent, type).has(id)),
    };
  }

  #facts({ uid, attrs, tags, parents }: RandomEntity): RowFacts {
    return {
      id: uid.id,
      attributes: this.#record(attrs, this.#shape(uid.type)),
      tags: this.#tags(uid.type, tags),
      parents,
    };
  }

  #shape = (type: string) => this.#schema.shapes.get(type)!;

  #record(json: Json, attributes: ReadonlyMap<string, Types.Attribute>): Values.RecordValue {
    return this.#modules.fromJson(json, { kind: "Record", attributes }) as Values.RecordValue;
  }

  #tags(type: string, tags: Record<string, Json> = {}): Values.RecordValue {
    const of = this.#schema.tags.get(type);
    if (!of) return this.#record({}, new Map());
    return this.#record(tags, new Map(Object.keys(tags).map((tag) => [tag, { type: of, optional: true }])));
  }
}

function difference(
  { policies }: Round,
  ours: Outcomes,
  { decision, reasons, errors }: Answer,
): string | null {
  const idsOf = (outcome: Outcome) => [...ours].flatMap(([id, is]) => (is === outcome ? [id] : [])).sort();
  const satisfied = idsOf("satisfied");
  const forbids = satisfied.filter((id) => policies.get(id)?.json.effect === "forbid");
  /** Cedar's reason: the forbids that hold, else the permits that do. */
  const decisive = forbids.length > 0 ? forbids : satisfied;
  const allows = forbids.length === 0 && satisfied.length > 0 ? "allow" : "deny";
  const different = symmetric(idsOf("error"), errors).concat(symmetric(decisive, reasons));
  if (different.length === 0 && allows === decision) return null;
  return `${allows} here, ${decision} by Cedar\n${different.map((id) => `${ours.get(id)} here: ${policies.get(id)?.text}`).join("\n")}`;
}

const symmetric = (a: readonly string[], b: readonly string[]) => [
  ...new Set(a).symmetricDifference(new Set(b)),
];
