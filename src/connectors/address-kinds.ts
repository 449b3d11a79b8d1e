/**
 * What an address is the address of, as far as its number tells.
 *
 * `special`  this machine, this link, where a cloud keeps its machines' secrets, or nobody: never a service that somebody runs for others.
 * `private`  a network of the operator's own. `public`: the rest.
 * An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is what the IPv4 address is.
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";

export type AddressKind = "special" | "private" | "public";

const SPECIAL_V4 = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/4",
  "240.0.0.0/4",
  // Metadata of clouds that do not use a link-local address: Alibaba, Azure, Oracle.
  "100.100.100.200/32",
  "168.63.129.16/32",
  "192.0.0.192/32",
];
const SPECIAL_V6 = [
  // Unspecified, loopback, and what was once IPv4-compatible.
  "::/96",
  "fe80::/10",
  "ff00::/8",
  // Metadata of AWS.
  "fd00:ec2::254/128",
];
const PRIVATE_V4 = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"];
const PRIVATE_V6 = ["fc00::/7", "fec0::/10"];

const SPECIAL = blockList(SPECIAL_V4, SPECIAL_V6);
const PRIVATE = blockList(PRIVATE_V4, PRIVATE_V6);

/** What is no address is special: nothing is there. */
export function addressKind(address: string): AddressKind {
  const [bare = ""] = address.split("%", 1);
  const family = isIPv4(bare) ? "ipv4" : "ipv6";
  if (family === "ipv6" && !isIPv6(bare)) return "special";
  if (SPECIAL.check(bare, family)) return "special";
  return PRIVATE.check(bare, family) ? "private" : "public";
}

function blockList(v4: readonly string[], v6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of v4) {
    const [net, prefix] = parts(subnet);
    const [a = 0, b = 0, c = 0, d = 0] = net.split(".").map(Number);
    const [high, low] = [a * 256 + b, c * 256 + d].map((half) => half.toString(16));
    list.addSubnet(net, prefix, "ipv4");
    list.addSubnet(`64:ff9b::${high}:${low}`, 96 + prefix, "ipv6");
    list.addSubnet(`2002:${high}:${low}::`, 16 + prefix, "ipv6");
  }
  for (const subnet of v6) list.addSubnet(...parts(subnet), "ipv6");
  return list;
}

function parts(subnet: string): [net: string, prefix: number] {
  const [net = "", prefix = ""] = subnet.split("/");
  return [net, Number(prefix)];
}
