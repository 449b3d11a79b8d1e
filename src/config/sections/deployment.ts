/** Where the gateway is deployed, and what the sandbox is filled with. */
import { z } from "zod";
import { key, section } from "../key.ts";

export const SEED = 20250730;

export const deployment = section("The deployment.", {
  name: key(z.string().min(1).default("bh-sandbox"), "Name of this gateway in its disclosure log."),
  country: key(
    z
      .string()
      .regex(/^[A-Z]{2}$/)
      .default("BH"),
    "Country, ISO 3166-1 alpha-2.",
  ),
  timeZone: key(
    z.string().refine(isTimeZone, "not an IANA time zone").default("Asia/Bahrain"),
    "Zone of dates, daily limits and report periods; instants are UTC.",
  ),
  localHosts: key(
    z.array(z.string().min(1)).default(["localhost"]),
    "Names of agencies, their databases, issuers, the witness and the collector of traces that may be found on this machine or this link. Any other name that is found there is refused; an address that is written out is not looked up.",
  ),
  scale: key(
    z.enum(["tiny", "demo"]).default("tiny"),
    "Size of the synthetic world: `tiny` 20 cases and 200 workers, `demo` 1,500 and 50,000. Sandbox only.",
    "IHALA_SCALE",
  ),
  seed: key(z.int().min(0).default(SEED), "Seed of the synthetic world. Sandbox only."),
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
