/** What the record of an answer knows: the bytes that left. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadSecrets } from "../../src/assembly/secrets.ts";
import { isAnswer } from "../../src/audit/encode-record.ts";
import { realFiles } from "../../src/audit/files.ts";
import { recordAt } from "../../src/audit/prove.ts";
import { readSubjectKeys } from "../../src/audit/subject-keys.ts";
import { lookIntoDataDirectory } from "../../src/config/data-directory.ts";
import type { Deployment } from "../support/deployment.ts";
import { bodiesOf } from "../support/pieces.ts";
import { holder, startTracker, type Tracker } from "../support/tracker.ts";

let tracker: Tracker;
let on: Deployment;
beforeAll(async () => {
  tracker = await startTracker();
  ({ on } = tracker);
});
afterAll(() => tracker?.on.close());

describe("the record of an answer", () => {
  it("recognises the bytes that left, of a whole answer and of a piece", async () => {
    const { uid } = on.cast.cases.ngoGiven;
    const id = on.idFor(holder, "Case", uid);
    const audit = join(on.directory, "audit");
    const { audit: secrets } = await loadSecrets(await lookIntoDataDirectory(on.directory, "sandbox"));
    const last = async () => (await on.records()).length;
    const check = async (sequence: number, text: string) =>
      isAnswer(
        await recordAt(audit, sequence, realFiles),
        Buffer.from(text),
        await readSubjectKeys(join(on.directory, "audit-keys"), secrets.subjects),
      );
    const reply = await on.ask(
      { ...holder, issue: { uid } },
      "query($id: ID!) { case(id: $id) { nrmNumber } }",
      { id },
    );
    const sequence = await last();
    expect(await check(sequence, reply.text)).toBe(true);
    expect(await check(sequence, reply.text.replace("nrmNumber", "nrmNumbe"))).toBe(false);

    const headers: Record<string, string> = {
      authorization: `Bearer ${await on.token(holder)}`,
      "x-purpose": holder.purpose,
      "x-issue": id,
    };
    const query =
      "query($id: ID!) { case(id: $id) { nrmNumber ... @defer { victim { person { nameLatin { full } } } } } }";
    const texts: string[] = [];
    const asking = { query, variables: { id }, headers: { get: (name: string) => headers[name] } };
    for await (const text of bodiesOf(on.assembled.gateway, asking)) {
      texts.push(text);
      expect(await check(await last(), text)).toBe(true);
    }
    expect(texts.length).toBe(2);
  });
});
