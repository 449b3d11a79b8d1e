import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type GraphQLSchema, getNamedType, isEnumType, isNonNullType, isObjectType } from "graphql";
import { beforeAll, describe, expect, it } from "vitest";
import { composeSubgraphs } from "../../src/supergraph/compose.ts";
import { type Domain, loadDomain } from "../../src/supergraph/domain.ts";
import { loadSupergraph } from "../../src/supergraph/load.ts";
import { loadManifest, type Manifest } from "../../src/supergraph/manifest.ts";
import { subgraphSdl } from "../../src/supergraph/subgraph-documents.ts";
import type { Supergraph } from "../../src/supergraph/supergraph.ts";
import { SCHEMA_DIR } from "./schema-copy.ts";

/** Fields of the model that the schema has elsewhere, or with another type (docs/decisions/0003). */
const MOVED = new Map([
  ["CaseParty.perpetratorRoles", "Suspect.perpetratorRoles"],
  ["CaseParty.perpetratorDetails", "Suspect.perpetratorDetails"],
]);
const RETYPED = new Map([
  ["Investigation.suspects", "[Suspect!]"],
  ["Charge.defendant", "Suspect"],
  ["Verdict.defendant", "Suspect"],
  ["Person.accessLog", "DataUseConnection"],
  ["Case.accessLog", "DataUseConnection"],
]);

let supergraph: Supergraph;
let domain: Domain;
let manifest: Manifest;

beforeAll(async () => {
  [supergraph, domain, manifest] = await Promise.all([
    loadSupergraph(SCHEMA_DIR),
    loadDomain(SCHEMA_DIR),
    loadManifest(SCHEMA_DIR),
  ]);
});

const fieldOf = (schema: GraphQLSchema, coordinate: string) => {
  const [type = "", field = ""] = coordinate.split(".");
  const object = schema.getType(type);
  return isObjectType(object) ? object.getFields()[field] : undefined;
};

describe("the schema folder", () => {
  it("composes to the supergraph that is committed", async () => {
    expect(await readFile(join(SCHEMA_DIR, "supergraph.graphql"), "utf8")).toBe(
      (await composeSubgraphs(SCHEMA_DIR)).text,
    );
  });

  it("has every field of the model, nullable, of the model's type", () => {
    expect(domain.fields).toHaveLength(251);
    const wrong = domain.fields.flatMap(({ type, field, gql }) => {
      const named = `${type}.${field}`;
      const found = fieldOf(supergraph.publicSchema, MOVED.get(named) ?? named);
      const expected = field === "id" ? gql : (RETYPED.get(named) ?? gql.replace(/!$/, ""));
      return found && String(found.type) === expected ? [] : [`${named}: ${expected} is ${found?.type}`];
    });
    expect(wrong).toEqual([]);
  });

  it("has every code of the model's lists, in their order", () => {
    const wrong = Object.entries(domain.enums).filter(([name, { values }]) => {
      const type = supergraph.publicSchema.getType(name);
      const codes = isEnumType(type) ? type.getValues().map((value) => value.name) : [];
      return String(codes.toSorted()) !== String(values.map(({ code }) => code).toSorted());
    });
    expect(wrong.map(([name]) => name)).toEqual([]);
  });

  it("has one mutation for every transition of the model", () => {
    const fields = supergraph.publicSchema.getMutationType()?.getFields() ?? {};
    expect(domain.transitions.filter(({ mutation }) => !fields[mutation])).toEqual([]);
  });

  it("describes every type and field in English and in Arabic", () => {
    const silent = Object.values(supergraph.publicSchema.getTypeMap()).flatMap((type) => {
      if (!isObjectType(type) || type.name.startsWith("__") || /(Connection|Edge)$/.test(type.name))
        return [];
      const fields = Object.values(type.getFields()).filter(
        ({ description }) => !/^[^\n]*[a-zA-Z][^\n]*\n(.*\n)*.*[\u0600-\u06ff]/.test(description ?? ""),
      );
      return fields.map(({ name }) => `${type.name}.${name}`);
    });
    expect(silent).toEqual([]);
  });

  it("gives each subgraph a document of its own that needs no other", async () => {
    const sdl = await subgraphSdl(SCHEMA_DIR, "ngo");
    expect(sdl).toContain("type AssistanceRecord");
    expect(sdl).toContain("enum ServiceType");
    expect(sdl).toContain('@composeDirective(name: "@group")');
    expect(sdl).not.toContain("enum Gender");
  });
});

