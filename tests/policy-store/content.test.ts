/** What a policies folder holds comes back as the same bytes; what could be written elsewhere is refused. */
import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { contentOf, readContent, writeContent } from "../../src/policy-store/content.ts";
import { draftOf, folderWith, officer, type TestStore, testStore } from "./tools.ts";

const folder = () => mkdtemp(join(tmpdir(), "ihala-content-"));
const ODD = {
  "ngo/names.cedar": Buffer.from("\uFEFF// كما هي\r\n// trailing spaces  \r\n", "utf8"),
  "ngo/ملاحظات.md": Buffer.from("ملاحظات لضباط الأمن\r\n", "utf8"),
  "empty.md": Buffer.alloc(0),
  "latin.md": Buffer.from([0xff, 0xfe, 0x00, 0xe9]),
};

let on: TestStore;
beforeAll(async () => {
  on = await testStore();
});
afterAll(() => on?.close());

async function bytesIn(directory: string): Promise<Record<string, string>> {
  const names = (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Object.fromEntries(
    await Promise.all(
      names.map(
        async (name) => [name.slice(directory.length), (await readFile(name)).toString("hex")] as const,
      ),
    ),
  );
}

it("comes back out of the database byte for byte: CRLF, BOM, Arabic, bytes that are no text", async () => {
  const from = await folderWith(ODD);
  const { draft } = await draftOf(on, officer("NGO"), ODD);
  const to = await folder();
  await writeContent(await on.tools.store.content(draft.hash), to);
  expect(await bytesIn(to)).toEqual(await bytesIn(from));
  expect((await readContent(to)).hash).toBe(draft.hash);
}, 120_000);

it("is written into an empty folder alone", async () => {
  const content = contentOf([{ path: "a.cedar", bytes: Buffer.from("a") }]);
  const to = await folder();
  await writeFile(join(to, "mine"), "");
  await expect(writeContent(content, to)).rejects.toThrow("is not empty");
  expect(await readdir(to)).toEqual(["mine"]);
});

it("passes over what begins with a dot, and refuses what is no plain file", async () => {
  const from = await folder();
  await mkdir(join(from, ".git"));
  for (const name of [".git/config", ".hidden", "a.cedar"]) await writeFile(join(from, name), name);
  expect((await readContent(from)).files.map(({ path }) => path)).toEqual(["a.cedar"]);
  await symlink("/etc/hostname", join(from, "b.cedar"));
  await expect(readContent(from)).rejects.toMatchObject({
    detail: { problems: ["`b.cedar` is no plain file"] },
  });
});

it.each(["../a", "/a", "a//b", "a/../b", ".a", "a/.b", "a\\b", "a\0", "a\n", "", "C:a", "a/"])(
  "refuses a file named %j",
  (path) => expect(() => contentOf([{ path, bytes: Buffer.alloc(0) }])).toThrow("not valid"),
);

it("names no two folders by one hash", () => {
  const files = fc.uniqueArray(
    fc.record({
      path: fc.stringMatching(/^[a-c1 ]{1,3}$/).map((name) => `f${name}`),
      bytes: fc.stringMatching(/^[a-c1 \n]{0,4}$/).map((text) => Buffer.from(text)),
    }),
    { selector: ({ path }) => path, minLength: 1, maxLength: 4 },
  );
  const key = (all: readonly { path: string; bytes: Buffer }[]) =>
    JSON.stringify(all.map(({ path, bytes }) => [path, bytes.toString()]).toSorted());
  fc.assert(
    fc.property(files, files, (a, b) => {
      expect(contentOf(a).hash === contentOf(b).hash).toBe(key(a) === key(b));
      expect(contentOf(a.toReversed()).hash).toBe(contentOf(a).hash);
    }),
  );
});
