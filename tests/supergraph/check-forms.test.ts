/** Masked forms that a field cannot have are refused when the schema is read, all of them at once. */
import { expect, it } from "vitest";
import { describeSupergraphProblems } from "../../src/supergraph/load.ts";
import { schemaCopy } from "./schema-copy.ts";

const DECLARED = '"Person.birthDate": ["year", "ageBand"],';

async function problemsWith(entries: string): Promise<readonly string[]> {
  await using schema = await schemaCopy();
  await schema.replace("manifest.extra.json", DECLARED, entries);
  return (await describeSupergraphProblems(schema.dir)).map((problem) => problem.replace(/^.*?: (?=`)/, ""));
}

it("takes forms that fit", async () => {
  expect(
    await problemsWith(`${DECLARED} "Case.closureReason": ["GOALS_MET"], "Person.safeContact": ["channel"],`),
  ).toEqual([]);
});

it("refuses forms that do not fit the type of their field, and forms that nobody knows", async () => {
  expect(
    await problemsWith(
      `"Person.birthDate": ["yeer", "lastDigits", "month"], "Person.nameAr": ["presence", "given"],
       "VictimStatement.recordingRef": ["presence"], "Case.screening": ["presence"], "Person.gender": ["year", "FEMALES"],`,
    ),
  ).toEqual([
    "`Person.birthDate` cannot have the masked form `yeer`: it is no form and no member of `Date`; there are year, month, ageBand, lastDigits, country, region, pseudonym, presence",
    "`Person.birthDate` cannot have the masked form `lastDigits`: `lastDigits` stands on text and numbers written as text",
    "`Person.nameAr` cannot have the masked form `presence`: `presence` stands on text, dates, values with parts",
    "`Person.nameAr` cannot have the masked form `given`: every other part of `PersonName` must be nullable",
    "`VictimStatement.recordingRef` cannot have the masked form `presence`: a file is given whole or not at all",
    "`Case.screening` cannot have the masked form `presence`: `presence` stands on text, dates, values with parts",
    "`Person.gender` cannot have the masked form `year`: `year` stands on `Date`, `DateTime`, `YearMonth`",
    expect.stringMatching(
      /^`Person.gender` cannot have the masked form `FEMALES`: it is no form and no member of `Gender`/,
    ),
  ]);
});

it("refuses forms of what has no group, of rows, and one that stands twice", async () => {
  expect(
    await problemsWith(
      '"Person.birthDate": ["year", "ageBand", "year"], "Person.born": ["year"], "Passport.id": ["pseudonym"], "Consent.validUntil": ["month"],',
    ),
  ).toEqual([
    "`Person.birthDate` has the form `year` twice; keep the first",
    "`Person.born` has masked forms and is no field with a group; remove them",
    "`Passport.id` has masked forms and is no field with a group; remove them",
    "`Consent.validUntil` has masked forms, and `CONSENT` is masked by rows; remove them",
  ]);
});
