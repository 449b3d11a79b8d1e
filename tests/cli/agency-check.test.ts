/** The conformance kit against a real subgraph, good, and broken in one way after the other. */

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf } from "../../sandbox/synth/members.ts";
import { runAgencyCheck } from "../../src/cli/agency-check.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { canaries } from "../support/http.ts";
import { type Production, startProduction } from "../support/production.ts";
import { startTamperingProxy, type Tamper, type TamperingProxy } from "../support/tampering-proxy.ts";
import { testTerminal } from "./test-terminal.ts";

let around: Production;
let config: Config;
let proxy: TamperingProxy;
let url: string;
let known: readonly string[];

beforeAll(async () => {
  around = await startProduction(0, []);
  config = await loadConfig({ path: around.file, env: { PATH: "" } });
  const server = around.agencies.federation["PPO"];
  proxy = await startTamperingProxy(server?.url ?? "");
  url = proxy.urlFor(server?.url ?? "");
  known = [...around.world.ppo.cases].slice(0, 3).map(({ ref }) => ref);
});
afterAll(async () => {
  await proxy?.close();
  await around?.close();
});

async function check(at = url, keys = known) {
  const terminal = testTerminal();
  const options = { agency: "PPO", member: addressOf("PPO"), type: "Case", known: keys };
  const status = await runAgencyCheck(config, at, options, terminal);
  return { status, text: terminal.written() };
}
const wrong = ({ text }: { readonly text: string }) =>
  text.split("\n").flatMap((line) => /^WRONG (.*)$/.exec(line)?.[1] ?? []);

const edited =
  (
    edit: (body: { data?: { _entities?: unknown[] } | null; errors?: unknown[] }, question: string) => void,
  ): Tamper =>
  (answer, question) => {
    const body = JSON.parse(answer.body);
    edit(body, question);
    return { ...answer, body: JSON.stringify(body) };
  };

describe("ihala agency check", () => {
  it("finds nothing wrong with a subgraph that does what it should", async () => {
    const { status, text } = await check();
    expect(wrong({ text })).toEqual([]);
    expect(status).toBe(0);
    expect(text).toContain("ok    Case.prosecution is served\n");
    expect(text).toMatch(/\nall 1\d rules hold\n$/);
    for (const key of known) expect(text).not.toContain(key);
    expect(canaries(text)).toEqual([]);
  });

  it.each<readonly [string, Tamper, RegExp]>([
    [
      "another order",
      edited(({ data }) => data?._entities?.reverse()),
      /in their order: entity 1 is another/,
    ],
    ["too few", edited(({ data }) => data?._entities?.pop()), /entities for \d+ representations/],
    [
      "objects where nothing is known",
      edited(({ data }) =>
        data?._entities?.forEach((one, at, all) => {
          all[at] = one ?? { ref: "x" };
        }),
      ),
      /not known is null.*: what is not known is not null/,
    ],
    [
      "HTML",
      (answer) => ({ ...answer, headers: { "content-type": "text/html" } }),
      /content type `text\/html`/,
    ],
    [
      "a stack",
      (answer) => ({
        ...answer,
        body: answer.body.replace('"message":"', '"message":"at run (/srv/app/main.js:1:2) '),
      }),
      /internals of the server/,
    ],
    [
      "the key in an error",
      (answer, question) => ({
        ...answer,
        body: answer.status === 400 ? JSON.stringify({ errors: [{ message: question }] }) : answer.body,
      }),
      /does not repeat.*: the key/,
    ],
    [
      "status 500 for a bad document",
      (answer) => ({ ...answer, status: answer.status === 400 ? 500 : answer.status }),
      /cannot be read.*: status 500/,
    ],
    [
      "errors for a field",
      edited((body, question) => {
        if (question.includes("prosecution {")) body.errors = [{}];
      }),
      /Case\.prosecution is served: /,
    ],
    ["silence", () => "cut", /no answer within/],
  ])("finds %s", async (_, how, problem) => {
    proxy.tamper(how);
    const found = await check();
    proxy.tamper(null);
    expect(found.status).toBe(1);
    expect(wrong(found).join("\n")).toMatch(problem);
  });

  it("finds a server that asks nobody for a token", async () => {
    const open = await anybodys();
    const found = await check(`http://127.0.0.1:${(open.address() as AddressInfo).port}/`);
    open.close();
    open.closeAllConnections();
    expect(wrong(found).filter((line) => line.startsWith("a token is refused"))).toHaveLength(6);
  });

  it("wants two keys, a URL and an agency that is there", async () => {
    await expect(check(url, known.slice(0, 1))).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
    await expect(check("nowhere")).rejects.toMatchObject({ code: "BAD_USER_INPUT" });
  });
});

async function anybodys(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { variables } = JSON.parse((await request.setEncoding("utf8").toArray()).join(""));
    const entities = (variables.representations ?? []) as { ref: string }[];
    const _entities = entities.map(({ ref }) => (known.includes(ref) ? { __typename: "Case", ref } : null));
    response.setHeader("content-type", "application/json").end(JSON.stringify({ data: { _entities } }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}
