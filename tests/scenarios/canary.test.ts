/**
 * Every personal value of the world carries a canary. Each that leaves belongs to a field that the rules leave to that reader
 * on that row; none is in an error, a header, a log line or a file; and no agency hears one, nor a uid, nor another agency's key.
 *
 * In      readers of every role, denied and hidden ones included; agencies whose answers and errors say what they should not.
 * Shown   that it can fail: under a policy that opens what it should not, and on requests that say too much.
 */
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CastName } from "../../sandbox/synth/cast-script.ts";
import { INDIAN_EMBASSY, JORDAN_NRM, MWPS } from "../../sandbox/synth/members.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { canariesIn, createKeyring, filesOf, heard, type Keyring, outOfPlace } from "../support/canaries.ts";
import { type Deployment, type Reply, startDeployment } from "../support/deployment.ts";
import { expectedView, type Selection } from "../support/expected-view.ts";
import { type Asking, EVERY_READER, firstStaff, viewReader } from "../support/readers.ts";
import { oracle } from "../support/rules-oracle.ts";
import { printSelection, selectAll } from "../support/selection.ts";
import type { Tamper } from "../support/tampering-proxy.ts";
import { createTruth, type Truth } from "../support/truth.ts";
import { createWorldFacts, type WorldFacts } from "../support/world-facts.ts";

const PROXIED = ["IGA", "NPRA", "MOI", "CRT", "PPO", MWPS, INDIAN_EMBASSY, JORDAN_NRM, "ledger"];

let on: Deployment;
let truth: Truth;
let facts: WorldFacts;
let keyring: Keyring;
let ofCase: Selection;
beforeAll(async () => {
  on = await startDeployment({ proxied: PROXIED, env: { IHALA_LIMITS_BREAKER_FAILURES: "100000" } });
  truth = createTruth(on.world);
  facts = createWorldFacts(on.world);
  keyring = createKeyring(on.world);
  const victim = ["victim", "victim.person", "victim.person.worker", "victim.person.worker.employer"];
  ofCase = selectAll(
    on.assembled.gateway.supergraph.publicSchema,
    "Case",
    new Set([...victim, "caseWorker"]),
  );
});
afterAll(() => on?.close());

/** Open, refused, a child's, under both overlays, sealed, out of reach of everybody but its owner. */
const CASES = [
  "overview",
  "ngoRefused",
  "child",
  "overlays",
  "sealed",
  "closed",
] as const satisfies CastName[];

/** A case in full, its victim twice under names of the reader's own choosing. */
const question = (): string =>
  `query($id: ID!) { case(id: $id) { ...everything _p_access: victim { uid: person { __typename ...someone } } } }
   fragment everything on Case ${printSelection(ofCase)}
   fragment someone on Person { own: nameLatin { full } safeContact { address codeWord } aliases }`;

const read = (deployment: Deployment, asking: Asking, staff: string, uid: string): Promise<Reply> =>
  deployment.ask({ ...asking, staff, issue: { uid } }, question(), {
    id: deployment.idFor(asking, "Case", uid),
  });

/** Canaries that a reply of a case holds and the rules do not leave to the reader. */
function leaks(asking: Asking, staff: string, name: CastName, reply: Reply): readonly string[] {
  const { spine } = on.cast.cases[name];
  const reader = viewReader(on, facts, asking, staff);
  const { value } = expectedView(truth.caseAt(spine.index), ofCase, reader, facts.ofCase(spine, reader), [
    "case",
  ]);
  const allowed = canariesIn(JSON.stringify(value));
  return [...canariesIn(reply.text)]
    .filter((canary) => !allowed.has(canary))
    .map((canary) => `${staff} reads ${name}: ${canary}`);
}

/** Canaries of a reply beside its data. */
const besideData = ({ errors, withheld, headers }: Reply): readonly string[] => [
  ...canariesIn(JSON.stringify([errors, withheld, [...headers]])),
];

