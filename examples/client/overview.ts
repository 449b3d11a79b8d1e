/**
 * Asks the question of `overview.graphql` and prints what was shown, what was withheld, and what is owed.
 *
 *     TOKEN=$(npm run -s ihala -- token --role PPO.prosecutor) npx node examples/client/overview.ts PROSECUTION
 *
 * Env     TOKEN; IHALA_URL, by default the sandbox's. Arguments: the purpose, and the case's number.
 */
import { readFile } from "node:fs/promises";
import { askCase } from "./client.ts";

const { TOKEN = "", IHALA_URL = "http://127.0.0.1:4000/graphql" } = process.env;
const [purpose = "SHELTER_CARE", nrmNumber = "NRM-2024-251070-N"] = process.argv.slice(2);

const query = await readFile(new URL("overview.graphql", import.meta.url), "utf8");
const answer = await askCase(IHALA_URL, { token: TOKEN, purpose }, query, nrmNumber);

if (answer === null) console.log(`no case ${nrmNumber} for this reader`);
else {
  for (const line of shown(answer.data)) console.log(line);
  for (const { path, reason } of answer.extensions?.withheld ?? [])
    console.log(`${path.join(".")}: withheld, ${reason}`);
  for (const [group, owed] of Object.entries(answer.extensions?.obligations ?? {}))
    console.log(`${group}: ${owed.map(({ code, date = "" }) => `${code} ${date}`.trim()).join(", ")}`);
  for (const { message, extensions } of answer.errors ?? []) console.error(`${extensions.code}: ${message}`);
}

/** One line for each value; what is null, withheld or hidden, has none. */
function shown(value: unknown, path: readonly string[] = []): readonly string[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [`${path.join(".")}: ${value}`];
  return Object.entries(value).flatMap(([name, inner]) => shown(inner, [...path, name]));
}
