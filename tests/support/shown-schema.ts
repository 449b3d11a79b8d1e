/**
 * What a reader could ever be shown of a schema, worked out beside the engine: the domain's decision procedure
 * (`rules-oracle.ts`) is asked about many rows for every field on every way, and whatever it never shows is out.
 */
import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from "graphql";
import type { Coordinate } from "../../src/kernel/brands.ts";
import type { FieldInfo, Supergraph } from "../../src/supergraph/supergraph.ts";
import { typeTableOf } from "../../src/supergraph/type-table.ts";
import { type OracleRow, oracle, oracleTables } from "./rules-oracle.ts";

export interface ShownTo {
  readonly agency: string;
  readonly role: string;
  readonly purpose: string;
  readonly certificates: readonly string[];
  /** Its agency has one member, so that what is the agency's is the reader's own. */
  readonly isOneMembered: boolean;
}

/** How a selection came to an object: nothing decided yet; a row of a root field; an edge that was decided. */
type Mode = "carrier" | "row" | "edge";
interface Stand {
  readonly type: string;
  readonly caseBound: boolean;
  readonly person: boolean;
  readonly mode: Mode;
}

const BY_ID = ["Case", "Person", "Worker", "Employer"];
const WRAPPER = /(?:Connection|Edge)$/;

/** Coordinates of fields, mutations apart: what is changed is not decided by rows. */
export function shownFields(supergraph: Supergraph, reader: ShownTo): ReadonlySet<string> {
  const types = typeTableOf(supergraph);
  const decide = decider(supergraph, reader);
  const shows = new Map<string, boolean>();
  const stands = new Map<string, Stand>();
  const shown = new Set<string>();

  const isShown = (stand: Stand): boolean => {
    const key = JSON.stringify(stand);
    stands.set(key, stand);
    return shows.get(key) ?? false;
  };
  const look = (stand: Stand, tell: boolean): boolean => {
    const { type } = stand;
    const access = supergraph.fields.get(`${type}.access` as Coordinate);
    const isRoot = type === "Query" || type === "Subscription";
    const caseBound = stand.caseBound || access?.returns === "CaseAccess";
    const person = !caseBound && (stand.person || access?.returns === "PersonAccess");
    let { mode } = stand;
    if (type === "Case" || (mode === "row" && !WRAPPER.test(type))) {
      const asked = BY_ID.includes(type) ? [`${type}.id`] : groupedFields(supergraph, type);
      const own = "own" in fieldsOf(supergraph, type, true) ? null : false;
      if (asked.length > 0 && !asked.some((field) => decide.shows(field, caseBound, own))) return false;
      if (asked.length > 0) mode = "edge";
    }
    let any = false;
    for (const field of Object.values(fieldsOf(supergraph, type))) {
      const at = `${type}.${field.name}` as Coordinate;
      const info = supergraph.fields.get(at)!;
      if (info.group !== null && !decide.edge(info, caseBound)) continue;
      const named = getNamedType(field.type);
      const bound = (by: string) =>
        isRoot ? by.startsWith("Case.") || named.name.startsWith("Referral") : caseBound;
      const mustGive = field.args.filter(isRequiredArgument).flatMap((argument) => {
        const input = getNamedType(argument.type);
        const parts = isInputObjectType(input)
          ? Object.values(input.getFields()).filter(isRequiredInputField)
          : [];
        return [`${at}(${argument.name}:)`, ...parts.map(({ name }) => `${input.name}.${name}`)];
      });
      const cannotAsk = mustGive.some((given) => {
        const by = supergraph.filters.get(given);
        return by !== undefined && !decide.allows(by, bound(by));
      });
      if (cannotAsk) continue;
      const isPage = named.name === "PageInfo";
      if (isPage || !isCompositeType(named) || types.isPlain(named.name)) {
        if (tell) shown.add(at);
        if (info.group !== null || isRoot || (mode === "edge" && !WRAPPER.test(type))) any = true;
        continue;
      }
      const next: Mode =
        info.group !== null
          ? "edge"
          : isRoot
            ? "row"
            : WRAPPER.test(type) || mode === "edge"
              ? mode
              : "carrier";
      const possible = isAbstractType(named) ? supergraph.publicSchema.getPossibleTypes(named) : [named];
      const below = possible
        .filter(({ name }) => !types.isPlain(name))
        .filter(({ name }) => isShown({ type: name, caseBound, person, mode: next }));
      if (below.length === 0) continue;
      any = true;
      if (tell) shown.add(at);
    }
    return any;
  };

  for (const type of ["Query", "Subscription"])
    isShown({ type, caseBound: false, person: false, mode: "carrier" });
  for (let changed = true; changed; ) {
    changed = false;
    for (const [key, stand] of stands) {
      if (shows.get(key) || !look(stand, false)) continue;
      shows.set(key, true);
      changed = true;
    }
  }
  // Only what is reached through what is shown: from the roots again, now that all is known.
  const reached = new Map([...stands].filter(([, { type }]) => type === "Query" || type === "Subscription"));
  for (const [key, stand] of reached) {
    if (!shows.get(key)) continue;
    stands.clear();
    look(stand, true);
    for (const [below, where] of stands) if (!reached.has(below)) reached.set(below, where);
  }
  return shown;
}