describe("readers of every role", () => {
  let seen = 0;

  it.each(EVERY_READER)(
    "$role for $purpose ($member): what leaves, and what agencies hear",
    async (asking) => {
      const problems: string[] = [];
      await on.watch(async () => {
        on.statements.length = 0;
        for (const name of CASES) {
          const { staffId: staff } = firstStaff(on, asking);
          const reply = await read(on, asking, staff, on.cast.cases[name].uid);
          seen += canariesIn(reply.text).size;
          problems.push(...leaks(asking, staff, name, reply), ...besideData(reply));
        }
        problems.push(...(await inboxLeaks(asking)));
      });
      expect(problems).toEqual([]);
      expect(outOfPlace(heard(on), keyring)).toEqual([]);
    },
  );

  it("were shown canaries enough for the search to mean something", () => {
    expect(seen).toBeGreaterThan(2_000);
  });

  /** Letters of referral that came in and are not the reader's to read. */
  async function inboxLeaks(asking: Asking): Promise<readonly string[]> {
    const { staffId: staff } = firstStaff(on, asking);
    const reader = viewReader(on, facts, asking, staff);
    const reply = await on.ask(
      { ...asking, staff },
      "{ referralInbox(first: 100) { edges { node { details } } } }",
    );
    const letters = [...on.world.epc.spine].flatMap((spine) => {
      const row = { ...facts.ofCase(spine, reader), own: true };
      const { effect } = oracle({ ...reader, field: "Referral.details", row });
      const open = effect === "ALLOW" || effect === "MASK";
      return open ? spine.referrals.filter(({ to }) => to === reader.member) : [];
    });
    const allowed = canariesIn(JSON.stringify(letters));
    return [...canariesIn(reply.text)].filter((canary) => !allowed.has(canary));
  }
});

const FAULTS: Readonly<Record<string, Tamper>> = {
  "an error page": () => ({
    status: 500,
    headers: { "content-type": "text/html", "x-cnr": "cnr-fault-header" },
    body: "<pre>Error: cnr-fault-page at /srv/cnr-fault-stack</pre>",
  }),
  "a refusal that tells": () => ({
    status: 403,
    headers: { "content-type": "application/json", "www-authenticate": 'Bearer error="cnr-fault-challenge"' },
    body: '{"error":"no entry for cnr-fault-person","code":"cnr-fault-code"}',
  }),
  "errors of a subgraph": () =>
    json(
      '{"data":null,"errors":[{"message":"cnr-fault-message","path":["cnr-fault-path"],"extensions":{"code":"cnr-fault-code","stack":"cnr-fault-stack"}}]}',
    ),
  "errors that borrow the gateway's codes": () =>
    json('{"data":null,"errors":[{"message":"cnr-fault-borrowed","extensions":{"code":"FORBIDDEN"}}]}'),
  "what is no JSON": () => json('{"data": cnr-fault-garbage'),
  "records with more than was asked": (answer) => ({
    ...answer,
    body: answer.body.replaceAll("{", '{"cnr-fault-key":"cnr-fault-value",').replaceAll(",}", "}"),
  }),
  "values of another type": (answer) => ({
    ...answer,
    body: answer.body.replaceAll(/:(true|false|\d+)/g, ':"cnr-fault-type"'),
  }),
  "a redirect": () => ({
    status: 302,
    headers: { location: "http://127.0.0.1:9/cnr-fault-place" },
    body: "",
  }),
};

const json = (body: string) => ({ status: 200, headers: { "content-type": "application/json" }, body });

describe("agencies that say what they should not", () => {
  const READERS: readonly Asking[] = [
    { role: "PPO.prosecutor", purpose: "PROSECUTION" },
    { role: "EPC.caseWorker", purpose: "SHELTER_CARE" },
    { role: "NGO.caseworker", purpose: "SHELTER_CARE" },
    { role: "EXT.consul", purpose: "CONSULAR_ASSISTANCE" },
  ];

  let failed = 0;

  it.each(Object.entries(FAULTS))("%s", async (_name, tamper) => {
    for (const name of PROXIED) {
      on.proxy(name).tamper(tamper);
      const problems: string[] = [];
      for (const asking of READERS) {
        const { staffId: staff } = firstStaff(on, asking);
        const reply = await read(on, asking, staff, on.cast.cases.overview.uid);
        const planted = [...canariesIn(reply.text)].filter((canary) => canary.startsWith("cnr-fault"));
        problems.push(...planted, ...besideData(reply), ...leaks(asking, staff, "overview", reply));
        failed += reply.errors.length;
      }
      on.proxy(name).tamper(null);
      expect(problems, name).toEqual([]);
    }
  });

  it("were met: their faults are told, without their words", () => {
    expect(failed).toBeGreaterThan(100);
  });
});

