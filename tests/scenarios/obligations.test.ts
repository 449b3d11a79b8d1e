/**
 * What readers owe, end to end: told by field group beside what is shown, in whole answers and in pieces, kept in the record of each
 * subject, and never told of what is not shown. Over HTTP, against the running deployment.
 */
import { describe, expect, it } from "vitest";
import {
  ask,
  DAY,
  idOf,
  officer,
  open,
  read,
  scene,
  society,
  uidOf,
  withDeployment,
} from "../support/emergencies.ts";
import { bodiesOf, type Payload } from "../support/pieces.ts";

withDeployment();

const care = { ...society, purpose: "SHELTER_CARE", staff: "ngo-mwps-caseworker-1" };
const inspector = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION", staff: "lmra-inspector-1" };

type Told = Readonly<Record<string, readonly { readonly code: string; readonly date?: string }[]>>;
const owedIn = ({ text }: { readonly text: string }): Told | undefined =>
  JSON.parse(text).extensions?.obligations;
const codesIn = (told: Told | undefined) =>
  Object.fromEntries(
    Object.entries(told ?? {}).map(([group, owed]) => [group, owed.map(({ code }) => code)]),
  );

const inDays = (days: number): string => new Date(scene.now + days * DAY).toISOString().slice(0, 10);

describe("an answer", () => {
  it("tells what is owed of each group that it shows, and of no other", async () => {
    const reply = await read(care, "ngoGiven");
    expect(reply.case).toMatchObject({ supportPlans: [expect.anything()], screening: null });
    expect(owedIn(reply)).toEqual({
      IDENTITY_CORE: [{ code: "NO_REDISCLOSURE" }, { code: "DELETE_AFTER", date: inDays(30) }],
      SERVICES_PLAN: [
        { code: "NO_REDISCLOSURE" },
        { code: "WATERMARK" },
        { code: "DELETE_AFTER", date: inDays(30) },
      ],
    });
  });

  it("adds up what a referral and break-glass oblige to, of what break-glass alone shows too", async () => {
    await open(society, "ngoOther");
    const owed = owedIn(await read(society, "ngoOther"));
    const all = [
      "NO_REDISCLOSURE",
      "NO_EXPORT",
      "WATERMARK",
      "DELETE_AFTER",
      "TELL_SUBJECT",
      "TELL_OWNER",
      "REVIEW_WITHIN",
    ];
    expect(codesIn(owed)).toMatchObject({ CASE_HEADER: all, IDENTITY_CORE: all, SERVICES_PLAN: all });
    expect(owed?.["SERVICES_PLAN"]).toContainEqual({ code: "DELETE_AFTER", date: inDays(7) });
    expect(owed?.["SERVICES_PLAN"]).toContainEqual({ code: "REVIEW_WITHIN", hours: 72 });

    await open(officer, "policeReferred");
    const police = codesIn(owedIn(await read(officer, "policeReferred", "id nrmNumber")));
    expect(police).toEqual({ CASE_HEADER: all });
  });

  it("of a register that the reader keeps tells nothing, of another's what is owed for it", async () => {
    const { permitNo } = scene.on.cast.workers.disputed;
    const question = (selection: string) =>
      `query($n: String!) { worker(workPermitNo: $n) { ${selection} } }`;
    const asked = (selection: string) => ask(inspector, question(selection), { n: permitNo });
    const own = await asked("unpaidMonths");
    expect(JSON.parse(own.text)).toEqual({ data: { worker: { unpaidMonths: expect.any(Number) } } });
    expect(codesIn(owedIn(await asked("unpaidMonths person { nameLatin { full } }")))).toEqual({
      IDENTITY_CORE: ["NO_REDISCLOSURE"],
    });
  });

  it("tells nothing of what is hidden or withheld: the answer is that for a case that is not there", async () => {
    const question = "query($id: ID!) { case(id: $id) { nrmNumber supportPlans { type } } }";
    const about = (uid: string) =>
      ask({ ...care, issue: { uid } }, question, { id: scene.on.idFor(care, "Case", uid) });
    const hidden = await about(uidOf("ngoOther"));
    const absent = await about("no such case");
    expect(hidden.text).toBe('{"data":{"case":null}}');
    expect(absent.text).toBe(hidden.text);
    const refused = await read(care, "ngoRefused", "supportPlans { type }");
    expect(refused.case).toEqual({ supportPlans: null });
    expect(Object.keys(owedIn(refused) ?? {})).not.toContain("SERVICES_PLAN");
  });
});

/** By the clock of the scene. */
const tokenNow = (): Promise<string> => {
  const seconds = Math.floor(scene.now / 1_000);
  const { role, member, staff } = care;
  return scene.on.mint({ role, member: member ?? "", staff, claims: { iat: seconds, exp: seconds + 600 } });
};

it("is told with each piece of what that piece shows", async () => {
  const id = idOf(care, "ngoGiven");
  const headers: Record<string, string> = {
    authorization: `Bearer ${await tokenNow()}`,
    "x-purpose": care.purpose,
    "x-issue": id,
  };
  const query =
    "query($id: ID!) { case(id: $id) { victim { person { nameLatin { full } } } ... @defer { supportPlans { type } } } }";
  const asking = { query, variables: { id }, headers: { get: (name: string) => headers[name] } };
  const told: Payload["extensions"][] = [];
  for await (const text of bodiesOf(scene.on.assembled.gateway, asking))
    told.push(JSON.parse(text).extensions);
  expect(
    told.map((extensions) => Object.keys((extensions as { obligations?: Told })?.obligations ?? {})),
  ).toEqual([["IDENTITY_CORE"], ["SERVICES_PLAN"]]);
});

it("stands in the record of each subject, under its key, and in no header", async () => {
  await read(care, "ngoGiven", "nrmNumber stage supportPlans { type }");
  const record = (await scene.on.records()).at(-1);
  expect(record?.subjects).toEqual([
    {
      ...{ type: "Case", uid: uidOf("ngoGiven") },
      groups: [
        {
          ...{ group: "SERVICES_PLAN", level: "clear" },
          obligations: ["NO_REDISCLOSURE", "WATERMARK", "DELETE_AFTER(30d)"],
        },
      ],
    },
  ]);
  const { subjects: _, ...header } = record!;
  expect(JSON.stringify(header)).not.toMatch(/NO_REDISCLOSURE|SERVICES_PLAN/);
});
