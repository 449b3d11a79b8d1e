/**
 * The gateway as a process of its own, assembled and served exactly as `ihala sandbox` does it, policies and disclosure log on.
 *
 * Asked   for what it used since it was last asked to begin, for the calls of a request, for a CPU profile.
 */
import { writeFile } from "node:fs/promises";
import { Session } from "node:inspector/promises";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import type { Places } from "../src/assembly/backends.ts";
import { assembleGateway } from "../src/assembly/gateway.ts";
import { openDocuments } from "../src/assembly/http.ts";
import type { ReloadableGateway } from "../src/assembly/reloadable.ts";
import { type GatewaySecrets, loadSecrets } from "../src/assembly/secrets.ts";
import { Reloading } from "../src/cli/reloading.ts";
import type { Config } from "../src/config/config.ts";
import { lookIntoDataDirectory } from "../src/config/data-directory.ts";
import { startHttpServer } from "../src/server/http-server.ts";
import { createLog } from "../src/telemetry/log.ts";
import type { Call, TimedCall } from "./calls.ts";
import { listen } from "./recorder.ts";
import { serveWorker } from "./serve-worker.ts";
import { type MeterQuestions, usageMeter } from "./usage.ts";

export interface GatewayOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly places: Places;
}

export interface GatewayReady {
  readonly url: string;
  readonly pid: number;
}

export type GatewayQuestions = MeterQuestions & {
  /** Hears the calls of the next request. */
  readonly listen: () => void;
  /** What was heard, with tokens that stay valid. */
  readonly heard: () => Promise<readonly TimedCall[]>;
  /** Takes schema, policies and documents up anew, as upon SIGHUP. */
  readonly reload: () => Promise<void>;
  readonly profile: () => Promise<void>;
  /** Ends the profile and writes it to that file. */
  readonly profiled: (file: string) => Promise<void>;
};

const RECORDED_TOKEN_LIFE = "2h";
const SAMPLING_US = 200;

serveWorker<GatewayOptions>(async ({ config, databaseUrl, places }) => {
  const data = await lookIntoDataDirectory(config.data, "sandbox");
  const secrets = await loadSecrets(data);
  const log = createLog(config.telemetry.level, { write: () => {} });
  const { gateway, load, close } = await assembleGateway({
    ...{ config, dataDirectory: data, secrets, databaseUrl, places },
    onFault: (fault) => log.error("resolver.failed", { fault }),
  });
  const documents = await openDocuments(config, "sandbox");
  const reloading = new Reloading({
    ...{ config, documents, gateway, log },
    read: async () => config,
    load: (read, found) => load({ config: read, places, documents: found }),
    watch: { start: () => {}, stop: () => {} },
  });
  const { host, maxBodyBytes, drainMs } = config.server;
  const { maxTokens } = config.limits;
  const server = await startHttpServer({
    host,
    port: 0,
    maxBodyBytes,
    drainMs,
    maxTokens,
    documents,
    mode: "sandbox",
    log,
  });
  await server.serve(gateway);
  return {
    ready: { url: server.url, pid: process.pid } satisfies GatewayReady,
    answers: answers(secrets, () => reloadedBy(reloading, gateway)),
    stop: async () => {
      await reloading.stop();
      await server.stop();
      await close();
    },
  };
});

async function reloadedBy(reloading: Reloading, gateway: ReloadableGateway): Promise<void> {
  await reloading.trigger();
  const { refused } = gateway.standing;
  if (refused) throw new Error(`a reload was refused: ${refused.code}`);
}

function answers(secrets: GatewaySecrets, reload: GatewayQuestions["reload"]): GatewayQuestions {
  const meter = usageMeter();
  const inspector = new Session();
  let stop: () => readonly TimedCall[] = () => [];
  return {
    ...{ ...meter, reload },
    listen: () => {
      stop = listen();
    },
    heard: () =>
      Promise.all(stop().map(async (timed) => ({ ...timed, call: await lasting(secrets, timed.call) }))),
    async profile() {
      inspector.connect();
      await inspector.post("Profiler.enable");
      await inspector.post("Profiler.setSamplingInterval", { interval: SAMPLING_US });
      await inspector.post("Profiler.start");
    },
    async profiled(file) {
      const { profile } = await inspector.post("Profiler.stop");
      inspector.disconnect();
      await writeFile(file, JSON.stringify(profile));
    },
  };
}

/** The same call with the same claims in a token that outlives the benchmark: the gateway's own last a minute. */
async function lasting({ outbound }: GatewaySecrets, call: Call): Promise<Call> {
  const authorization = call.kind === "http" ? call.headers["authorization"] : undefined;
  if (call.kind !== "http" || authorization === undefined) return call;
  const token = authorization.slice("Bearer ".length);
  const { alg = "EdDSA", ...header } = decodeProtectedHeader(token);
  const lasting = await new SignJWT(decodeJwt(token))
    .setProtectedHeader({ ...header, alg })
    .setExpirationTime(RECORDED_TOKEN_LIFE)
    .sign(outbound.privateKey);
  return { ...call, headers: { ...call.headers, authorization: `Bearer ${lasting}` } };
}
