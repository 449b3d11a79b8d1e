/** Who hears of emergency access, from whom it is kept, and how soon it comes: over HTTP, SSE and WebSocket. */
import { setTimeout as sleep } from "node:timers/promises";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import pg from "pg";
import { describe, expect, it } from "vitest";
import WebSocket from "ws";
import type { Reader } from "../support/deployment.ts";
import {
  ask,
  auditor,
  entries,
  memberOf,
  notices,
  open,
  REVIEW,
  read,
  reviewer,
  scene,
  uidOf,
  withDeployment,
  worker,
} from "../support/emergencies.ts";

withDeployment();

describe("notices", () => {
  it("say that one entry awaits, to owner, reviewer and auditor, and to nobody else", async () => {
    const at = new Map<Reader, number>();
    const others: readonly Reader[] = [
      { ...worker, purpose: "SHELTER_CARE" },
      { ...reviewer, purpose: "IDENTIFICATION_SCREENING" },
      { role: "PPO.chief", purpose: "AUDIT_OVERSIGHT", staff: "ppo-chief-1" },
      { role: "MOI.securityOfficer", purpose: "AUDIT_OVERSIGHT", staff: "moi-securityOfficer-1" },
    ];
    const owner: Reader = {
      role: "EPC.securityOfficer",
      purpose: "AUDIT_OVERSIGHT",
      staff: "epc-securityOfficer-1",
    };
    for (const reader of [reviewer, auditor, owner]) at.set(reader, (await notices(reader)).length);
    await open(worker, "presumedWorker");
    // The reviewer is of the owner's organisation, too.
    const more = [2, 1, 1];
    for (const [i, [reader, count]] of [...at].entries()) {
      const told = await notices(reader);
      expect(told).toHaveLength(count + (more[i] ?? 0));
      expect(told[0]).toEqual({
        at: expect.any(String),
        text: { en: "one break-glass entry awaits you", ar: "قيد اطلاع طارئ واحد بانتظارك" },
      });
    }
    for (const reader of others) expect(await notices(reader)).toEqual([]);
  });
});

describe("overlays", () => {
  const owner: Reader = {
    role: "EPC.securityOfficer",
    purpose: "AUDIT_OVERSIGHT",
    staff: "epc-securityOfficer-1",
  };

  /** As the ledger would have it, for as long as `act` takes. */
  async function overlaid(kind: string, subject: string, act: () => Promise<void>): Promise<void> {
    const ledger = new pg.Client({ connectionString: scene.on.databaseUrl("ledger") });
    await ledger.connect();
    const values = [uidOf("presumedWorker"), kind, subject];
    try {
      await ledger.query("insert into case_overlay (case_uid, kind, subject) values ($1, $2, $3)", values);
      await act();
    } finally {
      await ledger.query(
        "delete from case_overlay where case_uid = $1 and kind = $2 and subject = $3",
        values,
      );
      await ledger.end();
    }
  }

  it("keep notice and entry from an organisation whose official is suspected, and the case from whoever opened it", async () => {
    const before = [await notices(owner), await notices(reviewer), await notices(auditor)].map(
      ({ length }) => length,
    );
    await open(worker, "presumedWorker");
    const [entry] = await entries();
    await overlaid("OFFICIAL_SUSPECT", memberOf(worker), async () => {
      const after = [await notices(owner), await notices(reviewer), await notices(auditor)];
      expect(after[0]?.length).toBeLessThanOrEqual(before[0] ?? 0);
      expect(after[1]?.length).toBeLessThanOrEqual(before[1] ?? 0);
      expect(after[2]).toHaveLength((before[2] ?? 0) + 1);
      expect(await entries()).toEqual([]);
      const { data } = await ask(reviewer, REVIEW, { id: entry?.id, justified: true });
      expect(data).toEqual({ reviewBreakGlass: { __typename: "Forbidden", reason: "NOT_YOURS" } });
      expect((await read(worker, "presumedWorker")).case).toBeNull();
    });
    expect((await entries()).map(({ id }) => id)).toEqual([entry?.id]);
    expect((await read(worker, "presumedWorker")).case).toMatchObject({ screening: expect.anything() });
  });

  it("keep them from staff who are linked to a party, and from no colleague", async () => {
    await open(worker, "presumedWorker");
    await overlaid("STAFF_CONFLICT", "epc-reviewer-1", async () => {
      expect(await entries(reviewer)).toEqual([]);
      expect(await entries({ ...reviewer, staff: "epc-reviewer-2" })).toHaveLength(1);
    });
    expect(await entries(reviewer)).toHaveLength(1);
  });
});

describe("breakGlassOpened", () => {
  const EVENT = { breakGlassOpened: { text: { en: "one break-glass entry awaits you" } } };
  const QUERY = "subscription { breakGlassOpened { text { en } } }";

  /** The gateway's clock is ahead: a token for it would be from the future for nobody but us. */
  async function headersOf(reader: Reader): Promise<Record<string, string>> {
    const seconds = Math.floor(scene.now / 1_000);
    const token = await scene.on.mint({
      ...{ role: reader.role, member: memberOf(reader), staff: reader.staff ?? "" },
      claims: { iat: seconds, exp: seconds + 600, auth_time: seconds },
    });
    return { authorization: `Bearer ${token}`, "x-purpose": reader.purpose };
  }

  it("brings one notice over SSE and WebSocket at once, and none to those whose it is not", async () => {
    const url = `${scene.on.url}/graphql`;
    const sse = async (reader: Reader) =>
      createSseClient({ url, headers: await headersOf(reader), retryAttempts: 0 }).iterate({ query: QUERY });
    const socket = createWsClient({
      ...{ url: url.replace("http", "ws"), webSocketImpl: WebSocket, retryAttempts: 0 },
      connectionParams: await headersOf(auditor),
    });
    const silent = await sse({ role: "PPO.chief", purpose: "AUDIT_OVERSIGHT", staff: "ppo-chief-1" });
    const events = [await sse(auditor), socket.iterate({ query: QUERY })];
    const told = events.map((each) => each.next());
    let isSilent = true;
    void silent.next().then(({ done }) => {
      isSilent = done === true;
    });
    await sleep(1_000);
    await open(worker, "presumedWorker");
    for (const event of await Promise.all(told)) expect(event.value).toEqual({ data: EVENT });
    expect(isSilent).toBe(true);
    for (const each of [...events, silent]) await each.return?.();
    await socket.dispose();
  });
});
