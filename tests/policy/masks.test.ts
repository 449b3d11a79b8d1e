/** What masks leave for a reader, and which forms fields have: no field of a transformed group is shown by oversight. */
import { describe, expect, it } from "vitest";
import { levelsOf } from "../../src/policy/levels.ts";
import { maskedForms } from "../../src/policy/masked-forms.ts";
import { applyMask, maskEnvironment } from "../../src/policy/masks.ts";
import { DOMAIN as domain } from "./shipped.ts";

const KEY = new Uint8Array(32).fill(7);
const NOW = Date.parse("2026-05-20T12:00:00Z");

it("gives one member one pseudonym for a value, and another member another", () => {
  const ours = maskEnvironment(KEY, "BH/GOV/NCCTIP/committee", NOW);
  const theirs = maskEnvironment(KEY, "BH/GOV/RTC/training", NOW);
  expect(ours.pseudonym("NRM-2025-000123-K")).toMatch(/^[\w-]{14}$/);
  expect(ours.pseudonym("NRM-2025-000123-K")).toBe(ours.pseudonym("NRM-2025-000123-K"));
  expect(ours.pseudonym("NRM-2025-000123-K")).not.toBe(theirs.pseudonym("NRM-2025-000123-K"));
  expect(ours.pseudonym("NRM-2025-000123-K")).not.toBe(ours.pseudonym("NRM-2025-000124-K"));
});

it("applies the form that an outcome names, at the reader's instant", () => {
  const environment = maskEnvironment(KEY, "BH/GOV/RTC/training", NOW);
  expect(applyMask("transform:year", "1990-05-17", environment)).toBe("1990");
  expect(applyMask("transform:ageBand", "1990-05-17", environment)).toBe("AGE_30_38");
  expect(applyMask("transform:unheardOf", "secret", environment)).toBeNull();
});

const formsOf = (coordinate: string) =>
  (domain.fields.get(coordinate)?.forms ?? []).map(({ name, mask, inGroup }) =>
    [name, mask, ...(inGroup ? [] : ["alone"])].join(" "),
  );

describe("the masked forms of a field", () => {
  it.each([
    ["Person.birthDate", ["year transform:year", "ageBand transform:ageBand"]],
    ["Person.cpr", ["lastDigits transform:lastDigits"]],
    ["Passport.country", ["masked keep"]],
    ["Worker.id", ["masked keep"]],
    ["Worker.sector", []],
    ["Person.residence", ["validUntil transform:validUntil"]],
    ["Person.protectionHold", []],
    ["Screening.outcome", ["LABOUR_VIOLATION_ONLY transform:LABOUR_VIOLATION_ONLY"]],
    ["Consent.status", ["masked rows"]],
    ["Programme.title", ["masked rows"]],
    ["Case.id", ["masked keep"]],
    ["Case.nrmNumber", ["pseudonym transform:pseudonym"]],
    ["Case.openedAt", ["month transform:month"]],
    ["Case.caseWorker", ["nothing transform:nothing"]],
    ["Verdict.outcome", ["masked keep"]],
    ["Verdict.defendant", ["nothing transform:nothing"]],
    ["Employer.finalConvictions", ["masked keep alone", "nothing transform:nothing"]],
    ["Person.nameAr", []],
  ])("of %s are %j", (coordinate, forms) => {
    expect(formsOf(coordinate)).toEqual(forms);
  });

  it("are asked in their declared order, between clear and the tables", () => {
    expect(
      levelsOf(domain.fields.get("Person.birthDate")!).map(({ name, action }) => [name, action]),
    ).toEqual([
      ["clear", "Person.birthDate"],
      ["year", "Person.birthDate:year"],
      ["ageBand", "Person.birthDate:ageBand"],
      ["aggregate", "IDENTITY_CORE:aggregate"],
      ["exists", "IDENTITY_CORE:exists"],
    ]);
  });

  it("leave nothing of these fields of transformed groups; a new one is added here or declared, on purpose", () => {
    const withheld = [...domain.fields.values()].flatMap(({ coordinate, forms }) =>
      forms.some(({ mask, inGroup }) => inGroup && mask === "transform:nothing") ? [coordinate] : [],
    );
    expect(withheld.sort()).toMatchInlineSnapshot(`
      [
        "Case.caseWorker",
        "Case.closureReason",
        "Case.owner",
        "Case.riskLevel",
        "Case.trackVersions",
        "CaseEvent.by",
        "CaseEvent.group",
        "CaseEvent.version",
        "Employer.finalConvictions",
        "Person.deportationOrder",
        "Report.immediateDanger",
        "Verdict.defendant",
      ]
    `);
  });

  it("of a field that is added to a transformed group are nothing, until one is declared", () => {
    const added = { coordinate: "Case.secretName", field: "secretName", group: "CASE_HEADER" };
    expect(maskedForms(added, domain.masks, [])).toEqual([
      { name: "nothing", mask: "transform:nothing", inGroup: true },
    ]);
    expect(maskedForms(added, domain.masks, ["month"])).toEqual([
      { name: "month", mask: "transform:month", inGroup: true },
    ]);
  });
});
