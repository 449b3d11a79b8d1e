/** Recorded statements, end to end: who is given the bytes, who is not, what the log says, and what the ledger heard of it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CastName } from "../../sandbox/synth/cast-script.ts";
import { addressOf, MWPS } from "../../sandbox/synth/members.ts";
import { canariesIn } from "../support/canaries.ts";
import type { Reader } from "../support/deployment.ts";
import { CASE, EPC, QUESTION, withRecordings } from "../support/recordings.ts";
import { type Replica, startReplica } from "../support/replica.ts";

const PPO: Reader = { role: "PPO.prosecutor", purpose: "PROSECUTION" };
const TRIED = "trialProtected" satisfies CastName;

const clock = { skewMs: 0 };
const of = withRecordings(clock);
const { contentOf, soundOf, linkFor, headersOf, get, isAbsent } = of;

let replica: Replica;
beforeAll(async () => {
  replica = await startReplica(of.on);
});
afterAll(() => replica?.close());

describe("a reader to whom the statement is shown", () => {
  it.each([
    [EPC, CASE],
    [PPO, TRIED],
  ] as const)(
    "%o is given the recording, byte for byte, and nothing else of the ledger's answer",
    async (reader, name) => {
      const link = await linkFor(reader, name);
      expect(link).toMatch(/^\/files\/[\w-]+$/);
      const { result, ledger } = await of.on.watch(async () => get(link, await headersOf(reader, name)));
      expect(result.status).toBe(200);
      expect(result.bytes).toEqual(soundOf(name));
      expect(Object.fromEntries(result.headers)).toEqual({
        ...{ "content-type": "audio/wav", "content-length": String(result.bytes.length) },
        ...{ "content-disposition": "attachment", "x-content-type-options": "nosniff" },
        ...{ "cache-control": "no-store", "accept-ranges": "none", "x-ihala-mode": "sandbox" },
        ...{ "x-request-id": expect.any(String), date: expect.any(String) },
        ...{ connection: "keep-alive", "keep-alive": expect.any(String) },
      });
      expect(canariesIn(result.bytes.toString("latin1"))).toEqual(
        new Set([`cnr-epc.content-${contentOf(name).index}-sound`]),
      );
      expect(ledger.at(-1)).toMatchObject({
        subgraph: "files",
        variables: { ref: contentOf(name).statements[0]?.recordingRef },
      });
    },
  );

  it("is in the log, as a file, with that case and that group alone", async () => {
    const link = await linkFor(EPC, CASE);
    await get(link, await headersOf(EPC, CASE));
    const { uid } = of.on.cast.cases[CASE];
    expect((await of.on.records()).at(-1)).toMatchObject({
      ...{ file: true, member: "BH/GOV/LMRA/epc", role: EPC.role, purpose: EPC.purpose, issue: uid },
      subjects: [{ type: "Case", uid, groups: [{ group: "VICTIM_STATEMENT", level: "clear" }] }],
      ...{ withheldCount: 0, refusals: {} },
    });
  });

  it("is known to the ledger for it as for any question, and by nothing more", async () => {
    const link = await linkFor(EPC, CASE);
    of.on.ledger.journal.clear();
    await get(link, await headersOf(EPC, CASE));
    const { requests } = of.on.ledger.journal;
    const readers = new Set(requests.map(({ reader }) => JSON.stringify(reader)));
    expect([requests.length > 2, requests.at(-1)?.subgraph, readers.size]).toEqual([true, "files", 1]);
  });

  it("has an answer that nobody keeps, by GET too", async () => {
    const { uid } = of.on.cast.cases[CASE];
    const search = new URLSearchParams({
      query: QUESTION,
      variables: JSON.stringify({ id: of.on.idFor(EPC, "Case", uid) }),
    });
    const response = await fetch(`${of.on.url}/graphql?${search}`, { headers: await headersOf(EPC, CASE) });
    expect(await response.text()).toContain("/files/");
    expect([response.headers.get("cache-control"), response.headers.get("etag")]).toEqual(["no-store", null]);
  });

  it("never reads what the ledger calls it", async () => {
    const { uid } = of.on.cast.cases[CASE];
    const reply = await of.on.ask({ ...EPC, issue: { uid } }, QUESTION, {
      id: of.on.idFor(EPC, "Case", uid),
    });
    expect(canariesIn(reply.text)).toEqual(new Set());
    expect(reply.text).not.toContain("rec-0");
  });

  it("uses the link once, at whichever replica", async () => {
    const [here, there] = [await linkFor(EPC, CASE), await linkFor(EPC, CASE)];
    const headers = await headersOf(EPC, CASE);
    expect((await get(there, headers, replica.url)).bytes).toEqual(soundOf(CASE));
    expect((await get(here, headers)).status).toBe(200);
    for (const link of [here, there])
      for (const url of [of.on.url, replica.url]) await isAbsent(link, headers, url);
  });

  it("is given it once when it is asked for many times at once", async () => {
    const link = await linkFor(EPC, CASE);
    const headers = await headersOf(EPC, CASE);
    const all = await Promise.all(
      Array.from({ length: 8 }, (_, at) => get(link, headers, at % 2 ? of.on.url : replica.url)),
    );
    expect(all.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(404)]);
  });

  it("does not use it up by HEAD, which is refused", async () => {
    const link = await linkFor(EPC, CASE);
    const headers = await headersOf(EPC, CASE);
    const { result, calls } = await of.on.watch(() => get(link, headers, of.on.url, "HEAD"));
    expect([result.status, result.headers.get("allow"), calls]).toEqual([405, "GET", {}]);
    expect((await get(link, headers)).status).toBe(200);
  });

  it("is given the whole when a part is asked for", async () => {
    const link = await linkFor(EPC, CASE);
    const { status, bytes } = await get(link, { ...(await headersOf(EPC, CASE)), range: "bytes=0-3" });
    expect([status, bytes]).toEqual([200, soundOf(CASE)]);
  });

  it("has a link of her own for each answer, also of equal questions at the same time", async () => {
    const links = await Promise.all(Array.from({ length: 5 }, () => linkFor(EPC, CASE)));
    expect(new Set(links).size).toBe(5);
    const headers = await headersOf(EPC, CASE);
    for (const link of links) expect((await get(link, headers)).status).toBe(200);
  });

  it("reaches it by another way: aliases, fragments, conditions, a deferred part", async () => {
    const { uid } = of.on.cast.cases[CASE];
    const query = `query($id: ID!, $no: Boolean!) { it: case(id: $id) { ...more @defer(label: "l") id @skip(if: $no) } }
      fragment more on Case { said: statements { ... on VictimStatement { sound: recordingRef } text } }`;
    const variables = { id: of.on.idFor(EPC, "Case", uid), no: true };
    const headers = await headersOf(EPC, CASE);
    const response = await fetch(`${of.on.url}/graphql`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", accept: "multipart/mixed" },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const [, link = ""] = /"sound":"([^"]+)"/.exec(text) ?? [];
    expect(text).toContain('"pending"');
    expect((await get(link, headers)).bytes).toEqual(soundOf(CASE));
  });
});

describe("nobody else, and nothing else", () => {
  const OTHERS: Readonly<Record<string, Partial<Reader>>> = {
    "another member of staff": { staff: "epc-somebody" },
    "another role": { role: "EPC.nurse" },
    "another purpose": { purpose: "VOLUNTARY_RETURN" },
    "another organisation": { role: "NGO.caseworker", member: MWPS },
  };

  it.each(Object.entries(OTHERS))("%s finds nothing, and uses nothing up", async (_, other) => {
    const link = await linkFor(EPC, CASE);
    const { staffId: staff } = of.on.cast.firstWithWork(EPC.role, addressOf("EPC"));
    await isAbsent(link, await headersOf({ ...EPC, staff, ...other }, CASE));
    expect((await get(link, await headersOf(EPC, CASE))).status).toBe(200);
  });

  it("under another issue, or none, finds nothing", async () => {
    const link = await linkFor(EPC, CASE);
    const { "x-issue": _, ...none } = await headersOf(EPC, CASE);
    await isAbsent(link, none);
    await isAbsent(link, await headersOf(EPC, TRIED));
    await isAbsent(link, { ...none, "x-issue": "nothing" });
  });

  it("what was edited, cut, prolonged or made up is not there", async () => {
    const link = await linkFor(EPC, CASE);
    const headers = await headersOf(EPC, CASE);
    const at = link.length - 9;
    const flipped = `${link.slice(0, at)}${link[at] === "A" ? "B" : "A"}${link.slice(at + 1)}`;
    const forged = [flipped, link.slice(0, -4), `${link}AAAA`, `${link}/`, `${link}?`, `${link}=`, "/files/"];
    const id = of.on.idFor(EPC, "Case", of.on.cast.cases[CASE].uid);
    for (const each of [...forged, `/files/${id}`, "/files/x", `/files/${"A".repeat(6_000)}`])
      await isAbsent(each, headers);
    expect((await get(link, headers)).status).toBe(200);
  });

  it("without a token nothing is told, and with a purpose that is not held neither", async () => {
    const link = await linkFor(EPC, CASE);
    const { authorization: _, ...rest } = await headersOf(EPC, CASE);
    const { result, calls } = await of.on.watch(() => get(link, rest));
    expect([result.status, calls]).toEqual([401, {}]);
    expect((await get(link, { ...(await headersOf(EPC, CASE)), "x-purpose": "RESEARCH" })).status).toBe(403);
    expect((await get(link, await headersOf(EPC, CASE))).status).toBe(200);
  });

  it("after 60 seconds it is over", async () => {
    const [link, late] = [await linkFor(EPC, CASE), await linkFor(EPC, CASE)];
    const headers = await headersOf(EPC, CASE);
    clock.skewMs = 58_000;
    expect((await get(link, headers)).status).toBe(200);
    clock.skewMs = 60_001;
    await isAbsent(late, headers);
  });
});

it("leaves no canary and no link in a line of the log, and none in a file", of.leavesNothing);
