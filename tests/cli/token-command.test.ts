/** `ihala token`: a token of the sandbox that runs there. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DataDirectory } from "../../src/config/data-directory.ts";
import { openDataDirectory } from "../../src/config/data-directory.ts";
import { configFile, ihala } from "./run-command.ts";

describe("ihala token", () => {
  let data: DataDirectory;
  let config: string;
  beforeAll(async () => {
    data = await openDataDirectory(await mkdtemp(join(tmpdir(), "ihala-token-")), "sandbox");
    await writeFile(data.file("world.json"), '{"seed":20250730,"scale":"tiny"}');
    config = await configFile(`data: ${data.path}`);
  });
  afterAll(() => data.release());
  const token = (...args: string[]) => ihala(["--config", config, "token", ...args]);

  it("prints one token and nothing else, while the sandbox holds its directory", async () => {
    const { status, out, err } = await token("--role", "NGO.caseworker");
    expect([status, err]).toEqual([0, ""]);
    expect(out).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(decodeProtectedHeader(out.trim())).toMatchObject({ typ: "at+jwt", alg: "ES256" });
    expect(decodeJwt(out.trim())).toMatchObject({
      client_id: "bh-ngo-mwps-assist",
      roles: ["NGO.caseworker"],
      sub: expect.stringMatching(/^ngo-mwps-caseworker-/),
      acr: "AAL2",
    });
  });

  it.each([
    ["EXT.consul", "in-ext-emb-consular"],
    ["EXT.foreignNrm", "jo-ext-ncht-nrm"],
    ["EXT.intlObserver", "un-ext-unodc-stats"],
    ["PPO.securityOfficer", "bh-jud-ppo-tip"],
  ])("speaks for %s at %s unless a member is named", async (role, client) => {
    expect(decodeJwt((await token("--role", role)).out.trim())["client_id"]).toBe(client);
  });

  it("takes a member, a member of staff, a data subject", async () => {
    const aman = decodeJwt(
      (await token("--role", "NGO.caseworker", "--member", "BH/NGO/AMAN/shelter")).out.trim(),
    );
    expect(aman).toMatchObject({
      client_id: "bh-ngo-aman-shelter",
      sub: expect.stringMatching(/^ngo-aman-/),
    });
    const second = decodeJwt(
      (await token("--role", "EPC.caseWorker", "--staff", "epc-caseWorker-2")).out.trim(),
    );
    expect(second.sub).toBe("epc-caseWorker-2");
    const subject = decodeJwt((await token("--role", "dataSubject", "--subject", "131300001")).out.trim());
    expect(subject).toMatchObject({ client_id: "national-portal", roles: ["dataSubject"], sub: "131300001" });
  });

  it("picks somebody who holds certificates, which are no claim", async () => {
    const { status, out } = await token(
      "--role",
      "EPC.screener",
      "--certificates",
      "SCREENING_L1, INTERVIEW_CHILD",
    );
    expect(status).toBe(0);
    expect(Object.keys(decodeJwt(out.trim())).toSorted()).toEqual([
      ...["acr", "aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "roles", "sub"],
    ]);
  });

  it.each([
    [["--role", "NGO.casewroker"], /did you mean `NGO\.caseworker`/],
    [["--role", "NGO.caseworker", "--member", "BH/NGO/MWPS/asist"], /did you mean `BH\/NGO\/MWPS\/assist`/],
    [["--role", "NGO.caseworker", "--member", "BH/JUD/PPO/tip"], /no member of NGO/],
    [
      ["--role", "NGO.caseworker", "--staff", "epc-caseWorker-1"],
      /those who have it are ngo-mwps-caseworker-1/,
    ],
    [["--role", "NGO.caseworker", "--certificates", "SCRENING_L1"], /did you mean `SCREENING_L1`/],
    [["--role", "NGO.caseworker", "--staff", "a", "--certificates", "SCREENING_L1"], /leave `--staff` out/],
    [["--role", "dataSubject"], /needs `--subject`/],
    [["--role", "dataSubject", "--subject", "1", "--staff", "a"], /`--subject` alone/],
    [["--role", "NGO.caseworker", "--subject", "1"], /is for the role `dataSubject`/],
  ])("refuses %j and says what there is", async (args, complaint) => {
    const { status, out, err } = await token(...args);
    expect([status, out]).toEqual([1, ""]);
    expect(err).toMatch(complaint);
    expect(err).toContain("[BAD_USER_INPUT]");
  });

  it("needs a sandbox that was started there", async () => {
    const elsewhere = await configFile(`data: ${await mkdtemp(join(tmpdir(), "ihala-none-"))}`);
    const { status, err } = await ihala(["--config", elsewhere, "token", "--role", "NGO.caseworker"]);
    expect(status).toBe(1);
    expect(err).toContain("npm start");
  });
});
