/** `npm run bench`: the national deployment's operations, or what the first word names. */
import { federation } from "./federation/main.ts";
import { national } from "./national.ts";

const [command = "", ...rest] = process.argv.slice(2);
if (command === "federation") await federation(rest);
else await national([command, ...rest].filter((one) => one !== ""));
