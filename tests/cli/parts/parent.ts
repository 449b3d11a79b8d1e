/** A parent that starts a child, prints the child's pid and waits to be killed. */
import { startChild } from "../../../src/cli/supervise.ts";

const module = new URL("./good-child.ts", import.meta.url);
const { pid } = await startChild({ name: "child", module, options: { says: null, onStop: process.argv[2] } });
process.stdout.write(`${pid}\n`);
