/** Addresses, decimals, times and their text: what is tried of them. */
import { datetime, decimal, duration, ip, UNITS } from "./expressions.ts";
import { ask, COMPARISONS, call, compared, type Probe, result } from "./probe.ts";
import { DECIMALS } from "./world.ts";

const extensions: readonly Probe[] = [
  ...["isIpv4", "isIpv6", "isLoopback", "isMulticast"].map(
    (operator): Probe => ({ operator, topics: ["Net"], build: ask(ip, operator) }),
  ),
  { operator: "isInRange", topics: ["Net"], build: call(ip, "isInRange", ip) },
  ...["lessThan", "lessThanOrEqual", "greaterThan", "greaterThanOrEqual"].map(
    (operator): Probe => ({ operator, topics: ["Dec"], build: call(decimal, operator, decimal) }),
  ),
  {
    operator: "offset",
    topics: ["Time"],
    mayErr: true,
    build: result(call(datetime, "offset", duration), datetime),
  },
  {
    operator: "durationSince",
    topics: ["Time"],
    mayErr: true,
    build: result(
      (d, n) =>
        d.chance(0.5)
          ? `${BEFORE_ALL}.durationSince(${datetime(d, n)})`
          : call(datetime, "durationSince", datetime)(d, n),
      duration,
    ),
  },
  {
    operator: "toDate",
    topics: ["Time"],
    mayErr: true,
    build: result((d, n) => `${d.chance(0.2) ? BEFORE_ALL : datetime(d, n)}.toDate()`, datetime),
  },
  {
    operator: "toTime",
    topics: ["Time"],
    build: result((d, n) => `${d.chance(0.2) ? BEFORE_ALL : datetime(d, n)}.toTime()`, duration),
  },
  ...UNITS.map(
    (operator): Probe => ({
      operator,
      topics: ["Time"],
      build: (d, n) =>
        compared(d, ask(duration, operator)(d, n), () =>
          d.chance(0.5)
            ? ask(duration, operator)(d, 0)
            : d.pick(["0", "1", "(-1)", "36", "1000", "(-106751991167)"]),
        ),
    }),
  ),
];
/** The earliest instant but 192 ms: what is subtracted from it is beyond. */
const BEFORE_ALL = 'datetime("1970-01-01").offset(duration("-9223372036854775616ms"))';

/** Text that only the row knows: malformed text is an error of the constructor. */
const literals: readonly Probe[] = [
  {
    operator: "ip()",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      d.pick([
        "ip(resource.ip).isIpv4()",
        "ip(resource.ip).isLoopback()",
        "ip(resource.ip).isMulticast()",
        'ip(resource.ip).isInRange(ip("0.0.0.0/1"))',
        'ip(resource.ip).isInRange(ip("2001::/16"))',
        '(ip(resource.ip) == ip("::"))',
      ]),
  },
  {
    operator: "decimal()",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      `decimal(resource.dec).${d.pick(["lessThan", "greaterThanOrEqual"])}(decimal("${d.pick(DECIMALS)}"))`,
  },
  {
    operator: "datetime()",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      `(datetime(resource.dt) ${d.pick(COMPARISONS)} datetime("${d.pick(["1970-01-01", "2023-06-30T12:00:00Z", "2024-03-01", "2024-02-15T06:00:00+0300"])}"))`,
  },
  {
    operator: "datetime(), its time",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      `(datetime(resource.dt).toTime() ${d.pick(COMPARISONS)} duration("${d.integer(0, 23)}h${d.integer(0, 59)}m${d.integer(0, 59)}s500ms"))`,
  },
  {
    operator: "duration()",
    topics: ["Lit"],
    mayErr: true,
    raw: true,
    build: (d) =>
      `(duration(resource.du) ${d.pick(COMPARISONS)} duration("${d.pick(["0ms", "12h", "-1d", "999999999999999h", "50d7h"])}"))`,
  },
];

export const EXTENSION_PROBES = [...extensions, ...literals];
