/**
 * `npm run bench`, without a word behind it: CPU per request of the gateway against bare Node that makes the same backend calls (docs/performance.md).
 *
 * Out     a table; `<results>/<date>-<operations>.json`; with `--profile` a CPU profile of each operation in `bench/output/`.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PACKAGE_ROOT } from "../src/config/package-root.ts";
import { onInterrupt, positive, RESULTS, writeResult } from "./command.ts";
import { openDeployment, type Scale } from "./deployment.ts";
import { type Effort, type Measured, measure, profile } from "./measure.ts";
import { OPERATIONS, type Operation } from "./operations.ts";
import { callsOf, reportOf, tableOf } from "./report.ts";

export const NATIONAL_USAGE = `npm run bench -- [options]

  --operations LIST    of ${OPERATIONS.map(({ name }) => name).join(",")} (default: all)
  --scale SCALE        tiny (default) or demo
  --rounds N           rounds of each side, in turn (default 5)
  --share X            share of the usual number of requests (default 1)
  --connections N      requests in flight (default 10)
  --results DIRECTORY  where the result is written (default bench/results)
  --profile            also a CPU profile of the gateway in bench/output
`;

export async function national(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({
    args: [...args],
    options: {
      operations: { type: "string", default: OPERATIONS.map(({ name }) => name).join(",") },
      scale: { type: "string", default: "tiny" },
      rounds: { type: "string", default: "5" },
      share: { type: "string", default: "1" },
      connections: { type: "string", default: "10" },
      results: { type: "string", default: RESULTS },
      profile: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    process.stdout.write(NATIONAL_USAGE);
    return;
  }
  const operations = options.operations.split(",").map(operationNamed);
  const effort: Effort = {
    rounds: positive(options.rounds),
    share: positive(options.share),
    connections: positive(options.connections),
  };
  const scale = options.scale as Scale;
  const on = await openDeployment(scale);
  onInterrupt(() => on.close());
  try {
    const measured: Measured[] = [];
    for (const operation of operations) measured.push(await measure(on, operation, effort));
    const report = await reportOf(scale, effort, measured);
    const names = report.operations.map(({ name }) => name).join("-");
    const file = await writeResult(options.results, names, report);
    process.stdout.write(`${tableOf(report)}\n\n${callsOf(report)}\n\n${file}\n`);
    if (options.profile)
      for (const operation of operations) await profile(on, operation, effort, await profileFile(operation));
  } finally {
    await on.close();
  }
}

function operationNamed(wanted: string): Operation {
  const operation = OPERATIONS.find(({ name }) => name === wanted);
  if (!operation) throw new RangeError(`no operation is called \`${wanted}\``);
  return operation;
}

async function profileFile({ name }: Operation): Promise<string> {
  const directory = join(PACKAGE_ROOT, "bench", "output");
  await mkdir(directory, { recursive: true });
  return join(directory, `${name}.cpuprofile`);
}
