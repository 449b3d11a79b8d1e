/** Writes arguments: by literal, by variable, by default, with variables inside input objects and lists. */
import {
  type GraphQLArgument,
  type GraphQLInputType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
} from "graphql";

export interface VariableModel {
  readonly name: string;
  readonly type: string;
  /** GraphQL text of its default. */
  readonly fallback: string | null;
  /** Null when the request leaves it out. */
  readonly given: { readonly value: unknown } | null;
}

/** A value as JSON for a variable, and as text in a document. */
interface Written {
  readonly value: unknown;
  readonly text: string;
}

const TEXTS = ["", "a", '"}', "é\\n", "\u0001", "إحالة", "__proto__", "{__typename}"];
const NAMES = ["representations", "_a0", "constructor", "_v0", "reader", "v", "r0", "__typename"];
const JSONS: readonly Written[] = [
  { value: 1, text: "1" },
  { value: "x", text: '"x"' },
  { value: null, text: "null" },
  { value: [1, ["b"], true], text: '[1, ["b"], true]' },
  { value: { __typename: "E0", id: 1.5, n: null }, text: '{__typename: "E0", id: 1.5, n: null}' },
  { value: JSON.parse('{"__proto__": {"p": 1}, "a": {}}'), text: "{__proto__: {p: 1}, a: {}}" },
];

export class Values {
  readonly #variables: VariableModel[];
  #state: number;

  constructor(seed: number, variables: VariableModel[]) {
    this.#state = seed;
    this.#variables = variables;
  }

  chance(oneIn: number): boolean {
    return this.#next() % oneIn === 0;
  }

  argument({ type, defaultValue }: GraphQLArgument): string {
    return this.#placed(type, defaultValue !== undefined, 2);
  }

  /** A literal, or one time in `oneIn` a variable, for a place that may have a default. */
  #placed(type: GraphQLInputType, hasDefault: boolean, oneIn: number, depth = 0): string {
    if (!this.chance(oneIn)) return this.#write(type, depth, true).text;
    const name = `${NAMES[this.#next() % NAMES.length]}${this.#variables.length}`;
    const { value } = this.#write(type, depth, false);
    const fallback = this.chance(3) ? this.#write(type, depth, false).text : null;
    // A variable that may be null stands in a non-null place when one of the two has a default (5.8.5).
    const bare =
      isNonNullType(type) && (hasDefault || fallback !== null) && fallback !== "null" && this.chance(2);
    const optional = fallback !== null || bare || !isNonNullType(type);
    this.#variables.push({
      name,
      type: String(bare ? type.ofType : type),
      fallback,
      given: optional && this.chance(3) ? null : { value },
    });
    return `$${name}`;
  }

  #write(type: GraphQLInputType, depth: number, open: boolean): Written {
    if (isNonNullType(type)) return this.#writeSome(type.ofType, depth, open);
    return this.chance(6) ? { value: null, text: "null" } : this.#writeSome(type, depth, open);
  }

  #writeSome(type: GraphQLInputType, depth: number, open: boolean): Written {
    if (isListType(type)) return this.#writeList(type.ofType, depth, open);
    if (isInputObjectType(type)) {
      const fields = Object.values(type.getFields()).filter(
        (field) => isRequiredInputField(field) || (depth < 2 && this.chance(2)),
      );
      const made = fields.map((field) => ({
        name: field.name,
        ...this.#inner(field.type, field.defaultValue !== undefined, depth, open),
      }));
      return {
        value: Object.fromEntries(made.map(({ name, value }) => [name, value])),
        text: `{${made.map(({ name, text }) => `${name}: ${text}`).join(", ")}}`,
      };
    }
    if (isEnumType(type)) {
      const values = type.getValues();
      const { name } = values[this.#next() % values.length] as (typeof values)[number];
      return { value: name, text: name };
    }
    return this.#leaf(String(type));
  }

  #writeList(item: GraphQLInputType, depth: number, open: boolean): Written {
    const bare = isNonNullType(item) ? item.ofType : item;
    // One value stands for a list of it (3.11), whatever the list is in.
    if (!isListType(bare) && this.chance(4)) return this.#writeSome(bare, depth, open);
    const items = Array.from({ length: this.#next() % 3 }, () => this.#inner(item, false, depth, open));
    return { value: items.map(({ value }) => value), text: `[${items.map(({ text }) => text).join(", ")}]` };
  }

  /** A part of a literal may be a variable; a part of a variable's value or default may not. */
  #inner(type: GraphQLInputType, hasDefault: boolean, depth: number, open: boolean): Written {
    if (!open) return this.#write(type, depth + 1, false);
    return { value: null, text: this.#placed(type, hasDefault, 5, depth + 1) };
  }

  #leaf(type: string): Written {
    const pick = this.#next();
    switch (type) {
      case "Int":
        return both((pick % 201) - 100);
      case "Float":
        return both(pick % 3 === 0 ? pick % 50 : (pick % 401) / 8);
      case "Boolean":
        return both(pick % 2 === 0);
      case "ID":
        return both(pick % 2 === 0 ? pick % 9 : String(TEXTS[pick % TEXTS.length]));
      case "Json":
        return JSONS[pick % JSONS.length] as Written;
      default:
        return both(String(TEXTS[pick % TEXTS.length]));
    }
  }

  /** Mulberry32. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }
}

const both = (value: string | number | boolean): Written => ({ value, text: JSON.stringify(value) });