describe("what callers write", () => {
  const asking: Asking = { role: "PPO.prosecutor", purpose: "PROSECUTION" };

  it.each([
    ["an id", "query($id: ID!) { case(id: $id) { id } }", { id: "cnr-input-id" }, {}],
    ["an issue", "{ cases { edges { node { id } } } }", {}, { "x-issue": "cnr-input-issue" }],
    ["a purpose", "{ agencies { code } }", {}, { "x-purpose": "cnr-input-purpose" }],
    ["a literal", '{ person(id: "cnr-input-literal") { id } }', {}, {}],
    ["a syntax error", '{ case(id: "cnr-input-syntax" ', {}, {}],
    ["an unknown field", '{ case(id: "x") { unknown(a: "cnr-input-field") } }', {}, {}],
    ["a token", "{ agencies { code } }", {}, { authorization: "Bearer cnr-input-token" }],
    [
      "a header",
      "{ agencies { code } }",
      {},
      { "x-request-id": "cnr-input-request", traceparent: "cnr-input-trace" },
    ],
  ])("%s is in no reply's headers and reaches no agency", async (_name, query, variables, headers) => {
    await on.watch(async () => {
      on.statements.length = 0;
      const reply = await on.ask(asking, query, variables, headers);
      expect(canariesIn(JSON.stringify([...reply.headers]))).toEqual(new Set());
    });
    expect(outOfPlace(heard(on), keyring)).toEqual([]);
  });
});

describe("what stays behind", () => {
  it("no canary is in a log line", () => {
    expect(on.lines.length).toBeGreaterThan(100);
    expect(on.lines.filter((line) => canariesIn(line).size > 0)).toEqual([]);
  });

  it("none is in the disclosure log or any other file", async () => {
    const files = await filesOf(on.directory);
    const log = [...files].filter(([name]) => name.startsWith(join(on.directory, "audit")));
    expect(log.reduce((bytes, [, text]) => bytes + text.length, 0)).toBeGreaterThan(10_000);
    expect([...files].filter(([, text]) => canariesIn(text).size > 0).map(([name]) => name)).toEqual([]);
  });

  it("none is on the pages that need no token", async () => {
    for (const page of ["/healthz", "/readyz", "/metrics", "/"]) {
      const response = await fetch(`${on.url}${page}`);
      expect(canariesIn(`${JSON.stringify([...response.headers])}${await response.text()}`)).toEqual(
        new Set(),
      );
    }
  });
});

describe("this test can fail", () => {
  const LEAK = `@id("MOI.leak")
@title("Where she is")
@legalBasis("R2")
@owner("MOI")
permit (principal in Agency::"MOI", action in Action::"SHELTER_PLACEMENT:clear", resource);
`;

  it("finds the canaries that a policy lets out", async () => {
    const policies = await mkdtemp(join(tmpdir(), "ihala-policies-"));
    await cp(join(PACKAGE_ROOT, "policies"), policies, { recursive: true });
    await writeFile(join(policies, "moi", "leak.cedar"), LEAK);
    const open = await startDeployment({ env: { IHALA_POLICY_DIRECTORY: policies } });
    try {
      const asking: Asking = { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" };
      const { staffId: staff } = firstStaff(open, asking);
      const reply = await read(open, asking, staff, open.cast.cases.overview.uid);
      const found = leaks(asking, staff, "overview", reply);
      expect(found).toContain(`${staff} reads overview: cnr-epc.facilities-0-name`);
      expect(found).toContain(`${staff} reads overview: cnr-epc.content-0-security`);
    } finally {
      await open.close();
      await rm(policies, { recursive: true });
    }
  });

  it("finds what an agency should not have heard", () => {
    const { uid, victim, nrmNumber } = on.cast.cases.overview;
    const court = [...on.world.links("Case")].find((row) => row.agency === "CRT")?.key ?? "";
    const said = (member: string, text: string) => outOfPlace([{ member, text }], keyring).length;
    expect(said("IGA", `{"keys":["${victim.cpr}"]}`)).toBe(0);
    expect(said("CRT", `/cases/${court}`)).toBe(0);
    expect(said("IGA", `{"keys":["${victim.uid}"]}`)).toBe(1);
    expect(said("PPO", `{"ref":"${court}"}`)).toBe(1);
    expect(said("NPRA", `/residences/${uid}?case=${nrmNumber}`)).toBe(2);
    expect(said(MWPS, '{"q":"cnr-epc.content-0-statement"}')).toBe(1);
    expect(said("ledger", uid)).toBe(0);
  });
});
