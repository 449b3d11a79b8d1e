/** Links in answers of every kind: decided as any field, of queries alone, never of what is masked, and nothing without its record. */
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { Disclosure } from "../../src/audit/record.ts";
import type { AgencyFile } from "../../src/connectors/file-exchange.ts";
import type { FileParts } from "../../src/files/file-desk.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import type { Outcome, Profile, Verdict } from "../../src/policy/verdict.ts";
import { type MirrorGateway, type MirrorOptions, startMirrorGateway } from "../support/mirror-gateway.ts";
import { ALLOW } from "../support/mirror-pipeline.ts";

const FIELD = "VictimStatement.recordingRef";
/** The mirror world's uid of the case that a question names. */
const uidOf = (id: string): string => `root.case${JSON.stringify({ id })}`;
/** One whose statements have several recordings there. */
const ID = "c3";
const QUERY = `{ case(id: "${ID}") { nrmNumber statements { recordingRef } } }`;

const settled = (outcome: Outcome): Verdict => ({ kind: "settled", outcome });

const profile = (verdict: Verdict): Profile => ({
  key: JSON.stringify(verdict),
  verdict: ({ coordinate }) => (coordinate === FIELD ? verdict : settled(ALLOW)),
});

let asked: string[];
let closed: number;
let used: Set<string>;
let named: (given: string) => string;
let logFails: boolean;
let recorded: Disclosure[];
beforeEach(() => {
  [asked, closed, used, recorded] = [[], 0, new Set(), []];
  named = (given) => given;
  logFails = false;
});

const FILES: FileParts = {
  path: "/files/",
  uses: { use: async (id) => !used.has(id) && used.add(id).has(id) },
  sources: {
    locate: (_, given) => ({
      reference: named(given),
      open: async (): Promise<AgencyFile> => {
        asked.push(given);
        const close = () => {
          closed += 1;
        };
        return { mediaType: "audio/wav", bytes: 0, body: (async function* () {})(), close };
      },
    }),
  },
};

async function append(disclosure: Disclosure) {
  if (logFails) throw new GatewayError("AUDIT_UNAVAILABLE", "the log cannot be written");
  return { sequence: recorded.push(disclosure) };
}

const mirrors = new Map<string, Promise<MirrorGateway>>();
let mirror: MirrorGateway;
afterAll(async () => {
  for (const each of mirrors.values()) await (await each).close();
});

/** One gateway for each outcome of the field. */
async function decided(
  decision: Outcome | Verdict = ALLOW,
  files: FileParts | null = FILES,
  brokenGlass: MirrorOptions["brokenGlass"] = async () => new Map(),
): Promise<void> {
  const key = JSON.stringify([decision, files === null]);
  const verdict = "kind" in decision ? decision : settled(decision);
  const options = {
    profile: profile(verdict),
    issue: uidOf(ID),
    append,
    brokenGlass,
    ...(files && { files }),
  };
  const started = mirrors.get(key) ?? startMirrorGateway(options);
  mirrors.set(key, started);
  mirror = await started;
  mirror.now = 0;
  for (const backend of mirror.backends.values()) backend.asked.length = 0;
}

const calls = (): number => [...mirror.backends.values()].flatMap((backend) => backend.asked).length;