describe("labels", () => {
  it("come from the manifest, one owner and one group for each grouped field", () => {
    const grouped = [...manifest.fields.values()].filter(({ group }) => group !== null);
    const wrong = grouped.filter(({ coordinate, group, level }) => {
      const info = supergraph.fields.get(coordinate);
      return info?.group !== group || info.level !== level;
    });
    expect(grouped.length).toBeGreaterThan(280);
    expect(wrong).toEqual([]);
  });

  it("leave no field of a record or an entity unknown to the manifest", () => {
    const keys = new Set(["uid", "address", "code"]);
    const unknown = [...supergraph.fields.keys()].filter((coordinate) => {
      const [type = "", field = ""] = coordinate.split(".");
      return manifest.owned.has(type) && !manifest.fields.has(coordinate) && !keys.has(field);
    });
    expect(unknown).toEqual([]);
  });

  it("make every grouped field nullable", () => {
    const strict = [...supergraph.fields.values()].filter(
      ({ coordinate, group }) =>
        group !== null && isNonNullType(fieldOf(supergraph.fullSchema, coordinate)?.type),
    );
    expect(strict).toEqual([]);
  });
});

describe("the public schema", () => {
  it("shows no uid, no policy input and no machinery", () => {
    const names = Object.keys(supergraph.publicSchema.getTypeMap());
    expect(names.filter((name) => /^(join__|link__|CaseAccess|PersonAccess|ReaderInput)/.test(name))).toEqual(
      [],
    );
    const hidden = [...supergraph.fields.values()].filter(
      ({ inaccessible, policyInput }) => inaccessible || policyInput,
    );
    expect(hidden.length).toBeGreaterThan(40);
    expect(hidden.filter(({ coordinate }) => fieldOf(supergraph.publicSchema, coordinate))).toEqual([]);
    expect(supergraph.publicSdl).not.toMatch(/@(group|join__|inaccessible)/);
  });

  it("counts no rows: a total would tell of hidden ones", () => {
    expect([...supergraph.fields.keys()].filter((coordinate) => /\.totalCount$/.test(coordinate))).toEqual(
      [],
    );
  });

  it("is closed: every type that it names is in it", () => {
    const types = Object.values(supergraph.publicSchema.getTypeMap()).filter(isObjectType);
    for (const type of types)
      for (const field of Object.values(type.getFields()))
        expect(supergraph.publicSchema.getType(getNamedType(field.type).name)).toBeDefined();
  });
});

describe("coordinates", () => {
  it.each([
    ["Query.case(nrmNumber:)", "Case.nrmNumber"],
    ["CaseFilter.identification", "Case.identificationState"],
    ["CaseFilter.opened", "Case.openedAt"],
    ["CaseOrder.OPENED_AT_DESC", "Case.openedAt"],
    ["WorkerFilter.unpaidMonthsAtLeast", "Worker.unpaidMonths"],
    ["Case.parties(role:)", "CaseParty.role"],
  ])("%s reads %s", (filter, field) => {
    expect(supergraph.filters.get(filter)).toBe(field);
  });

  it.each([
    ["CaseParty.person", "entity"],
    ["Investigation.suspects", "entity"],
    ["Case.caseWorker", "entity"],
    ["Case.owner", "entity"],
    ["Case.investigation", "record"],
    ["Case.consents", "record"],
    ["Person.passports", "record"],
    ["ShelterStay.facility", "record"],
    ["Case.timeline", "record"],
    ["Person.residence", "value"],
    ["Query.cases", "value"],
    ["Case.stage", null],
  ])("%s leads to: %s", (at, edge) => {
    expect([...supergraph.fields.values()].find(({ coordinate }) => coordinate === at)?.edge).toBe(edge);
  });

  it("say who serves and who decides", () => {
    const info = [...supergraph.fields.values()].find(({ coordinate }) => coordinate === "Case.justiceState");
    expect(info).toMatchObject({ servedBy: ["epc_spine"], owner: "MOI", group: "CASE_HEADER", level: "S3" });
    const stage = [...supergraph.fields.values()].find(({ coordinate }) => coordinate === "Case.stage");
    expect(stage).toMatchObject({
      servedBy: ["gw"],
      owner: null,
      computedFrom: expect.arrayContaining(["closedAt"]),
    });
  });

  it("know the agency behind each subgraph", () => {
    const agencies = Object.fromEntries(
      [...supergraph.subgraphs].map(([name, { agency }]) => [name, agency]),
    );
    expect(agencies).toMatchObject({ epc_spine: "EPC", epc_content: "EPC", ngo: "NGO", gw: null });
    expect(supergraph.entities.has("Case")).toBe(true);
    expect(supergraph.entities.has("Agency")).toBe(false);
  });
});
