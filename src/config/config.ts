/** The whole configuration: one schema out of the sections, with the checks that concern several of them. */
import { z } from "zod";
import { key } from "./key.ts";
import { agencies } from "./sections/agencies.ts";
import { planner, policy, schema, telemetry } from "./sections/decisions.ts";
import { deployment } from "./sections/deployment.ts";
import { identity } from "./sections/identity.ts";
import { limits } from "./sections/limits.ts";
import { server } from "./sections/server.ts";
import { audit, database, ledger } from "./sections/stores.ts";

export const configSchema = z
  .strictObject({
    data: key(
      z.string().min(1).default("./data"),
      "The data directory: keys, embedded databases, disclosure log. Relative to the working directory.",
      "IHALA_DATA",
    ),
    deployment,
    server,
    identity,
    agencies,
    ledger,
    database,
    audit,
    limits,
    schema,
    policy,
    planner,
    telemetry,
  })
  .superRefine((config, context) => {
    const report = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: "custom", path, message });
    checkMembers(config, report);
    checkIssuers(config, report);
    checkDocuments(config, report);
  });

type Parsed = z.output<typeof configSchema>;
type Report = (path: PropertyKey[], message: string) => void;

export type Frozen<Value> = Value extends object
  ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
  : Value;
export type Config = Frozen<Parsed>;

/** Addresses are unique, and a member is reached in the way of its agency's kind. */
function checkMembers({ agencies }: Parsed, report: Report): void {
  const seen = new Set<string>();
  for (const [a, { code, kind, members }] of agencies.entries()) {
    if (agencies.findIndex((other) => other.code === code) < a)
      report(["agencies", a, "code"], `\`${code}\` is listed twice`);
    for (const [m, { address, url, database, subscriptions }] of members.entries()) {
      const path = ["agencies", a, "members", m];
      if (seen.has(address)) report([...path, "address"], `\`${address}\` is listed twice`);
      seen.add(address);
      if (url !== undefined && kind !== "rest" && kind !== "federation")
        report([...path, "url"], `kind \`${kind}\` takes no url`);
      if (subscriptions !== undefined && kind !== "federation")
        report([...path, "subscriptions"], `kind \`${kind}\` takes no subscriptions`);
      if (database !== undefined && kind !== "sql")
        report([...path, "database"], `kind \`${kind}\` takes no database`);
    }
  }
}

/** A closed list that is empty would answer nothing. */
function checkDocuments({ server: { persistedDocuments } }: Parsed, report: Report): void {
  if (persistedDocuments.only && persistedDocuments.path === undefined)
    report(["server", "persistedDocuments", "only"], "`path` must say where the documents are");
}

/** Issuers are unique, every client speaks for a member that exists, and nobody but one issuer speaks for a member. */
function checkIssuers({ agencies, identity: { issuers } }: Parsed, report: Report): void {
  const addresses = new Set(agencies.flatMap(({ members }) => members.map(({ address }) => address)));
  const pinned = new Map<string, string>();
  for (const [i, { issuer, clients }] of issuers.entries()) {
    const path = ["identity", "issuers", i];
    if (issuers.findIndex((other) => other.issuer === issuer) < i)
      report([...path, "issuer"], `\`${issuer}\` is listed twice`);
    for (const [id, { member }] of Object.entries(clients)) {
      if (!addresses.has(member))
        report([...path, "clients", id, "member"], `no member has the address \`${member}\``);
      const other = pinned.get(member) ?? issuer;
      pinned.set(member, other);
      if (other !== issuer)
        report(
          [...path, "clients", id, "member"],
          `\`${member}\` has two issuers, \`${other}\` and \`${issuer}\`; one alone may speak for it`,
        );
    }
  }
}
