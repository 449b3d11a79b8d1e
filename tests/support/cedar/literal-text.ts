/** Text that is, or nearly is, what Cedar's extension types are written as: a valid one with a mishap or two. */
import type { Seeded } from "../seeded.ts";

const number = (d: Seeded, digits: number) =>
  Array.from({ length: d.integer(1, digits) }, () => d.integer(0, 9)).join("");
const two = (d: Seeded, highest: number) => String(d.integer(0, highest)).padStart(2, "0");

export const nearlyIp = (d: Seeded): string => mishap(d, d.chance(0.5) ? ipv4(d) : ipv6(d), ".:/0a1f");
export const nearlyDecimal = (d: Seeded): string =>
  mishap(d, `${d.pick(["", "-"])}${number(d, d.pick([3, 15, 19]))}.${number(d, 4)}`, "-.+0e٣");
export const nearlyDuration = (d: Seeded): string => {
  const units = ["d", "h", "m", "s", "ms"].filter(() => d.chance(0.5));
  return mishap(
    d,
    d.pick(["", "-"]) + units.map((unit) => number(d, d.pick([2, 4, 19])) + unit).join(""),
    "-dhms0 ",
  );
};

function ipv4(d: Seeded): string {
  const octets = Array.from({ length: 4 }, () => d.pick([0, 1, "01", 10, 127, 224, 255, d.integer(0, 300)]));
  return `${octets.join(".")}${d.chance(0.5) ? `/${d.integer(0, 35)}` : ""}`;
}

function ipv6(d: Seeded): string {
  const groups = Array.from({ length: d.integer(0, 9) }, () => d.pick(["0", "1", "ff02", "2001", "DB8"]));
  const gap = d.integer(0, groups.length);
  const text = d.chance(0.7)
    ? `${groups.slice(0, gap).join(":")}::${groups.slice(gap).join(":")}`
    : groups.join(":");
  return `${text}${d.chance(0.5) ? `/${d.integer(0, 130)}` : ""}`;
}

export function nearlyDatetime(d: Seeded): string {
  const day = `${d.pick(["0000", "1969", "1970", "2023", "2024", "9999"])}-${two(d, 13)}-${two(d, 32)}`;
  if (d.chance(0.3)) return mishap(d, day, "-0T");
  const ms = d.chance(0.5) ? `.${number(d, 3)}` : "";
  const zone = d.chance(0.4) ? "Z" : `${d.pick(["+", "-"])}${two(d, 25)}${two(d, 62)}`;
  return mishap(d, `${day}T${two(d, 24)}:${two(d, 61)}:${two(d, 61)}${ms}${zone}`, "-:.+Z0 ");
}

/** A character too many, too few, or another, now and then. */
function mishap(d: Seeded, text: string, alphabet: string): string {
  if (!d.chance(0.3)) return text;
  const at = d.integer(0, text.length);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  const other = d.pick([...alphabet]);
  return d.pick([before + after.slice(1), before + other + after, before + other + after.slice(1)]);
}
