/**
 * Two replicas, each with a disclosure log and keys of its own: what was recorded at one is told at the other, as long as the
 * one has not forgotten it. Over HTTP.
 */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { destroySubjectKeys } from "../../src/audit/subject-keys.ts";
import { eventually } from "../disclosures/copies.ts";
import type { Deployment, Reader } from "../support/deployment.ts";
import { type Replica, startReplica } from "../support/replica.ts";
import { herself, inspector, type Node, OWN, startTracker, type Tracker } from "../support/tracker.ts";

let tracker: Tracker;
let on: Deployment;
let second: Replica;
beforeAll(async () => {
  tracker = await startTracker();
  ({ on } = tracker);
  second = await startReplica(on);
});
afterAll(async () => {
  await second?.close();
  await tracker?.on.close();
});

const worker: Reader = {
  ...{ role: "EPC.caseWorker", purpose: "EMERGENCY_PROTECTION", staff: "epc-caseWorker-3" },
};
const reviewer: Reader = { role: "EPC.reviewer", purpose: "AUDIT_OVERSIGHT", staff: "epc-reviewer-1" };
const REASON = "the victim called and is in immediate danger";
const OPEN = `mutation($id: ID!) { openBreakGlass(caseId: $id, justification: "${REASON}") { __typename } }`;
const REASONS = "{ breakGlassEntries { justification } }";

interface Body {
  readonly data: Readonly<Record<string, unknown>>;
}

async function askAt(url: string, reader: Reader, query: string, variables: object = {}): Promise<Body> {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      authorization: `Bearer ${await on.token(reader)}`,
      "x-purpose": reader.purpose,
    },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as Body;
}

const reasonsAt = async (url: string): Promise<readonly (string | null)[]> => {
  const { data } = await askAt(url, reviewer, REASONS);
  return (data["breakGlassEntries"] as readonly { readonly justification: string | null }[]).map(
    ({ justification }) => justification,
  );
};

const shippedBoth = () =>
  eventually(async () => {
    const pages = [on.url, second.url].map(async (url) => (await fetch(`${url}/readyz`)).text());
    return (await Promise.all(pages)).every((text) => text.includes("unshipped 0 for 0 ms"));
  });

it("a reviewer reads at either why somebody opened a case at the other", async () => {
  const id = on.idFor(worker, "Case", on.cast.cases.presumedWorker.uid);
  const opened = await askAt(on.url, worker, OPEN, { id });
  expect(opened.data["openBreakGlass"]).toEqual({ __typename: "BreakGlassOpened" });
  expect(await reasonsAt(on.url)).toEqual([REASON]);
  await expect.poll(() => reasonsAt(second.url)).toEqual([REASON]);
  const other = on.idFor(worker, "Case", on.cast.cases.overview.uid);
  await askAt(second.url, worker, OPEN, { id: other });
  await expect.poll(() => reasonsAt(on.url)).toEqual([REASON, REASON]);
});

it("a person reads at either who read about her at the other", async () => {
  const { plain } = on.cast.workers;
  const query = "query($id: ID!) { person(id: $id) { nameLatin { full } } }";
  for (const url of [on.url, second.url])
    await askAt(url, inspector, query, { id: on.idFor(inspector, "Person", plain.uid) });
  await shippedBoth();
  for (const url of [on.url, second.url]) {
    const { data } = await askAt(url, herself(plain.cpr), OWN);
    const { edges } = data["accessLog"] as { readonly edges: readonly { readonly node: Node }[] };
    const read = edges.map(({ node }) => node).filter(({ purpose }) => purpose === "LABOUR_INSPECTION");
    expect(read.map(({ fieldGroups }) => fieldGroups)).toEqual([["IDENTITY_CORE"], ["IDENTITY_CORE"]]);
    await shippedBoth();
  }
});

it("a client's budget at one is not spent at the other", async () => {
  const leftAt = async (url: string) => {
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        authorization: `Bearer ${await on.token(fresh)}`,
        "x-purpose": fresh.purpose,
      },
      body: JSON.stringify({ query: "{ releasedTables { code } }" }),
    });
    expect(response.status).toBe(200);
    return /"client";r=(\d+)/.exec(response.headers.get("ratelimit") ?? "")?.[1];
  };
  const fresh: Reader = { role: "EXT.intlObserver", purpose: "STATISTICS_REPORTING" };
  const first = await leftAt(on.url);
  const others = await leftAt(second.url);
  expect(first).toMatch(/^\d+$/);
  expect(others).toBe(first);
});

it("what one replica has forgotten no other can tell", async () => {
  const reason = async () => (await reasonsAt(on.url)).filter((words) => words !== null).length;
  await expect.poll(reason).toBe(2);
  const subject = { type: "Case", uid: on.cast.cases.overview.uid };
  const { directory } = second;
  await second.stop();
  expect(await destroySubjectKeys(join(directory, "audit-keys"), on.secrets.audit.subjects, [subject])).toBe(
    1,
  );
  second = await startReplica(on, directory);
  await expect.poll(reason).toBe(1);
  expect((await reasonsAt(second.url)).filter((words) => words !== null)).toEqual([REASON]);
});
