/**
 * A23: what the registers receive about a victim whom every agency knows is, byte for byte, what they receive about a
 * worker without a case, but for the key. And whoever asks, for whatever purpose, under whatever issue: they are told none of it.
 */
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addressOf } from "../../sandbox/synth/members.ts";
import { type Deployment, type Reader, startDeployment } from "../support/deployment.ts";

let on: Deployment;
beforeAll(async () => {
  on = await startDeployment();
});
afterAll(() => on?.close());

const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
const residence: Reader = { role: "NPRA.residenceOfficer", purpose: "STATUS_REGULARISATION" };
const REGISTERS = ["IGA", "NPRA"] as const;
const REGISTER_DATABASES = ["LMRA", "RTC", "NCC"] as const;

interface Heard {
  readonly agency: string;
  readonly text: string;
}

/** Times and what is signed over them differ between any two requests. */
function told(headers: Readonly<Record<string, string | string[] | undefined>>): object {
  const { authorization, "x-request-id": requestId, host: _host, ...rest } = headers;
  const token = String(authorization).replace("Bearer ", "");
  const { iat, exp, ...claims } = decodeJwt(token);
  expect(Number(exp) - Number(iat)).toBe(60);
  expect(requestId).toMatch(/^[0-9a-f]{32}$/);
  return { ...rest, header: decodeProtectedHeader(token), claims, length: token.length };
}

/** Everything that the registers receive while `act` runs, in their order. */
async function heard(act: () => Promise<unknown>): Promise<readonly Heard[]> {
  const before = on.statements.length;
  await on.watch(act);
  const overHttp = REGISTERS.flatMap((agency) =>
    on.agencies.rest[agency].journal.entries.map(({ method, path, headers, body }) => ({
      agency,
      text: JSON.stringify({ method, path, told: told(headers), body }),
    })),
  );
  const inSql = on.statements.slice(before).flatMap(({ member, statement }) => {
    const agency = REGISTER_DATABASES.find((code) => addressOf(code) === member);
    return agency ? [{ agency, text: JSON.stringify(statement) }] : [];
  });
  return [...overHttp, ...inSql];
}

type Keys = Deployment["cast"]["workers"]["plain"];
const keysOf = ({ cpr, residenceKey, passport, permitNo }: Keys): readonly string[] =>
  [cpr, residenceKey, passport, permitNo].filter((key) => key !== null);

/**
 * The same texts with the person's keys blanked, letter by letter, so that their length stays; her employer's number too, which
 * LMRA itself answered. Sorted: questions of one wave are noted as their answers end.
 */
function blanked(all: readonly Heard[], keys: Keys): readonly string[] {
  const blank = (text: string, key: string): string => text.replaceAll(key, "#".repeat(key.length));
  return all
    .map(
      ({ agency, text }) =>
        `${agency} ${keysOf(keys)
          .reduce(blank, text)
          .replace(/EMP-\d{7}/, "EMP-#######")}`,
    )
    .toSorted();
}

describe("a victim whom all agencies know, and a worker without a case", () => {
  const QUESTION = `person { nameLatin { full } gender cpr passports { number } mobilePhone protectionHold
    residence { status } caseParties { role } } `;

  it.each([
    [
      inspector,
      `query($n: String!) { worker(workPermitNo: $n) { ${QUESTION}
      employer { name } contract { wage { amount } } wagePayments { period } complaints { state } } }`,
    ],
  ])("read from the register by %o", async (reader, query) => {
    const about = (keys: Keys) => () => on.ask(reader, query, { n: keys.permitNo });
    const { victim } = on.cast.cases.overview;
    const worker = on.cast.workers.plain;
    await on.ask(reader, "{ agencies { code } }");
    const ofWorker = await heard(about(worker));
    const ofVictim = await heard(about(victim));
    expect(new Set(ofWorker.map(({ agency }) => agency))).toEqual(new Set(["IGA", "LMRA", "NPRA"]));
    expect(blanked(ofVictim, victim)).toEqual(blanked(ofWorker, worker));
  });

  it("read by id", async () => {
    const { victim } = on.cast.cases.overview;
    const about =
      ({ uid }: Keys) =>
      () =>
        on.ask(
          residence,
          `query($id: ID!) { person(id: $id) { nameLatin { full } passports { number } protectionHold } }`,
          {
            id: on.idFor(residence, "Person", uid),
          },
        );
    await on.ask(residence, "{ agencies { code } }");
    const ofWorker = await heard(about(on.cast.workers.plain));
    const ofVictim = await heard(about(victim));
    expect(ofWorker.length).toBeGreaterThan(0);
    expect(blanked(ofVictim, victim)).toEqual(blanked(ofWorker, on.cast.workers.plain));
  });
});

