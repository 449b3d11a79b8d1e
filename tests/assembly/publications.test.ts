/** Two gateways over one policy store, under load: what officers publish, take back or put in the shadow. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { approveDraft } from "../../src/policy-store/approvals.ts";
import { publishDraft } from "../../src/policy-store/publish.ts";
import { rollbackTo } from "../../src/policy-store/rollback.ts";
import { shadowDraft } from "../../src/policy-store/shadow-draft.ts";
import { draftOf, officer, type TestStore } from "../policy-store/tools.ts";
import { type SchemaCopy, schemaCopy } from "../supergraph/schema-copy.ts";
import type { Deployment } from "../support/deployment.ts";
import { type Exchanged, startLoad } from "../support/kept-alive.ts";
import { CLOSED, PROBE, READER, startWithStore, type WithStore } from "../support/officers.ts";
import { type Replica, startReplica } from "../support/replica.ts";

const CONNECTIONS = 3;
const LMRA = officer("LMRA");
const [SECOND, OTHER] = [officer("LMRA", "lmra-officer-2"), officer("NCC")];
const EDITS = { [CLOSED.path]: CLOSED.text };

describe("two gateways over one policy store", { timeout: 240_000 }, () => {
  let started: WithStore;
  let on: Deployment;
  let replica: Replica;
  let officers: TestStore;
  let schema: SchemaCopy;
  const gateways = () => [on.assembled.gateway, replica.assembled.gateway];
  const publications = () => gateways().map(({ standing }) => standing.publication);
  const pages = () =>
    Promise.all([on.url, replica.url].map(async (url) => (await fetch(`${url}/readyz`)).text()));

  beforeAll(async () => {
    schema = await schemaCopy();
    started = await startWithStore("LMRA", { IHALA_SCHEMA_DIRECTORY: schema.dir });
    ({ on, store: officers } = started);
    replica = await startReplica(on);
  }, 240_000);
  afterAll(async () => {
    await replica?.close();
    await started?.close();
    await schema?.[Symbol.asyncDispose]();
  });

  /** Milliseconds until both decide by it. */
  async function takenUp(number: number): Promise<number> {
    const began = performance.now();
    await vi.waitFor(() => expect(publications()).toEqual([number, number]), {
      timeout: 10_000,
      interval: 5,
    });
    return performance.now() - began;
  }

  async function readers(url: string, name: string) {
    const tokens = await Promise.all(
      Array.from({ length: CONNECTIONS }, (_, index) => on.token({ ...READER, staff: `${name}-${index}` })),
    );
    const body = JSON.stringify({ query: PROBE, variables: { n: on.cast.workers.plain.permitNo } });
    return startLoad(url, CONNECTIONS, (connection) => ({
      path: "/graphql",
      headers: {
        authorization: `Bearer ${tokens[connection]}`,
        "x-purpose": READER.purpose,
        "content-type": "application/json",
      },
      body,
    }));
  }

  const isClosed = ({ text }: Exchanged): boolean => JSON.parse(text).data.worker.person.nameAr === null;

  it("take a publication and a rollback up within a second, each request answered by exactly one", async () => {
    const { draft } = await draftOf(officers, LMRA, EDITS);
    await approveDraft(officers.tools, SECOND, draft);
    const loads = await Promise.all([readers(on.url, "one"), readers(replica.url, "two")]);
    const published = await publishDraft(officers.tools, LMRA, draft.number);
    const moves = [await takenUp(published.number)];
    for (const version of [1, 2, 1, 2, 1]) {
      const { number } = await rollbackTo(officers.tools, LMRA, { version, others: [OTHER] });
      moves.push(await takenUp(number));
    }
    await Promise.all(loads.map((load) => load.stop()));
    // The fastest of six: both gateways, those who ask and whatever else this machine runs share its processors.
    expect(Math.min(...moves), `of ${moves.map(Math.round)} ms`).toBeLessThan(1_000);

    const open = on.assembled.gateway.standing.policies;
    expect(published.policies).not.toBe(open);
    const recorded = await Promise.all([on.records(), replica.records()]);
    for (const [at, { exchanged, failures }] of loads.entries()) {
      expect(failures).toEqual([]);
      for (let connection = 0; connection < CONNECTIONS; connection += 1) {
        const answers = exchanged.filter((one) => one.connection === connection);
        const reader = `${["one", "two"][at]}-${connection}`;
        const records = recorded[at]?.filter((record) => record.reader === reader) ?? [];
        expect(records.map(({ policyVersion }) => policyVersion)).toEqual(
          answers.map((answer) => (isClosed(answer) ? published.policies : open)),
        );
        expect(answers.map(isClosed)).toContain(false);
      }
      expect(exchanged.some(isClosed)).toBe(true);
    }
  });

  it("tell the publication in force to operators", async () => {
    for (const page of await pages())
      expect(page).toMatch(
        /^ready\nschema \S+\npolicies \S+\npublication 7\ndisclosures unshipped \d+ for \d+ ms\n$/,
      );
    expect(await on.metrics.text()).toContain("ihala_policy_publication 7");
    expect(await replica.metrics.text()).toContain("ihala_policy_store_unreachable 0");
  });

  it("work a draft out in the shadow: what differs is told, and no answer changes", async () => {
    const ask = async () => (await on.ask(READER, PROBE, { n: on.cast.workers.plain.permitNo })).text;
    const before = await ask();
    const { draft } = await draftOf(officers, LMRA, EDITS, "in the shadow");
    const shadow = await shadowDraft(officers.tools, LMRA, draft.number);
    await vi.waitFor(() => expect(on.assembled.gateway.version.heads?.shadow).toBe(shadow.number), 5_000);
    expect(await ask()).toBe(before);
    expect(await ask()).toBe(before);
    const told = on.lines.filter((line) => line.includes("shadow.differs")).map((line) => JSON.parse(line));
    expect(told).toEqual([
      expect.objectContaining({
        ...{ role: READER.role, purpose: READER.purpose, coordinate: "Person.nameAr" },
        policyVersion: expect.not.stringMatching(on.assembled.gateway.standing.policies),
      }),
    ]);
    expect(Object.keys(told[0]).toSorted()).toEqual([
      ...["coordinate", "event", "level", "policyVersion", "purpose", "reason", "role", "time"],
    ]);
    expect(await on.metrics.text()).toMatch(
      /ihala_shadow_differences_total\{kind="narrower",in="\w+"\} [1-9]/,
    );
    await shadowDraft(officers.tools, LMRA, null);
  });

  it("take a publication up by the tables of the schema in force, whatever its folder holds by now", async () => {
    const before = gateways().map(({ standing }) => standing);
    await schema.replace("manifest.extra.json", '"EMPLOYMENT",', "");
    await schema.replace("manifest.extra.json", '"commonData": [', '$&"EMPLOYMENT",');
    const closed = await officers.tools.store.publication(2);
    const { number } = await rollbackTo(officers.tools, LMRA, { version: 2, others: [OTHER] });
    await takenUp(number);
    for (const [at, { standing }] of gateways().entries())
      expect(standing).toMatchObject({
        schema: before[at]?.schema,
        policies: closed.policies,
        refused: null,
      });
    await rollbackTo(officers.tools, LMRA, { version: 1, others: [OTHER] });
    await takenUp(number + 1);
    expect(gateways().map(({ standing }) => standing.policies)).toEqual(
      before.map(({ policies }) => policies),
    );
  });

  it("refuse what was tampered with, say so, and go on by what was in force", async () => {
    const { draft } = await draftOf(officers, LMRA, EDITS);
    await approveDraft(officers.tools, SECOND, draft);
    // The file of another content under the hash that is about to be published.
    await officers.pool.query(
      "create function policy_store.swap() returns trigger language plpgsql as $$ begin update policy_store.file set bytes = '' where hash = new.hash and path = 'lmra/latin.cedar'; return new; end $$",
    );
    await officers.pool.query(
      "create trigger swap after insert on policy_store.publication for each row execute function policy_store.swap()",
    );
    const { number } = await publishDraft(officers.tools, LMRA, draft.number);
    await vi.waitFor(
      () =>
        expect(gateways().map(({ standing }) => standing.refused?.code)).toEqual(
          Array(2).fill("POLICY_UNTRUSTED"),
        ),
      10_000,
    );
    expect(publications()).toEqual([9, 9]);
    for (const page of await pages()) expect(page).toContain("POLICY_UNTRUSTED");
    expect(await on.metrics.text()).toContain("ihala_reload_refused 1");
    expect((await on.ask(READER, PROBE, { n: on.cast.workers.plain.permitNo })).status).toBe(200);

    await officers.pool.query("drop trigger swap on policy_store.publication");
    await officers.pool.query("delete from policy_store.publication where number = $1", [number]);
    const next = await rollbackTo(officers.tools, LMRA, { version: 2, others: [] }).catch((error) => error);
    expect(next).toMatchObject({ code: "POLICY_UNTRUSTED" });
  });
});
