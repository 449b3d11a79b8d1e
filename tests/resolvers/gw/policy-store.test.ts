/**
 * The policy store over GraphQL, from end to end: a draft from its first word to the field that it closes, and back; in the shadow;
 * beside the command line, which acts on the same store; and what is told of all versions.
 */
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { runProgram } from "../../../src/cli/program.ts";
import { openDataDirectory } from "../../../src/config/data-directory.ts";
import { PACKAGE_ROOT } from "../../../src/config/package-root.ts";
import { testTerminal } from "../../cli/test-terminal.ts";
import { draftOf, folderWith, NARROWER, officer } from "../../policy-store/tools.ts";
import type { Deployment } from "../../support/deployment.ts";
import {
  AUDITOR,
  AUTHOR,
  CLOSED,
  COLLEAGUE,
  type Done,
  officerOf,
  PROBE,
  PUBLICATION,
  READER,
  withOfficers,
} from "../../support/officers.ts";

const REGISTRAR = officerOf("IGA", "iga-officer-1");

describe("the policy store over GraphQL", { timeout: 240_000 }, () => {
  const officers = withOfficers();
  const { act, refused, stored } = officers;

  const nameIsShown = async (): Promise<boolean> => {
    const { data } = await officers.on.ask(READER, PROBE, { n: officers.on.cast.workers.plain.permitNo });
    return (data as { worker: { person: { nameAr: object | null } } }).worker.person.nameAr !== null;
  };
  const inForce = (number: number) =>
    vi.waitFor(() => expect(officers.on.assembled.gateway.standing.publication).toBe(number), 20_000);

  it("takes a draft from its author over two officers to every answer, and back", async () => {
    expect(await nameIsShown()).toBe(true);
    const { draft, refusal } = await act(AUTHOR, "draft", { files: [CLOSED], note: "by their Latin names" });
    expect(refusal).toBeNull();
    expect(draft).toMatchObject({
      ...{ number: 2, base: 1, note: "by their Latin names", widens: false, needs: [] },
      by: { agency: "LMRA", member: AUTHOR.member, staff: "lmra-officer-1" },
      ...{ missing: ["an approval by an officer other than its author"], outdated: false, published: null },
      ...{ approvals: [], changes: [{ path: CLOSED.path, kind: "ADDED", before: null, after: CLOSED.text }] },
    });
    const { number = 0, hash = "" } = draft ?? {};

    expect((await refused(AUTHOR, "publish", { draft: number })).problems).toEqual([
      expect.objectContaining({ message: "an approval by an officer other than its author", file: null }),
    ]);
    expect((await refused(AUTHOR, "approve", { draft: number, hash })).message).toContain("is your own");
    expect((await refused(COLLEAGUE, "approve", { draft: number, hash: "0".repeat(64) })).message).toContain(
      "has another hash",
    );

    const approved = await act(AUDITOR, "approve", { draft: number, hash });
    expect(approved.draft).toMatchObject({ missing: [], approvals: [{ by: { staff: "ncc-officer-1" } }] });
    const published = await act(AUTHOR, "publish", { draft: number });
    expect(published.publication).toMatchObject({
      ...{ number: 2, act: "PUBLISH", version: 2, draft: 2, note: "by their Latin names", inForce: true },
      ...{ by: { staff: "lmra-officer-1" }, with: [{ staff: "ncc-officer-1" }] },
    });
    await inForce(2);
    expect(await nameIsShown()).toBe(false);
    expect(officers.on.assembled.gateway.standing.policies).toBe(published.publication?.policyVersion);

    const wider = await refused(AUTHOR, "rollback", { version: 1 });
    expect(wider).toMatchObject({ code: "POLICY_REFUSED", problems: [] });
    expect(wider.message).toMatch(/a second officer must agree \(`ihala policy rollback --with`\), or draft/);
    expect(await nameIsShown()).toBe(false);

    // The same way back as a draft: the owner of the field must agree.
    const back = await act(AUTHOR, "draft", { files: [], removed: [CLOSED.path], note: "as before" });
    expect(back.draft).toMatchObject({ widens: true, needs: ["IGA"] });
    const opening = { draft: back.draft?.number, hash: back.draft?.hash };
    expect((await act(AUDITOR, "approve", opening)).draft?.missing).toEqual([
      "an approval by an officer of IGA",
    ]);
    expect((await refused(AUTHOR, "publish", { draft: opening.draft })).problems).toEqual([
      expect.objectContaining({ message: "an approval by an officer of IGA" }),
    ]);
    expect((await act(REGISTRAR, "approve", opening)).draft?.missing).toEqual([]);
    await act(AUTHOR, "publish", { draft: opening.draft });
    await inForce(3);
    expect(await nameIsShown()).toBe(true);

    const narrower = await act(COLLEAGUE, "rollback", { version: 2 });
    expect(narrower.publication).toMatchObject({ number: 4, act: "ROLLBACK", version: 2, note: null });
    await inForce(4);
    expect(await nameIsShown()).toBe(false);
  });

  it("answers what stands to whoever asks for the same again", async () => {
    const change = { files: [{ path: "README.md", text: "Of all agencies\n" }], note: "a word" };
    const first = await act(AUTHOR, "draft", change);
    const { number: draft, hash } = first.draft ?? {};
    await act(COLLEAGUE, "approve", { draft, hash });
    const before = await stored();
    expect((await act(AUTHOR, "draft", change)).draft?.number).toBe(draft);
    expect((await act(COLLEAGUE, "approve", { draft, hash })).draft?.missing).toEqual([]);
    expect(await stored()).toEqual(before);
    const one = await act(AUTHOR, "publish", { draft });
    const two = await act(AUDITOR, "publish", { draft });
    expect(two).toEqual(one);
    await inForce(one.publication?.number ?? 0);
    // Of another officer it is another draft, and what is in force already is none.
    expect((await refused(COLLEAGUE, "draft", change)).message).toContain("published already");
  });

  it("refuses what was made of something else than what is in force", async () => {
    const [stale, other] = [
      await act(AUTHOR, "draft", { files: [{ path: "left.md", text: "left behind" }], note: "left" }),
      await act(AUTHOR, "draft", { files: [{ path: "right.md", text: "published" }], note: "right" }),
    ];
    const of = ({ draft }: Done) => ({ draft: draft?.number, hash: draft?.hash });
    for (const each of [stale, other]) await act(COLLEAGUE, "approve", of(each));
    const { publication } = await act(COLLEAGUE, "publish", of(other));
    expect((await refused(AUTHOR, "publish", of(stale))).message).toContain("its approvals are void");
    expect((await refused(AUDITOR, "approve", of(stale))).message).toContain("its approvals are void");
    const base = { files: [{ path: "late.md", text: "late" }], note: "late", base: 1 };
    expect((await refused(AUTHOR, "draft", base)).message).toContain(
      "which is not in force: read them again",
    );
    await inForce(publication?.number ?? 0);

    const query = `{ policyDraft(number: ${of(stale).draft}) { outdated published }
      done: policyDraft(number: ${of(other).draft}) { outdated published } policyDrafts { number } none: policyDraft(number: 999) { number } }`;
    expect((await officers.on.ask(AUTHOR, query)).data).toEqual({
      policyDraft: { outdated: true, published: null },
      done: { outdated: true, published: publication?.number },
      ...{ policyDrafts: [], none: null },
    });
  });

  it("puts a draft into the shadow, counts where it differs, and ends it", async () => {
    const open = await draftOf(officers.store, officer("LMRA"), {});
    const shadowed = await act(AUTHOR, "shadow", { draft: open.draft.number });
    expect(shadowed.shadow).toMatchObject({ draft: open.draft.number, by: { staff: "lmra-officer-1" } });
    const differences = async () => {
      const { data } = await officers.on.ask(AUTHOR, "{ policyShadow { draft hash differences } }");
      return (data as { policyShadow: { differences: number | null } | null }).policyShadow?.differences;
    };
    await vi.waitFor(async () => expect(await differences()).toBe(0), 20_000);
    expect(await nameIsShown()).toBe(false);
    expect(await differences()).toBeGreaterThan(0);
    expect(await act(AUTHOR, "shadow", {})).toEqual({ shadow: null, refusal: null });
    expect((await officers.on.ask(AUTHOR, "{ policyShadow { draft } }")).data).toEqual({
      policyShadow: null,
    });
  });

  it("is used as `docs/policies.md` shows", async () => {
    const page = await readFile(join(PACKAGE_ROOT, "docs/policies.md"), "utf8");
    const [, text = ""] = /```graphql\n(mutation [\s\S]*?)```/.exec(page) ?? [];
    const names = NARROWER["ngo/names.cedar"];
    const { data, errors } = await officers.on.ask(officerOf("NGO", "ngo-officer-1"), text, { names });
    expect(errors).toEqual([]);
    expect(data).toMatchObject({
      draftPolicies: {
        draft: { needs: [], changes: [{ path: "ngo/names.cedar", kind: "ADDED" }] },
        refusal: null,
      },
    });
    // Texts are in the store alone: in no log, and in no record of who was told what.
    for (const written of [officers.on.lines.join("\n"), JSON.stringify(await officers.on.records())])
      expect(written).not.toMatch(/Societies know survivors|NGO\.by-code/);
  });

  it("shows what the command line did, and is shown there: one store", async () => {
    const { policy, root } = await commandLine(officers.on);
    await writeFile(join(root, "author.token"), await officers.on.token(AUTHOR));
    const folder = await folderWith({ "notes.md": "from a folder" });
    const drafted = await policy(
      "draft",
      folder,
      "--title",
      "by command",
      "--token",
      join(root, "author.token"),
    );
    const [, number = "", hash = ""] = /^draft (\d+) ([0-9a-f]{64})$/m.exec(drafted) ?? [];
    const seen = await officers.on.ask(
      COLLEAGUE,
      "{ policyDrafts(first: 1) { number hash note by { staff } } }",
    );
    expect(seen.data).toEqual({
      policyDrafts: [{ number: Number(number), hash, note: "by command", by: { staff: AUTHOR.staff } }],
    });

    await act(AUDITOR, "approve", { draft: Number(number), hash });
    const own = await act(AUTHOR, "draft", {
      files: [{ path: "own.md", text: "over HTTP" }],
      note: "by page",
    });
    const said = (await policy("log", "--json"))
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(said.slice(-2)).toMatchObject([
      {
        ...{ act: "approve", draft: Number(number), hash },
        by: { agency: "NCC", member: AUDITOR.member, staff: AUDITOR.staff },
      },
      {
        ...{ act: "draft", number: own.draft?.number, title: "by page", hash: own.draft?.hash },
        by: { agency: "LMRA", member: AUTHOR.member, staff: AUTHOR.staff },
      },
    ]);
    await policy("export", join(root, "read"), "--draft", String(own.draft?.number));
    expect(await readFile(join(root, "read", "own.md"), "utf8")).toBe("over HTTP");
  });

  it("tells versions newest first, page by page, with their files", async () => {
    const all = await officers.store.tools.store.publications();
    const query = `query ($before: Int) { policyVersions(first: 2, before: $before) { ${PUBLICATION} hash at } }`;
    const told: unknown[] = [];
    for (let before: number | null = null; ; ) {
      const { data } = await officers.on.ask(AUTHOR, query, { before });
      const { policyVersions } = data as { policyVersions: { number: number }[] };
      if (policyVersions.length === 0) break;
      told.push(...policyVersions);
      before = policyVersions.at(-1)?.number ?? 0;
    }
    expect(told).toMatchObject(
      all.toReversed().map(({ number, version, hash, at, policies }, index) => ({
        ...{ number, version, hash, at, policyVersion: policies, inForce: index === 0 },
      })),
    );
    const { data } = await officers.on.ask(AUTHOR, "{ policyVersion { inForce files { path text } } }");
    const { policyVersion } = data as { policyVersion: { files: { path: string; text: string }[] } };
    expect(policyVersion.files.find(({ path }) => path === CLOSED.path)?.text).toBe(CLOSED.text);
    expect(
      (await officers.on.ask(AUTHOR, "{ policyVersions(first: 0) { number } }")).errors[0],
    ).toMatchObject({
      extensions: { code: "BAD_USER_INPUT" },
    });
  });

  it("does what takes long beside the answers of others", async () => {
    const slow = act(AUTHOR, "draft", { files: [{ path: "slow.md", text: "slow" }], note: "slow" });
    const delays: number[] = [];
    let isDone = false;
    void slow.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      const began = performance.now();
      await officers.on.ask(READER, PROBE, { n: officers.on.cast.workers.plain.permitNo });
      delays.push(performance.now() - began);
    }
    expect((await slow).draft).toMatchObject({ note: "slow" });
    expect(delays.length).toBeGreaterThan(2);
    expect(Math.max(...delays)).toBeLessThan(1_000);
  });
});

/** `ihala policy` against the deployment's store: by its key, its issuer and its database, from a data directory of its own. */
async function commandLine(on: Deployment) {
  const root = await mkdtemp(join(tmpdir(), "ihala-officers-"));
  const data = await openDataDirectory(join(root, "data"), "production");
  await data.release();
  for (const name of ["issuer", "keys"])
    await cp(join(on.directory, name), join(data.path, name), { recursive: true });
  const [config, url] = [join(root, "ihala.yaml"), join(root, "database.url")];
  await writeFile(url, on.databaseUrl("gateway"));
  await writeFile(config, `data: ${data.path}\ndatabase: { url: { file: ${url} } }\n`);
  const parts = async () => expect.fail("a part was started");
  const policy = async (...args: readonly string[]): Promise<string> => {
    const terminal = testTerminal();
    const status = await runProgram(["--config", config, "policy", ...args], parts, terminal);
    expect({ status, complaints: terminal.complaints() }).toEqual({ status: 0, complaints: "" });
    return terminal.written();
  };
  return { root, policy };
}
