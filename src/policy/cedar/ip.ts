/**
 * Addresses and ranges of Cedar's `ip()` as numbers: `10.0.0.0/8`, `::1`.
 *
 * Errors  the evaluation errs on text that Cedar refuses: leading zeros, IPv4 within IPv6, zones, a prefix too long.
 * Source  cedar-policy-core `extensions/ipaddr.rs`, Rust's `IpAddr`.
 */
import { fail } from "./evaluation-error.ts";

export interface Ip {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  /** Canonical form: equal texts are equal values. The address counts whole: `10.0.0.1/8` is not `10.0.0.2/8`. */
  readonly text: string;
}

const OCTET = "(?:0|[1-9]\\d{0,2})";
const V4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const PREFIX = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

export function parseIp(text: string): Ip {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const prefix = slash < 0 ? undefined : text.slice(slash + 1);
  return V4.test(address)
    ? range(4, address.split(".").map(octet), 8, 32, prefix)
    : range(6, groupsOf(address), 16, 128, prefix);
}

export const isInRange = (ip: Ip, network: Ip): boolean =>
  ip.family === network.family && ip.first >= network.first && ip.last <= network.last;

export const isLoopback = (ip: Ip): boolean => isInRange(ip, ip.family === 4 ? LOOPBACK_4 : LOOPBACK_6);
export const isMulticast = (ip: Ip): boolean => isInRange(ip, ip.family === 4 ? MULTICAST_4 : MULTICAST_6);

function range(
  family: 4 | 6,
  groups: readonly number[],
  groupBits: number,
  bits: number,
  prefix: string | undefined,
): Ip {
  const value = groups.reduce((sum, group) => (sum << BigInt(groupBits)) | BigInt(group), 0n);
  const length = prefix === undefined ? bits : prefixLength(prefix, bits);
  const hostBits = BigInt(bits - length);
  const first = (value >> hostBits) << hostBits;
  return { family, first, last: first + (1n << hostBits) - 1n, text: `${family}:${value}/${length}` };
}

function prefixLength(text: string, bits: number): number {
  return PREFIX.test(text) && Number(text) <= bits ? Number(text) : fail();
}

function octet(text: string): number {
  const value = Number(text);
  return value <= 255 ? value : fail();
}

/** `::` stands for one group of zeros or more, once. */
function groupsOf(address: string): number[] {
  const [head = "", tail, ...more] = address.split("::");
  const left = hex(head);
  const right = hex(tail ?? "");
  const gap = 8 - left.length - right.length;
  if (more.length > 0 || (tail === undefined ? gap !== 0 : gap < 1)) return fail();
  return [...left, ...new Array<number>(gap).fill(0), ...right];
}

const hex = (text: string): number[] =>
  text === ""
    ? []
    : text.split(":").map((group) => (GROUP.test(group) ? Number.parseInt(group, 16) : fail()));

const LOOPBACK_4 = parseIp("127.0.0.0/8");
const LOOPBACK_6 = parseIp("::1");
const MULTICAST_4 = parseIp("224.0.0.0/4");
const MULTICAST_6 = parseIp("ff00::/8");
