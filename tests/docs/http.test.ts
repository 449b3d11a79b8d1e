/** `docs/http.md`: its commands, against a deployment, and what they print. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import { type Deployment, startDeployment } from "../support/deployment.ts";
import { blocksOf } from "./blocks.ts";
import type { Ran } from "./shell.ts";
import { walk } from "./walk.ts";

const PAGE = join(PACKAGE_ROOT, "docs/http.md");
const STAGE = "query Stage($n: CaseNumber!) { case(nrmNumber: $n) { stage } }";

let on: Deployment;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "ihala-http-"));
  await writeFile(join(directory, "stage.graphql"), STAGE);
  on = await startDeployment({
    env: { IHALA_SERVER_PERSISTED_DOCUMENTS_PATH: directory, IHALA_SERVER_BATCH_SIZE: "10" },
  });
});
afterAll(() => on?.close());

it("docs/http.md shows commands that work, and what they print", async () => {
  const page = await readFile(PAGE, "utf8");
  const [{ text: ask } = { text: "" }] = blocksOf(page);
  const token = await on.token({ role: "NGO.caseworker" });
  const epc = await on.token({ role: "EPC.caseWorker" });
  const run = (commands: string): Promise<Ran> =>
    new Promise((resolve) => {
      const script = `${ask}\n${commands}`.replaceAll("http://127.0.0.1:4000", on.url);
      const env = { ...process.env, TOKEN: token, EPC: epc };
      const child = execFile("bash", ["-c", script], { env }, (_, out, err) =>
        resolve({ status: child.exitCode ?? 1, out, err }),
      );
    });
  const shell = { url: on.url, run, start: none, stop: none, endBackground: none, close: none };
  await expect(await walk(page, { directory, shell })).toMatchFileSnapshot(PAGE);
  expect(blocksOf(page).filter(({ language }) => language === "sh").length).toBeGreaterThan(6);
});

const none = async (): Promise<void> => {};