const fieldsOf = ({ publicSchema, fullSchema }: Supergraph, name: string, all = false) => {
  const type = (all ? fullSchema : publicSchema).getType(name);
  return isObjectType(type) ? type.getFields() : {};
};

const groupedFields = ({ fields }: Supergraph, type: string): readonly string[] =>
  [...fields.values()]
    .filter(({ coordinate, group }) => group !== null && coordinate.startsWith(`${type}.`))
    .map(({ coordinate }) => coordinate);

/** `own: null`: the row may be anybody's. */
function decider(supergraph: Supergraph, reader: ShownTo) {
  const known = new Map<string, boolean>();
  const all = [...rows(reader)];
  const some = (
    field: string,
    caseBound: boolean,
    own: boolean | null,
    effects: readonly string[],
  ): boolean => {
    const key = [field, caseBound, own, ...effects].join();
    let answer = known.get(key);
    if (answer === undefined) {
      answer = all.some(
        (row) =>
          (own === null || row.own === own) &&
          effects.includes(oracle({ ...reader, field, row: { ...row, caseBound } }).effect),
      );
      known.set(key, answer);
    }
    return answer;
  };
  const shows = (field: string, caseBound: boolean, own: boolean | null) =>
    some(field, caseBound, caseBound ? null : own, ["ALLOW", "MASK"]);
  return {
    shows,
    allows: (field: string, caseBound: boolean) => some(field, caseBound, null, ["ALLOW"]),
    edge(info: FieldInfo, caseBound: boolean): boolean {
      const [parent = ""] = info.coordinate.split(".");
      const isTold = [parent, info.edge ? info.returns : ""].some(
        (type) => "own" in fieldsOf(supergraph, type, true),
      );
      const own = isTold ? null : info.owner === reader.agency && reader.isOneMembered;
      // A page of records opens as its records do.
      const record = info.returns.replace(WRAPPER, "");
      const below = info.edge === "record" ? groupedFields(supergraph, record) : [];
      return [info.coordinate, ...below].some((field) => shows(field, caseBound, own));
    },
  };
}

const GROUPS = Object.keys(oracleTables.matrix);

/** Rows of every kind, the most open ones first. */
function* rows({ agency, purpose, certificates }: ShownTo): Generator<OracleRow> {
  const referral = { status: "ACCEPTED", expiresAt: 2000, purpose, groups: GROUPS };
  const consent = { status: "GIVEN", validUntil: 2000, recipients: [agency], groups: GROUPS };
  for (const own of [true, false])
    for (const relation of ["referral", "owner", "none"])
      for (const consents of [[consent], []])
        for (const charged of [true, false])
          for (const glass of [true, false])
            for (const child of [false, true])
              yield {
                ...{ own, owner: relation === "owner", consents, charged, child },
                referrals: relation === "referral" ? [referral] : [],
                courtGroups: charged ? GROUPS : [],
                basis: "CHILD_INTEREST",
                certificates: [...certificates],
                ...(glass ? { breakGlass: { until: 2000 } } : {}),
              };
}
