/** A second gateway over a deployment's database and agencies, with a data directory and a disclosure log of its own. */
import { createHash } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AssembledGateway, assembleGateway } from "../../src/assembly/gateway.ts";
import { openDocuments, openHttpServer } from "../../src/assembly/http.ts";
import { readDisclosureLog } from "../../src/audit/log.ts";
import type { DisclosureRecord } from "../../src/audit/record.ts";
import { readSubjectKeys } from "../../src/audit/subject-keys.ts";
import { Reloading } from "../../src/cli/reloading.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { Metrics } from "../../src/telemetry/metrics.ts";
import type { Deployment } from "./deployment.ts";

export interface Replica {
  readonly url: string;
  /** Its data directory. */
  readonly directory: string;
  readonly assembled: AssembledGateway;
  readonly metrics: Metrics;
  records(): Promise<readonly DisclosureRecord[]>;
  /** Its data directory stays. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** `again`: the data directory of one that ran before. */
export async function startReplica(on: Deployment, again?: string): Promise<Replica> {
  const { config } = on;
  const directory = again ?? (await mkdtemp(join(tmpdir(), "ihala-replica-")));
  if (!again) await cp(join(on.directory, "issuer"), join(directory, "issuer"), { recursive: true });
  // A log has a signing key of its own.
  const signing = createHash("sha256").update(directory).digest();
  const secrets = { ...on.secrets, audit: { ...on.secrets.audit, signing } };
  const data = await openDataDirectory(directory, "sandbox");
  const log = createLog("silent");
  const metrics = new Metrics();
  const assembled = await assembleGateway({
    ...{ config, secrets, places: on.placesFor(config), dataDirectory: data },
    databaseUrl: on.databaseUrl("gateway"),
    onFault: (fault) => log.error("agency.fault", { fault }),
    operations: { log, metrics },
  });
  const documents = await openDocuments(config, "sandbox");
  const server = await openHttpServer(
    { ...config, server: { ...config.server, host: "127.0.0.1", port: 0 } },
    { mode: "sandbox", log, documents, metrics },
  );
  await server.serve(assembled.gateway);
  const reloading = new Reloading({
    ...{ config, documents, log, metrics, gateway: assembled.gateway },
    publications: assembled.publications,
    read: async () => config,
    load: (read, found) => assembled.load({ config: read, places: on.placesFor(read), documents: found }),
    watch: { start: () => {}, stop: () => {} },
  });
  const stop = async () => {
    await reloading.stop();
    await server.stop();
    await assembled.close();
    await data.release();
  };
  return {
    ...{ stop, url: server.url, directory, assembled, metrics },
    records: async () =>
      readDisclosureLog(
        join(directory, "audit"),
        await readSubjectKeys(join(directory, "audit-keys"), secrets.audit.subjects),
      ),
    async close() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
