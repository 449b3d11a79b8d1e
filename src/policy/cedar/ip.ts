/**
 * Addresses and ranges of Cedar's `ip()` as numbers: `10.0.0.0/8`, `::1`. Text is what Cedar has already validated.
 */
export interface Ip {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  /** Canonical form: equal texts are equal values. */
  readonly text: string;
}

export function parseIp(text: string): Ip {
  const [address = "", prefix] = text.split("/");
  return address.includes(":")
    ? range(6, groupsOf(address), 16, 128, prefix)
    : range(4, address.split(".").map(Number), 8, 32, prefix);
}

export const isInRange = (ip: Ip, network: Ip): boolean =>
  ip.family === network.family && ip.first >= network.first && ip.last <= network.last;

export const isLoopback = (ip: Ip): boolean => isInRange(ip, ip.family === 4 ? LOOPBACK_4 : LOOPBACK_6);
export const isMulticast = (ip: Ip): boolean => isInRange(ip, ip.family === 4 ? MULTICAST_4 : MULTICAST_6);

function range(
  family: 4 | 6,
  groups: number[],
  groupBits: number,
  bits: number,
  prefix: string | undefined,
): Ip {
  const value = groups.reduce((sum, group) => (sum << BigInt(groupBits)) | BigInt(group), 0n);
  const length = prefix === undefined ? bits : Number(prefix);
  const hostBits = BigInt(bits - length);
  const first = (value >> hostBits) << hostBits;
  return { family, first, last: first + (1n << hostBits) - 1n, text: `${family}:${value}/${length}` };
}

function groupsOf(address: string): number[] {
  const [head = "", tail = ""] = address.split("::");
  const left = hex(head);
  const right = hex(tail);
  const gap = address.includes("::") ? 8 - left.length - right.length : 0;
  return [...left, ...new Array<number>(gap).fill(0), ...right];
}

const hex = (text: string): number[] =>
  text ? text.split(":").map((group) => Number.parseInt(group, 16)) : [];

const LOOPBACK_4 = parseIp("127.0.0.0/8");
const LOOPBACK_6 = parseIp("::1");
const MULTICAST_4 = parseIp("224.0.0.0/4");
const MULTICAST_6 = parseIp("ff00::/8");