describe("whoever asks about the victim through the case", () => {
  const CASE = `query($id: ID!) { case(id: $id) { nrmNumber victim { person {
    nameLatin { full } gender cpr passports { number } mobilePhone residence { status }
    worker { workPermitNo employer { name } }
  } } fundGrants { amount { amount } } } }`;
  const READERS: readonly Reader[] = [
    { role: "EPC.caseWorker", purpose: "SHELTER_CARE" },
    { role: "PPO.prosecutor", purpose: "PROSECUTION" },
    { role: "MOI.investigator", purpose: "CRIMINAL_INVESTIGATION" },
    { role: "NGO.caseworker", purpose: "SHELTER_CARE" },
    { role: "CRT.judge", purpose: "ADJUDICATION" },
  ];

  it.each(READERS)(
    "$role: the registers hear of no case, no reader, no purpose, no issue",
    async (reader) => {
      const { uid, nrmNumber, victim, spine } = on.cast.cases.overview;
      const issue = on.idFor(reader, "Case", uid);
      const { staffId } = on.cast.firstWithWork(reader.role);
      const all = await heard(async () => {
        const reply = await on.ask({ ...reader, issue }, CASE, { id: issue });
        expect(reply.errors).toEqual([]);
      });
      expect(all.length).toBeGreaterThan(0);
      const secrets = [uid, nrmNumber, victim.uid, issue, staffId, reader.role, reader.purpose, spine.uid];
      for (const { agency, text } of all) {
        // Certificates are asked for by the staff identifier that the training centre knows.
        const told = agency === "RTC" ? secrets.filter((secret) => secret !== staffId) : secrets;
        for (const secret of told)
          expect({ agency, told: text.includes(secret) && secret }).toEqual({ agency, told: false });
      }
      for (const name of REGISTERS)
        for (const { headers } of on.agencies.rest[name].journal.entries) {
          const claims = decodeJwt(String(headers["authorization"]).replace("Bearer ", ""));
          expect(Object.keys(claims).toSorted()).toEqual(["aud", "exp", "iat", "iss", "purpose", "sub"]);
          expect(claims["purpose"]).toBe("NRM_LOOKUP");
        }
    },
  );

  it("and no agency gets the client's token, or another agency's key", async () => {
    const reader = READERS[1]!;
    const { uid, victim } = on.cast.cases.overview;
    const token = await on.token(reader);
    const issue = on.idFor(reader, "Case", uid);
    await on.watch(() =>
      on.ask({ ...reader, issue }, CASE, { id: issue }, { authorization: `Bearer ${token}` }),
    );
    const received = Object.entries({ ...on.agencies.rest, ...on.agencies.federation }).flatMap(
      ([name, { journal }]) => journal.entries.map((entry) => [name, JSON.stringify(entry)] as const),
    );
    expect(received.length).toBeGreaterThan(0);
    for (const [name, text] of received) {
      expect(text).not.toContain(token.split(".")[1]);
      expect(text).not.toContain(victim.uid);
      expect(text).not.toContain(uid);
      expect(text).not.toContain(victim.passport);
      // The personal number is the key of both registers, and of no other agency.
      if (name !== "IGA" && name !== "NPRA") expect(text).not.toContain(victim.cpr);
    }
  });
});
