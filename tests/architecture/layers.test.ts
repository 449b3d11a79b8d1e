/**
 * Who may import whom (style guide §3), as data. `type` means `import type` only: it costs nothing at run time and couples
 * shapes, not behaviour. A folder that the table does not know fails, and so does a walk that finds suspiciously little.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

interface Layer {
  readonly imports: readonly string[];
  readonly types?: readonly string[];
}

const ALL = ["*"];
/** Where the package is, for those who read the data that ships with it. */
const PLACE = "src/config/package-root.ts";
const LAYERS: Readonly<Record<string, Layer>> = {
  "src/kernel": { imports: [] },
  "src/config": { imports: ["src/kernel"] },
  "src/telemetry": { imports: ["src/kernel"] },
  "src/supergraph": { imports: ["src/kernel"] },
  "src/identity": { imports: ["src/kernel"] },
  "src/operation": { imports: ["src/kernel"], types: ["src/supergraph"] },
  "src/policy": {
    imports: ["src/kernel", PLACE],
    types: ["src/identity", "src/operation", "src/supergraph"],
  },
  "src/policy-store": {
    imports: [
      ...["src/kernel", "src/policy", "src/supergraph/manifest.ts"],
      ...["src/audit/note.ts", "src/connectors/migrate.ts"],
    ],
  },
  "src/plan": { imports: ["src/kernel", "src/supergraph"], types: ["src/operation", "src/policy"] },
  "src/execute": { imports: ["src/kernel"], types: ["src/plan", "src/policy", "src/supergraph"] },
  "src/audit": {
    imports: ["src/kernel"],
    types: ["src/identity", "src/operation", "src/policy", "src/plan", "src/execute"],
  },
  "src/disclosures": { imports: ["src/kernel", "src/audit", "src/connectors"] },
  "src/respond": {
    imports: ["src/kernel"],
    types: ["src/plan", "src/policy", "src/execute", "src/audit", "src/supergraph"],
  },
  "src/view": { imports: ["src/kernel", "src/supergraph", "src/plan"], types: ["src/policy"] },
  "src/break-glass": { imports: ["src/kernel", "src/connectors"], types: ["src/execute"] },
  "src/files": {
    imports: ["src/kernel", "src/connectors"],
    types: ["src/execute", "src/identity", "src/operation", "src/plan", "src/respond"],
  },
  "src/connectors": { imports: ["src/kernel", PLACE, "src/supergraph"], types: ["src/execute"] },
  "src/gateway.ts": { imports: ALL },
  "src/pieces.ts": {
    imports: ["src/kernel", "src/execute", "src/respond"],
  },
  "src/question-identity.ts": { imports: [], types: ["src/identity", "src/plan"] },
  "src/warm.ts": {
    imports: ["src/kernel", "src/operation"],
    types: ["src/plan", "src/policy"],
  },
  "src/traced.ts": { imports: [], types: ["src/kernel", "src/execute", "src/telemetry"] },
  "src/reader-tools.ts": {
    imports: ["src/kernel", "src/identity", "src/plan", "src/policy"],
    types: ["src/audit", "src/execute", "src/respond", "src/supergraph"],
  },
  "src/assembly": { imports: ALL },
  "src/server": { imports: ALL },
  "src/cli": { imports: ALL },
  "src/index.ts": { imports: ALL },
};

/** `process.env` belongs to the configuration; these hand `PATH` and the like on to PostgreSQL's own programs. */
const READS_ENVIRONMENT = [
  "src/config/environment.ts",
  "src/connectors/embedded-postgres.ts",
  "src/connectors/postgres-binaries.ts",
  "src/connectors/postmaster.ts",
];

const FILES = readdirSync(join(PACKAGE_ROOT, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join("src", name));

const layerOf = (file: string): string => (dirname(file) === "src" ? file : file.split("/", 2).join("/"));

const textOf = (file: string) => readFileSync(join(PACKAGE_ROOT, file), "utf8");

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const STATEMENT =
  /^(?:import|export)\s+(type\s+)?[^;]*?from\s+"(\.[^"]+)"|^import\s+"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm;

function importsOf(file: string): readonly Import[] {
  return [...textOf(file).matchAll(STATEMENT)].map(([, type, named, bare, dynamic]) => {
    const target = named ?? bare ?? dynamic ?? "";
    const to = relative(PACKAGE_ROOT, resolve(PACKAGE_ROOT, dirname(file), target));
    return { from: file, to, typeOnly: type !== undefined };
  });
}

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const layer = LAYERS[layerOf(from)];
  if (!layer || layer.imports === ALL) return true;
  const target = layerOf(to);
  return (
    target === layerOf(from) ||
    [target, to].some((name) => layer.imports.includes(name)) ||
    (typeOnly && (layer.types ?? []).includes(target))
  );
}

it("has the ledger read the domain tables when it starts: a question, and a row, reads no file", () => {
  const files = readdirSync(join(PACKAGE_ROOT, "ledger"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join("ledger", name));
  expect(files.filter((file) => textOf(file).includes("loadDomain("))).toEqual(["ledger/start.ts"]);
});

it("sees the sources", () => {
  expect(FILES.length).toBeGreaterThan(100);
  expect(FILES.flatMap(importsOf).length).toBeGreaterThan(300);
});

it("knows every folder", () => {
  expect([...new Set(FILES.map(layerOf))].filter((layer) => !LAYERS[layer])).toEqual([]);
});

it("finds no import against the table", () => {
  const against = FILES.flatMap(importsOf).filter((one) => !isAllowed(one));
  expect(against.map(({ from, to, typeOnly }) => `${from} → ${to}${typeOnly ? " (type)" : ""}`)).toEqual([]);
});

it("calls stages from the gateway alone: server and command line reach them through it", () => {
  const stages = ["src/execute", "src/respond"];
  const callers = FILES.filter((file) => layerOf(file) === "src/server" || layerOf(file) === "src/cli");
  const direct = callers
    .flatMap(importsOf)
    .filter(({ to, typeOnly }) => !typeOnly && stages.includes(layerOf(to)));
  expect(direct).toEqual([]);
});

it("reads the environment in the configuration only", () => {
  expect(FILES.filter((file) => /process\.env\b/.test(textOf(file))).toSorted()).toEqual(
    READS_ENVIRONMENT.toSorted(),
  );
});

it("keeps files at a size that can be read, with a contract on top", () => {
  const long = FILES.filter((file) => textOf(file).split("\n").length > 350);
  const bare = FILES.filter((file) => !/^(#!.*\n)?\/\*\*/.test(textOf(file)));
  expect({ long, bare }).toEqual({ long: [], bare: [] });
});
