/** A planner that crashes or hangs: requests that need it are refused, all others are answered, the next one is planned. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { codeOfAsync } from "../support/errors.ts";
import { byKey, type Federation, startFederation } from "../support/federation.ts";

const run = promisify(execFile);
const ROWS = [{ id: "1", name: "Amal", bed: "b1" }];

/** Process ids of this process's children that plan. */
async function planners(): Promise<readonly number[]> {
  const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid=,command="]);
  return stdout.split("\n").flatMap((line) => {
    const [pid, parent, ...command] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && command.join(" ").includes("planner-child") ? [Number(pid)] : [];
  });
}

describe("a planner", () => {
  let federation: Federation;
  const open = async (plannerDeadlineMs: number) => {
    federation = await startFederation(
      {
        people: {
          sdl: 'type Query { people: [Person] } type Person @key(fields: "id") { id: ID! name: String }',
          query: { people: ROWS },
          entities: { Person: byKey(ROWS, "id") },
        },
        beds: {
          sdl: 'type Person @key(fields: "id") { id: ID! bed: String }',
          entities: { Person: byKey(ROWS, "id") },
        },
      },
      { plannerDeadlineMs },
    );
  };
  let before: readonly number[] = [];
  beforeEach(async () => {
    before = await planners();
  });
  afterEach(() => federation.close());

  const PLANNED = "{ people { name bed } }";
  const ANSWER = { people: [{ name: "Amal", bed: "b1" }] };
  const child = async (): Promise<number> => {
    const [pid] = (await planners()).filter((one) => !before.includes(one));
    return pid as number;
  };

  it("that is killed fails the requests in it, and nobody else's", async () => {
    await open(10_000);
    expect((await federation.ask(PLANNED)).data).toEqual(ANSWER);
    const pid = await child();
    process.kill(pid, "SIGSTOP");
    const failing = [codeOfAsync(() => federation.ask("{ people { a: bed } }"))];
    failing.push(codeOfAsync(() => federation.ask("{ people { b: bed } }")));
    const known = await Promise.all([federation.ask(PLANNED), federation.ask("{ __schema { __typename } }")]);
    process.kill(pid, "SIGKILL");
    expect(await Promise.all(failing)).toEqual(["PLANNER_UNAVAILABLE", "PLANNER_UNAVAILABLE"]);
    expect(known.map(({ data }) => data)).toEqual([ANSWER, { __schema: { __typename: "__Schema" } }]);
    expect((await federation.ask("{ people { a: bed } }")).data).toEqual({ people: [{ a: "b1" }] });
    expect(await child()).not.toBe(pid);
  });

  it("that dies between requests is replaced for the next one", async () => {
    await open(10_000);
    const pid = await child();
    process.kill(pid, "SIGKILL");
    await expect.poll(async () => (await planners()).some((each) => each !== pid)).toBe(true);
    expect((await federation.ask(PLANNED)).data).toEqual(ANSWER);
  });

  it("that hangs is killed at its deadline, and the operation can be asked again", async () => {
    await open(300);
    const pid = await child();
    process.kill(pid, "SIGSTOP");
    const started = performance.now();
    expect(await codeOfAsync(() => federation.ask(PLANNED))).toBe("PLANNER_UNAVAILABLE");
    const took = performance.now() - started;
    expect(took).toBeGreaterThan(250);
    expect(took).toBeLessThan(5_000);
    expect(await planners()).not.toContain(pid);
    expect((await federation.ask(PLANNED)).data).toEqual(ANSWER);
  });
});
