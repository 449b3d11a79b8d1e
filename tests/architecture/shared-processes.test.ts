/** Test files share processes, and what they import is loaded once: nothing of one file may be missing in the next, or stay behind. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { OF_THEIR_PROCESS } from "../support/of-their-process.ts";

const FILES = readdirSync(join(PACKAGE_ROOT, "tests"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join("tests", name));
const [tests, others] = [true, false].map((are) => FILES.filter((file) => file.endsWith(".test.ts") === are));
const textOf = (file: string) => readFileSync(join(PACKAGE_ROOT, file), "utf8");
const matching = (files: readonly string[] = [], pattern: RegExp) =>
  files.filter((file) => pattern.test(textOf(file)));
const isAlone = (file: string) =>
  OF_THEIR_PROCESS.some((name) => (name.endsWith("/") ? file.startsWith(name) : file === name));

it("a hook of a file is registered by that file: one at the top of a module would be the first importer's alone", () => {
  expect(matching(others, /\b(before|after)(All|Each)\(/).length).toBeGreaterThan(3);
  expect(matching(others, /^(before|after)(All|Each)\(/m)).toEqual([]);
});

it("whoever looks at children, memory or environment of the test's process has one alone", () => {
  const looks =
    /plannersOf\(\)|process\.memoryUsage|=== process\.pid|\$\{process\.pid\}|^\s*(delete )?process\.env\[[^\]]+\]( =|;)/m;
  const looking = matching(tests, looks);
  expect(looking.length).toBeGreaterThan(5);
  expect(looking.filter((file) => !isAlone(file))).toEqual([]);
  expect(matching(tests, /\bvi\.(mock|stubEnv|stubGlobal)\(/)).toEqual([]);
});

it("names files that exist", () => {
  for (const name of OF_THEIR_PROCESS)
    expect(
      tests?.some((file) => (name.endsWith("/") ? file.startsWith(name) : file === name)),
      name,
    ).toBe(true);
});
