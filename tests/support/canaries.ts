/**
 * Where a canary, a uid or a key got to: everything that leaves the gateway, and everything that its agencies were asked.
 *
 * In      texts as they went over the wire; the world's link rows, which say whose key is whose.
 * Out     what is out of place, one line each; none when all is well.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeJwt } from "jose";
import type { World } from "../../sandbox/synth/world.ts";
import type { Deployment } from "./deployment.ts";

/** `cnr-<table>-<row>-<field>`: a value of the world; `cnr-fault-…`, `cnr-input-…`: planted by a test. */
export const canariesIn = (text: string): ReadonlySet<string> =>
  new Set(text.match(/cnr-[A-Za-z0-9.-]*[A-Za-z0-9]/g) ?? []);

export interface Heard {
  readonly member: string;
  readonly text: string;
}

/** What every agency was asked since the journals were cleared, paths decoded and tokens opened; the ledger as `ledger`. */
export function heard(on: Deployment): readonly Heard[] {
  const { rest, federation } = on.agencies;
  const overHttp = Object.entries({ ...rest, ...federation }).flatMap(([name, { journal }]) =>
    journal.entries.map(({ path, headers, body }) => ({
      member: name,
      text: `${decodeURIComponent(path)} ${JSON.stringify(headers)} ${claimsIn(headers["authorization"])} ${body}`,
    })),
  );
  const inSql = on.statements.map(({ member, statement }) => ({ member, text: JSON.stringify(statement) }));
  const byLedger = on.ledger.journal.requests.map((request) => ({
    member: "ledger",
    text: JSON.stringify(request),
  }));
  return [...overHttp, ...inSql, ...byLedger];
}

const claimsIn = (authorization: string | readonly string[] | undefined): string =>
  JSON.stringify(decodeJwt(String(authorization).replace("Bearer ", "")));

export interface Keyring {
  /** Uids and keys of other agencies that a text for this member names. */
  strangersIn(heard: Heard): readonly string[];
}

const UID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Keys as they stand in a text: `ATD-2025-00012/V1`, `LW-000000010`, a CPR. */
const KEY = /[A-Z0-9][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*(?:\/[VS]\d+)?/g;

export function createKeyring(world: World): Keyring {
  const links = [...world.links()];
  const uids = new Set(links.map(({ uid }) => uid));
  for (const { uid, parties, referrals, consents } of world.epc.spine)
    for (const each of [{ uid }, ...parties, ...referrals, ...consents]) uids.add(each.uid);
  const holders = Map.groupBy(links, ({ key }) => key);
  const nrmNumbers = new Set([...world.epc.spine].map(({ nrmNumber }) => nrmNumber));
  const isForeign = (key: string, member: string): boolean => {
    if (nrmNumbers.has(key)) return true;
    const known = holders.get(key);
    return known !== undefined && !known.some((row) => row.member === member || row.agency === member);
  };
  return {
    strangersIn: ({ member, text }) => {
      if (member === "ledger") return [];
      const named = [...new Set(text.match(KEY) ?? [])].filter((key) => isForeign(key, member));
      return [...(text.match(UID) ?? []).filter((uid) => uids.has(uid)), ...named];
    },
  };
}

/** What is out of place in the requests that agencies received. */
export const outOfPlace = (all: readonly Heard[], keyring: Keyring): readonly string[] =>
  all.flatMap((each) =>
    [...canariesIn(each.text), ...keyring.strangersIn(each)].map(
      (what) => `${each.member} heard ${what}: ${each.text.slice(0, 400)}`,
    ),
  );

/** Every file of the data directory as text, byte for byte, the disclosure log among them. */
export async function filesOf(directory: string, attempts = 20): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const read = names.map(async (name) => [name, await readFile(name, "latin1")] as const);
  try {
    return new Map(await Promise.all(read));
  } catch (error) {
    // The gateway replaces files by renaming new ones: what has gone meanwhile has another name by now.
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || attempts === 0) throw error;
    return filesOf(directory, attempts - 1);
  }
}
