/** Where files of agencies are: one place for each member, found by what the link boundary wrote, and problems of fields without one. */
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { fileProblems, openFileSources } from "../../src/assembly/file-sources.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { addressFile } from "../../src/connectors/addressed-file.ts";
import { Addresses } from "../../src/connectors/addresses.ts";
import type { OutboundView } from "../../src/connectors/outbound-token.ts";
import type { OutboundReader } from "../../src/execute/backend.ts";
import {
  type AgencyCode,
  coordinate,
  type MemberAddress,
  type SubgraphName,
} from "../../src/kernel/brands.ts";
import { loadSupergraph } from "../../src/supergraph/load.ts";
import type { FieldInfo, Supergraph } from "../../src/supergraph/supergraph.ts";
import { type HttpAgency, httpAgency } from "../support/http-agency.ts";

const MWPS = "BH/NGO/MWPS/assist" as MemberAddress;
const AMAN = "BH/NGO/AMAN/shelter" as MemberAddress;
const READER = { requestId: "r" } as OutboundReader;
const RECORDING = coordinate("VictimStatement", "recordingRef");
const PHOTO = coordinate("SocietyRecord", "photo");

const loaded = await loadSupergraph(join(PACKAGE_ROOT, "schema"));

/** With a field of the societies that names files. */
const withPhoto = (changes: Partial<FieldInfo> = {}): Supergraph => ({
  ...loaded,
  fields: new Map([
    ...loaded.fields,
    [
      PHOTO,
      {
        ...(loaded.fields.get(RECORDING) as FieldInfo),
        ...{ coordinate: PHOTO, owner: "NGO" as AgencyCode, servedBy: ["ngo" as SubgraphName] },
        ...changes,
      },
    ],
  ]),
});

async function configWith(files: Readonly<Record<string, string>>): Promise<Config> {
  const config = await loadConfig({ env: {} });
  const agencies = config.agencies.map((agency) => ({
    ...agency,
    members: agency.members.map((member) => ({
      ...member,
      ...(files[member.address] && { files: files[member.address] }),
    })),
  }));
  return { ...config, agencies };
}

const closing: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  suspended = null;
  for (const each of closing.splice(0)) await each.close();
});

async function server(): Promise<HttpAgency> {
  const agency = await httpAgency((_, response) =>
    response.writeHead(200, { "content-length": "1" }).end("x"),
  );
  closing.push(agency);
  return agency;
}

let suspended: string | null = null;

async function sources(config: Config, ledger: string) {
  const told: [string, OutboundView | undefined][] = [];
  const opened = openFileSources({
    ...{ config, supergraph: withPhoto(), addresses: new Addresses() },
    suspensions: { isSuspended: (_, member) => member === suspended },
    places: {
      ...{ urls: new Map(), databases: new Map() },
      ledger: { spineUrl: "http://127.0.0.1:1/", contentUrl: "http://127.0.0.1:1/", filesUrl: ledger },
    },
    outbound: {
      tell: async ({ member }, _reader, view) => {
        told.push([member, view]);
        return { identity: "", headers: {} };
      },
    },
  });
  closing.unshift(opened);
  return { opened, told };
}

describe("a reference", () => {
  it("is asked for at the member that gave it, which is told what it is told with any question", async () => {
    const [mwps, aman, ledger] = [await server(), await server(), await server()];
    const config = await configWith({ [MWPS]: `${mwps.url}/store`, [AMAN]: `${aman.url}/` });
    const { opened, told } = await sources(config, `${ledger.url}/files`);
    const ask = async (where: typeof PHOTO, value: string) => {
      const source = opened.locate(where, value);
      (await source?.open(READER, new AbortController().signal))?.close();
      return source?.reference;
    };
    expect(await ask(PHOTO, addressFile({ member: MWPS, reference: "a b" }))).toBe("a b");
    expect(await ask(PHOTO, addressFile({ member: AMAN, reference: "c" }))).toBe("c");
    expect(await ask(RECORDING, `${MWPS} d`.replaceAll("/", "-"))).toBe(`${MWPS} d`.replaceAll("/", "-"));
    expect([mwps, aman, ledger].map(({ received }) => received.map(({ url }) => url))).toEqual([
      ["/store/a%20b"],
      ["/c"],
      ["/files/BH-NGO-MWPS-assist%20d"],
    ]);
    expect(told).toEqual([
      [MWPS, undefined],
      [AMAN, undefined],
      [config.agencies.find(({ code }) => code === "EPC")?.members[0]?.address, { kind: "ledger" }],
    ]);
  });

  it("is not asked for while the member is suspended", async () => {
    const mwps = await server();
    const { opened } = await sources(await configWith({ [MWPS]: mwps.url }), mwps.url);
    const source = opened.locate(PHOTO, addressFile({ member: MWPS, reference: "a" }));
    const open = () => source?.open(READER, new AbortController().signal);
    suspended = MWPS;
    await expect(open()).rejects.toEqual(expect.objectContaining({ code: "AGENCY_SUSPENDED" }));
    expect(mwps.received).toEqual([]);
    suspended = AMAN;
    (await open())?.close();
    expect(mwps.received).toHaveLength(1);
  });

  it.each([
    ["of no member", "rec-1"],
    ["of a member without a place", addressFile({ member: AMAN, reference: "x" })],
    [
      "of another agency's member",
      addressFile({ member: "BH/GOV/PPO/tip" as MemberAddress, reference: "x" }),
    ],
  ])("%s leads nowhere", async (_, value) => {
    const { opened } = await sources(
      await configWith({ [MWPS]: "http://127.0.0.1:1/" }),
      "http://127.0.0.1:1/",
    );
    expect(opened.locate(PHOTO, value)).toBeNull();
    expect(opened.locate(coordinate("No", "field"), value)).toBeNull();
  });
});

describe("problems", () => {
  it("there are none with the schema and the configuration that ship", async () => {
    expect(fileProblems(await configWith({}), loaded)).toEqual([]);
  });

  it("each member that serves a field of files says where they are", async () => {
    const config = await configWith({ [MWPS]: "https://files.mwps.example/" });
    const problems = fileProblems(config, withPhoto());
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.every((one) => one.includes("`SocietyRecord.photo`; say where its `files` are"))).toBe(
      true,
    );
    expect(problems.some((one) => one.includes(AMAN))).toBe(true);
    expect(problems.some((one) => one.includes(MWPS))).toBe(false);
  });

  it("a field of files has a group of its own and one subgraph", async () => {
    const config = await configWith({});
    const [first] = fileProblems(
      config,
      withPhoto({ group: null, servedBy: loaded.fields.get(RECORDING)?.servedBy ?? [] }),
    );
    expect(first).toBe("`SocietyRecord.photo` names files: give it a group of its own");
    const two = ["epc_content", "epc_spine"] as SubgraphName[];
    expect(fileProblems(config, withPhoto({ servedBy: two }))).toEqual([
      "`SocietyRecord.photo` names files: one subgraph must serve it",
    ]);
  });
});
