/** The planner processes that this test process has, those apart that have ended and wait to be noticed. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export async function plannersOf(parent = process.pid): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,stat=,args="]);
  return stdout.split("\n").flatMap((line) => {
    const [pid, ppid, state = "", ...command] = line.trim().split(/\s+/);
    const isPlanner = Number(ppid) === parent && command.join(" ").includes("planner-child");
    return isPlanner && !state.startsWith("Z") ? [Number(pid)] : [];
  });
}
