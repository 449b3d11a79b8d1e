/**
 * `ihala agency check URL`: whether an agency's Federation subgraph does what the gateway relies on, before it joins.
 *
 * In      its URL; agency and member, for its document in the schema folder and the audience of tokens; keys that it knows.
 * Tokens  are the gateway's own, signed with the key of the data directory, as the agency will meet them.
 * Out     one line a rule, `ok` or what is wrong; status 1 when anything is.
 * Errors  BAD_USER_INPUT for options that fit nothing.
 */
import { randomBytes } from "node:crypto";
import { buildSchema } from "graphql";
import { addressesFor, CONNECT_MS } from "../assembly/addresses.ts";
import { loadSecrets, outboundSigning } from "../assembly/secrets.ts";
import type { Config } from "../config/config.ts";
import { lookIntoDataDirectory } from "../config/data-directory.ts";
import { conformance } from "../connectors/conformance.ts";
import { createWire } from "../connectors/conformance-wire.ts";
import { createOutboundTokens } from "../connectors/outbound-token.ts";
import type { OutboundReader } from "../execute/backend.ts";
import type { AgencyCode, MemberAddress } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import { subgraphSdl } from "../supergraph/subgraph-documents.ts";
import { schemaDirectory } from "./folders.ts";
import type { Terminal } from "./terminal.ts";

export interface AgencyCheckOptions {
  readonly agency: string;
  readonly member: string;
  readonly type: string;
  readonly known: readonly string[];
}

/** Nobody: a reader of no agency, whose questions are about objects that the agency itself has named. */
const NOBODY: OutboundReader = {
  ...{ requestId: "conformance", agency: "GW", member: "conformance", staff: "conformance" },
  ...{ role: "conformance", purpose: "SYSTEM_OPERATION", issue: null },
};
const LONG_AGO_MS = 3_600_000;

export async function runAgencyCheck(
  config: Config,
  url: string,
  { agency, member, type, known }: AgencyCheckOptions,
  terminal: Terminal,
): Promise<number> {
  if (!URL.canParse(url)) throw refused(`\`${url}\` is no URL`);
  if (new Set(known).size < 2) throw refused("name two keys that the agency knows, by `--known`");
  const document = await subgraphSdl(schemaDirectory(config), agency.toLowerCase());
  const data = await lookIntoDataDirectory(config.data, "production");
  const { outbound, pseudonymRoot } = await loadSecrets(data);
  const audience = { agency: agency as AgencyCode, member: member as MemberAddress };
  const tell = async (signing: typeof outbound, whom = audience, nowMs = Date.now) =>
    (
      await createOutboundTokens({ gateway: config.deployment.name, ...signing, pseudonymRoot, nowMs }).tell(
        whom,
        NOBODY,
      )
    ).headers;
  const token = async (...how: Parameters<typeof tell>) => (await tell(...how))["authorization"] ?? "";
  const right = await token(outbound);
  const { agencyTimeoutMs: deadlineMs } = config.limits;
  const findings = await conformance({
    wire: createWire(url, () => tell(outbound), {
      timeoutMs: deadlineMs * 2,
      ask: addressesFor(config).fetcher(CONNECT_MS, "manual"),
    }),
    schema: buildSchema(document, { assumeValidSDL: true }),
    ...{ type, known, deadlineMs },
    wrongTokens: {
      "not there": null,
      "no token": "Bearer conformance",
      edited: `${right.slice(0, -6)}${right.endsWith("AAAAAA") ? "BBBBBB" : "AAAAAA"}`,
      "for another member": await token(outbound, {
        ...audience,
        member: `${member}-other` as MemberAddress,
      }),
      "an hour old": await token(outbound, audience, () => Date.now() - LONG_AGO_MS),
      "signed by another key": await token(outboundSigning(randomBytes(32))),
    },
  });
  for (const { rule, problem } of findings)
    terminal.out(problem === null ? `ok    ${rule}\n` : `WRONG ${rule}: ${problem}\n`);
  const wrong = findings.filter(({ problem }) => problem !== null).length;
  terminal.out(
    wrong === 0
      ? `\nall ${findings.length} rules hold\n`
      : `\n${wrong} of ${findings.length} rules do not hold\n`,
  );
  return wrong === 0 ? 0 : 1;
}

const refused = (message: string): GatewayError => new GatewayError("BAD_USER_INPUT", message);