async function answered(query = QUERY) {
  const answer = await mirror.gateway.answer(mirror.request(query));
  if (answer.kind !== "whole") throw new Error("not whole");
  const { text } = answer.body;
  const references = [...text.matchAll(/"recordingRef":(?:"([^"]*)"|null)/g)].map(([, one]) => one ?? "null");
  return { text, references };
}

async function links(): Promise<readonly [string, string]> {
  const [first, second] = (await answered()).references.filter((one) => one !== "null");
  return [first ?? "", second ?? ""];
}

const open = (link: string, staff = "somebody") => {
  const { headers, locale, signal } = mirror.request("", { staff });
  return mirror.gateway.file({ headers, locale, signal, link: link.replace("/files/", "") });
};

const refusal = (code: string) => expect.objectContaining({ code });

describe("a field that names files", () => {
  it("is a link where it is shown, which leads to that file", async () => {
    await decided();
    const { references, text } = await answered();
    expect(references.length).toBeGreaterThan(1);
    expect(references.every((one) => one.startsWith("/files/"))).toBe(true);
    const before = asked.length;
    for (const link of references) (await open(link)).close();
    expect([before, new Set(asked).size, closed]).toEqual([0, references.length, references.length]);
    for (const reference of asked) expect(text).not.toContain(reference);
  });

  it("is recorded for that file alone: its case and its group", async () => {
    await decided();
    const [link] = await links();
    expect(recorded[0]?.file).toBeUndefined();
    expect(recorded[0]?.subjects[0]?.groups.length).toBeGreaterThan(1);
    await open(link);
    const groups = [{ group: "VICTIM_STATEMENT", level: "clear" }];
    expect(recorded).toHaveLength(2);
    expect(recorded[1]).toMatchObject({ file: true, subjects: [{ type: "Case", uid: uidOf(ID), groups }] });
    expect(recorded[1]?.operationHash).not.toBe(recorded[0]?.operationHash);
  });

  it("is a link under a mask that leaves the field, recorded as masked", async () => {
    await decided({ ...ALLOW, effect: "MASK", mask: "keep" });
    await open((await links())[0]);
    expect(recorded[1]?.subjects[0]?.groups).toEqual([{ group: "VICTIM_STATEMENT", level: "masked" }]);
  });

  it.each(["transform:pseudonym", "transform:month"] as const)(
    "is nothing under %s, and no error",
    async (mask) => {
      await decided({ ...ALLOW, effect: "MASK", mask });
      const { text, references } = await answered();
      expect(references.length).toBeGreaterThan(1);
      expect(new Set(references)).toEqual(new Set(["null"]));
      expect(text).not.toContain("errors");
    },
  );

  it.each(["DENY", "HIDE"] as const)("is nothing when it is decided %s", async (effect) => {
    await decided({ ...ALLOW, effect, reason: "R1" });
    expect((await answered()).references.filter((one) => one !== "null")).toEqual([]);
  });

  it.each([
    "..",
    ".",
    "../../etc/passwd",
    "a/b",
    "//evil.test/x",
    "a\\b",
    "a?b=c",
    "a#b",
    "%2e%2e",
    "user@evil.test",
    "a\r\nhost: evil.test",
    "a\u0000",
    "\ud800",
    "",
    "x".repeat(513),
  ])("is null, with an error of the agency, for a reference such as %j", async (hostile) => {
    await decided();
    named = () => hostile;
    const { text, references } = await answered();
    expect(references.length).toBeGreaterThan(1);
    expect(new Set(references)).toEqual(new Set(["null"]));
    expect(text).toContain("AGENCY_BAD_REPLY");
  });

  it("is shown as the agency wrote it where nothing links it, as in development, and there are no files", async () => {
    await decided(ALLOW, null);
    const { references } = await answered();
    expect(references.length).toBeGreaterThan(1);
    expect(references.every((one) => /^v\d+$/.test(one))).toBe(true);
    await expect(open("/files/x")).rejects.toEqual(refusal("FILE_NOT_FOUND"));
  });
});

describe("operations that are no queries", () => {
  it.each([
    "subscription { referralReceived { case { statements { recordingRef } } } }",
    `mutation { revokeReferral(id: "r", reason: "r") { ... on ReferralChanged { referral { case { ...s } } } } }
     fragment s on Case { statements { recordingRef } }`,
  ])("are refused before anything is asked: %s", async (query) => {
    await decided();
    await expect(answered(query)).rejects.toEqual(refusal("BAD_USER_INPUT"));
    expect(calls()).toBe(0);
  });

  it("are answered as ever when they name no file", async () => {
    await decided();
    const query =
      'mutation { revokeReferral(id: "r", reason: "r") { ... on ReferralChanged { referral { case { statements { text } } } } } }';
    await answered(query);
    expect(calls()).toBeGreaterThan(0);
  });
});

describe("a link", () => {
  it("is refused with the question when that is too long, before anything is asked", async () => {
    await decided();
    const long = `{ case(id: "${"c".repeat(4_000)}") { statements { recordingRef } } }`;
    await expect(answered(long)).rejects.toEqual(refusal("LIMIT_EXCEEDED"));
    expect(calls()).toBe(0);
  });

  it("is given anew to each who asks the same at the same time", async () => {
    await decided();
    const all = (await Promise.all([links(), links(), links()])).flat();
    expect(all).toHaveLength(6);
    expect(new Set(all).size).toBe(6);
  });

  it("gives nothing that is not recorded: with a log that fails, the agency's file is closed unread", async () => {
    await decided();
    const [link] = await links();
    logFails = true;
    await expect(open(link)).rejects.toEqual(refusal("AUDIT_UNAVAILABLE"));
    expect([asked.length, closed]).toEqual([1, 1]);
    logFails = false;
    await expect(open(link)).rejects.toEqual(refusal("FILE_NOT_FOUND"));
  });

  it("is not given when break-glass has ended since", async () => {
    const until = 30_000;
    const glass: Verdict = {
      kind: "residual",
      decide: ({ breakGlassUntil, now }) =>
        breakGlassUntil > now ? ALLOW : { ...ALLOW, effect: "HIDE", reason: "R6" },
      reads: new Set(["breakGlassUntil", "now"]),
      ...{ opens: true, allows: true },
    };
    await decided(glass, FILES, async () => new Map([[uidOf(ID), until]]));
    const [first, second] = await links();
    mirror.now = until - 1;
    await open(first);
    expect(recorded.at(-1)).toMatchObject({ file: true, kind: "BREAK_GLASS" });
    const before = asked.length;
    mirror.now = until;
    await expect(open(second)).rejects.toEqual(refusal("FILE_NOT_FOUND"));
    expect([asked.length, recorded.at(-1)?.subjects]).toEqual([before, []]);
  });

  it("asks nobody when it is of another reader, used or over", async () => {
    await decided();
    const [first, second] = await links();
    await open(first);
    const before = [calls(), asked.length];
    await expect(open(second, "somebody else")).rejects.toEqual(refusal("FILE_NOT_FOUND"));
    await expect(open(first)).rejects.toEqual(refusal("FILE_NOT_FOUND"));
    mirror.now = 60_000;
    await expect(open(second)).rejects.toEqual(refusal("FILE_NOT_FOUND"));
    expect([calls(), asked.length]).toEqual(before);
    mirror.now = 59_999;
    await open(second);
    expect(calls()).toBeGreaterThan(before[0] ?? 0);
  });
});
