/**
 * `ihala dev` as a process: any supergraph, permit-all, one anonymous reader, this machine only.
 *
 * Safety   loopback only; a loud warning at the start; every answer carries `x-ihala-mode: dev`; a data directory of its own
 *          mode, so that nothing of a deployment is within reach.
 * Signals  SIGTERM and SIGINT stop it in order, status 0.
 */
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { assembleDev } from "../assembly/dev.ts";
import { openHttpServer } from "../assembly/http.ts";
import type { Config } from "../config/config.ts";
import { openDataDirectory } from "../config/data-directory.ts";
import { GatewayError } from "../kernel/errors.ts";
import { createLog } from "../telemetry/log.ts";
import { checkLoopback } from "./loopback.ts";
import { Running } from "./running.ts";
import { untilStopped } from "./signals.ts";
import type { Terminal } from "./terminal.ts";
import { boundYoungGeneration } from "./young-generation.ts";

export interface DevCommandOptions {
  readonly supergraph: string;
  /** Else a folder under the configuration's `data` that is removed at the end. */
  readonly data?: string | undefined;
  /** False: every question is worked out for itself. */
  readonly share: boolean;
  readonly subscriptions?: "sse" | "ws" | undefined;
}

export async function runDev(
  config: Config,
  options: DevCommandOptions,
  terminal: Terminal,
): Promise<number> {
  checkLoopback(config, "dev");
  boundYoungGeneration();
  const log = createLog(config.telemetry.level);
  const running = new Running();
  try {
    const directory = options.data ?? (await running.add(passingFolder(config.data), removed));
    const data = await running.add(openDataDirectory(directory, "dev"), (opened) => opened.release());
    const assembled = await running.add(
      assembleDev({
        supergraphSdl: await supergraphText(options.supergraph),
        subscriptions: options.subscriptions,
        shareIdentical: options.share && config.server.shareIdentical,
        dataDirectory: await data.folder("audit"),
      }),
      (made) => made.close(),
    );
    // Last, so that whoever waits for the port finds it answering.
    const http = await running.add(openHttpServer(config, { mode: "dev", log }), (opened) => opened.stop());
    await http.serve(assembled.gateway);
    terminal.err(warning(http.url, data.path));
    const broken = await untilStopped(assembled.failed.then(() => "the disclosure log"));
    if (broken !== null) terminal.err(`ihala: ${broken} has ended; dev stops\n`);
    await http.stop();
    await running.stop();
    return broken === null ? 0 : 1;
  } catch (error) {
    await running.stop().catch(() => {});
    throw error;
  }
}

/** What one run of dev records is nobody's: a folder of its own that goes with it. */
async function passingFolder(within: string): Promise<string> {
  await mkdir(within, { recursive: true });
  return mkdtemp(join(within, "dev-"));
}

const removed = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

async function supergraphText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const problems = [`--supergraph: \`${file}\` cannot be read`];
    throw new GatewayError("SUPERGRAPH_INVALID", "the supergraph cannot be used", { cause, problems });
  }
}

const warning = (url: string, data: string): string => `
  !!  ihala dev: NO IDENTITY, NO POLICIES. Everybody who reaches ${url} may read everything.
  !!  For development and measurement on this machine only; never for people's data.

    GraphQL    ${url}/graphql
    data       ${data}

`;
