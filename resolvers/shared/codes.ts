/**
 * Code lists and scalars of the vocabulary for type-graphql. Lists are read from `schema/vocabulary.graphql`, so that
 * none is written twice.
 *
 * Errors  an unknown list is a programming error and throws when the module loads.
 */
import "reflect-metadata";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GraphQLScalarType, Kind, parse } from "graphql";
import { registerEnumType } from "type-graphql";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

export type CodeList = Readonly<Record<string, string>>;

/** Registered when the module loads: a schema that is being built takes no more lists. */
const LISTS: ReadonlyMap<string, CodeList> = readLists();

/** The list `name`, each code being its own value. */
export function vocabularyEnum(name: string): CodeList {
  const codes = LISTS.get(name);
  if (!codes) throw new Error(`schema/vocabulary.graphql has no code list ${name}`);
  return codes;
}

/** A code list of one agency alone. */
export function registerCodes(name: string, codes: readonly string[]): CodeList {
  const list = Object.fromEntries(codes.map((code) => [code, code]));
  registerEnumType(list, { name });
  return list;
}

/** Values pass unchanged: they are text on both sides, checked by whoever stores them. */
const text = (name: string) => new GraphQLScalarType<string, string>({ name });

export const AgencyAddress = text("AgencyAddress");
export const CalendarDate = text("Date");
export const CountryCode = text("CountryCode");
export const DateTime = text("DateTime");
export const LanguageCode = text("LanguageCode");
export const LegalArticle = text("LegalArticle");
export const PersonalNumber = text("PersonalNumber");
export const PhoneNumber = text("PhoneNumber");
export const YearMonth = text("YearMonth");

function readLists(): ReadonlyMap<string, CodeList> {
  const document = parse(readFileSync(join(PACKAGE_ROOT, "schema/vocabulary.graphql"), "utf8"));
  const lists = document.definitions.filter((node) => node.kind === Kind.ENUM_TYPE_DEFINITION);
  return new Map(
    lists.map(({ name: { value: name }, values = [] }) => {
      const codes = values.map((code) => code.name.value);
      return [name, registerCodes(name, codes)];
    }),
  );
}
