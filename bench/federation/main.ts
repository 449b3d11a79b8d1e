/**
 * `npm run bench -- federation`: the gateway, bare Node and peers on the workload of the public gateway benchmark (docs/performance.md).
 *
 * Out     tables; `<results>/<date>-federation.json`; with `--profile` CPU profiles of ours in `bench/output/`.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Running } from "../../src/cli/running.ts";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { onInterrupt, positive, RESULTS, writeResult } from "../command.ts";
import { type Effort, type Measured, measure } from "./measure.ts";
import { type FederationReport, reportOf } from "./report.ts";
import { GROUPS, scenariosNamed } from "./scenarios.ts";
import { OUR_COMMAND, sidesOf } from "./sides.ts";
import { tablesOf } from "./tables.ts";

export const FEDERATION_USAGE = `npm run bench -- federation [options]

  --scenarios LIST     of ${GROUPS.join(",")} (default: all)
  --rounds N           rounds of each side, in turn (default 5)
  --seconds N          length of a round (default 10)
  --warm-up N          seconds of load before the first round (default 8)
  --peer NAME=COMMAND  another gateway, as often as wished; a shell command in which {supergraph} and {port} are filled in
  --ours COMMAND       instead of \`ihala dev\`; {flags} are its options
  --only SIDE          of ours, bare and peers by name, as often as wished (default: all)
  --results DIRECTORY  where the result is written (default bench/results)
  --name NAME          of the result's file, behind its date (default federation)
  --profile            also a CPU profile of ours in bench/output
  --table FILE         measures nothing: the tables of an earlier result
`;

export async function federation(args: readonly string[]): Promise<void> {
  const { values: options } = parseArgs({
    args: [...args],
    options: {
      scenarios: { type: "string", default: GROUPS.join(",") },
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "10" },
      "warm-up": { type: "string", default: "8" },
      peer: { type: "string", multiple: true, default: [] },
      ours: { type: "string", default: OUR_COMMAND },
      only: { type: "string", multiple: true, default: [] },
      results: { type: "string", default: RESULTS },
      name: { type: "string", default: "federation" },
      profile: { type: "boolean", default: false },
      table: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    process.stdout.write(FEDERATION_USAGE);
    return;
  }
  if (options.table !== undefined) {
    process.stdout.write(
      `${tablesOf(JSON.parse(await readFile(options.table, "utf8")) as FederationReport)}\n`,
    );
    return;
  }
  const groups = Map.groupBy(options.scenarios.split(",").flatMap(scenariosNamed), ({ group }) => group);
  const profilesIn = options.profile ? join(PACKAGE_ROOT, "bench", "output") : null;
  const sides = sidesOf(options.ours, options.peer, options.only);
  const effort: Effort = {
    rounds: positive(options.rounds),
    seconds: positive(options.seconds),
    warmUpSeconds: positive(options["warm-up"]),
  };

  const running = new Running();
  onInterrupt(() => running.stop());
  const place = await running.add(mkdtemp(join(tmpdir(), "ihala-bench-")), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  try {
    const measured: Measured[] = [];
    for (const [group, scenarios] of groups) {
      const directory = join(place, group);
      measured.push(...(await measure({ scenarios, sides, effort, directory, profilesIn, running })));
      process.stderr.write(`${group}: done\n`);
    }
    const report = await reportOf(effort, measured);
    const file = await writeResult(options.results, options.name, report);
    process.stdout.write(`${tablesOf(report)}\n\n${file}\n`);
  } finally {
    await running.stop();
  }
}
