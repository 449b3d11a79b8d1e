/**
 * Reads which features a document links, and by which names it knows their elements.
 *
 * In      a document with `@link` on its schema; `@link` itself may go by another name.
 * Out     one `Feature` for each use, in the order of the document.
 * Names   an element `@x` of a feature is `@prefix__x`, and `@prefix` when it is named like the feature; the prefix is
 *         `as:`, or the feature's own name. An import gives it a name without prefix, or any other one.
 * Source  https://specs.apollo.dev/link/v1.0
 */
import { type ConstDirectiveNode, type DocumentNode, Kind, type ValueNode } from "graphql";
import { argumentValue, textArgument } from "./ast.ts";

export interface Feature {
  readonly url: string;
  /** URL without version: `https://specs.apollo.dev/join`. */
  readonly identity: string;
  /** Last part of the identity: `join`. */
  readonly name: string;
  /** `v0.3`; null when the URL ends without one. */
  readonly version: string | null;
  /** What stands before `__` in this document. */
  readonly prefix: string;
  /** Element → its name here; those of directives with `@` on both sides. */
  readonly imports: ReadonlyMap<string, string>;
  /** What a processor must understand before it may use the document. */
  readonly purpose: "SECURITY" | "EXECUTION" | null;
  readonly node: ConstDirectiveNode;
}

const LINK = /^https:\/\/specs\.apollo\.dev\/link\/v\d+\.\d+\/?$/;
const VERSION = /^v\d+\.\d+$/;

export function featuresOf(document: DocumentNode): readonly Feature[] {
  const uses = schemaDirectives(document);
  const own = uses.filter((use) => LINK.test(textArgument(use, "url") ?? ""));
  const names = new Set(["link", ...own.map(({ name }) => name.value)]);
  return uses.filter(({ name }) => names.has(name.value)).flatMap((use) => featureOf(use) ?? []);
}

/** Directives of the schema definition and of its extensions. */
export const schemaDirectives = (document: DocumentNode): readonly ConstDirectiveNode[] =>
  document.definitions.flatMap((definition) =>
    definition.kind === Kind.SCHEMA_DEFINITION || definition.kind === Kind.SCHEMA_EXTENSION
      ? (definition.directives ?? [])
      : [],
  );

function featureOf(node: ConstDirectiveNode): Feature | null {
  const url = textArgument(node, "url");
  if (url === null) return null;
  const { identity, name, version } = parts(url);
  const purpose = textArgument(node, "for");
  return {
    url,
    identity,
    name,
    version,
    prefix: textArgument(node, "as") ?? name,
    imports: new Map(importsOf(argumentValue(node, "import"))),
    purpose: purpose === "SECURITY" || purpose === "EXECUTION" ? purpose : null,
    node,
  };
}

function parts(url: string): Pick<Feature, "identity" | "name" | "version"> {
  const segments = url.replace(/\/+$/, "").split("/");
  const version = VERSION.test(segments.at(-1) ?? "") ? (segments.pop() ?? null) : null;
  return { identity: segments.join("/"), name: segments.at(-1) ?? "", version };
}

function importsOf(list: ValueNode | null): readonly (readonly [string, string])[] {
  if (list?.kind !== Kind.LIST) return [];
  return list.values.flatMap((item): readonly (readonly [string, string])[] => {
    if (item.kind === Kind.STRING) return [[item.value, item.value]];
    if (item.kind !== Kind.OBJECT) return [];
    const text = (key: string): string | null => {
      const value = item.fields.find(({ name }) => name.value === key)?.value;
      return value?.kind === Kind.STRING ? value.value : null;
    };
    const name = text("name");
    return name === null ? [] : [[name, text("as") ?? name]];
  });
}
