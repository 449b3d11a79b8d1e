/** What each masked form leaves: what it says and no more, and on which types it may stand. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FILE_SCALAR } from "../../src/kernel/file-scalar.ts";
import {
  formProblem,
  leaveForm,
  MASK_FORMS,
  type MaskableType,
  PRESENT,
} from "../../src/kernel/mask-forms.ts";

const NOW = Date.parse("2026-05-20T12:00:00Z");
const environment = { now: NOW, pseudonym: (value: string) => `p${value.length}` };
const leave = (form: string, value: unknown) => leaveForm(form, value, environment);

const PLACE = { __typename: "Place", kind: "FARM", country: "BHR", area: "Sitra", employer: { name: "E" } };

describe("a form", () => {
  it.each<[string, unknown, unknown]>([
    ["year", "1990-05-17", "1990"],
    ["year", "2025-07-30T08:00:00Z", "2025"],
    ["year", "2026-03", "2026"],
    ["year", "17.05.1990", null],
    ["year", "1990", null],
    ["year", 1990, null],
    ["month", "2025-07-30T08:00:00.123Z", "2025-07"],
    ["month", "2025-07-30", "2025-07"],
    ["month", "2025-07", null],
    ["month", "2025-07-30 and a name", null],
    ["ageBand", "2018-01-01", "AGE_0_17"],
    ["ageBand", "2008-05-21", "AGE_0_17"],
    ["ageBand", "2008-05-20", "AGE_18_20"],
    ["ageBand", "1978-05-21", "AGE_39_47"],
    ["ageBand", "1978-05-20", "AGE_48_PLUS"],
    ["ageBand", "2026-05-21", null],
    ["ageBand", "1990-02-31", null],
    ["ageBand", "1990", null],
    ["lastDigits", "850112345", "345"],
    ["lastDigits", "+97336001234", "234"],
    ["lastDigits", "N12345", "345"],
    ["lastDigits", "12345", null],
    ["lastDigits", "A12345B", null],
    ["lastDigits", 850112345, null],
    ["country", "BH/NGO/MWPS/assist", "BH"],
    ["country", "Bahrain", null],
    ["country", PLACE, { ...PLACE, kind: null, area: null, employer: null }],
    ["region", PLACE, { ...PLACE, kind: null, employer: null }],
    ["region", "Sitra", null],
    ["pseudonym", "NRM-2025-000123-K", "p17"],
    ["pseudonym", ["ab", 1], ["p2"]],
    ["pseudonym", "", null],
    ["presence", "anything", PRESENT],
    ["presence", "", null],
    ["presence", PLACE, { __typename: "Place", kind: null, country: null, area: null, employer: null }],
    ["presence", ["a", "b", "c"], [PRESENT]],
    ["presence", [], []],
    ["presence", 7, null],
    ["nothing", "anything", null],
    ["nothing", ["anything"], null],
    ["nothing", [], null],
    [
      "validUntil",
      { __typename: "Residence", number: "R1", validUntil: "2026-01-31" },
      { __typename: "Residence", number: null, validUntil: "2026-01-31" },
    ],
    ["validUntil", "R1", null],
    ["ONE_CODE", "ONE_CODE", "ONE_CODE"],
    ["ONE_CODE", "ANOTHER", null],
    ["ONE_CODE", ["ONE_CODE", "ANOTHER"], ["ONE_CODE"]],
  ])("%s of %j leaves %j", (form, value, left) => {
    expect(leave(form, value)).toEqual(left);
  });

  it.each([...MASK_FORMS.keys(), "part"])("%s of no value is none", (form) => {
    expect([leave(form, null), leave(form, undefined)]).toEqual([null, null]);
  });
});

/** Of whatever is given, the most that a form may let through. */
const ALLOWED: Readonly<Record<string, RegExp>> = {
  year: /^\d{4}$/,
  month: /^\d{4}-\d\d$/,
  ageBand: /^AGE_(0_17|18_20|21_23|24_26|27_29|30_38|39_47|48_PLUS)$/,
  lastDigits: /^\d{3}$/,
  country: /^[A-Z]{2}$/,
  region: /^(?!)/,
  pseudonym: /^p\d+$/,
  presence: /^\*{3}$/,
  nothing: /^(?!)/,
};

const CANARY = "canary";
const day = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const anyText = fc.oneof(
  fc.string(),
  day,
  day.map((text) => text.slice(0, 10)),
  fc.stringMatching(/^[A-Z]{0,3}\d{0,12}$/),
  fc.stringMatching(/^[A-Z]{2}\/[A-Z]{2,5}\/[a-z]{1,8}$/),
);
const anyValue = fc.oneof(
  anyText,
  fc.integer(),
  fc.boolean(),
  fc.record({ given: fc.constant(CANARY), number: anyText }),
  fc.array(anyText, { maxLength: 4 }),
  fc.array(fc.record({ given: fc.constant(CANARY) }), { maxLength: 3 }),
);

describe("whatever the value", () => {
  it.each(Object.keys(ALLOWED))("%s leaves what it says or nothing", (form) => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const left = leave(form, value);
        for (const item of Array.isArray(left) ? left : [left]) {
          if (item === null) continue;
          if (typeof item === "object")
            expect(Object.values(item)).toEqual(Object.keys(item).map(() => null));
          else expect(item).toMatch(ALLOWED[form]!);
        }
      }),
    );
  });

  it("knows every form of the registry", () => {
    expect(Object.keys(ALLOWED)).toEqual([...MASK_FORMS.keys()]);
  });

  it("leaves a child's age in one band", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 17 }), fc.integer({ min: 1, max: 28 }), (age, dayOfMay) => {
        const years = 2026 - age - (dayOfMay > 20 ? 1 : 0);
        expect(leave("ageBand", `${years}-05-${String(dayOfMay).padStart(2, "0")}`)).toBe("AGE_0_17");
      }),
    );
  });

  it("leaves of a list of presence one item, however many there are", () => {
    fc.assert(
      fc.property(fc.array(fc.constant(CANARY), { minLength: 1, maxLength: 50 }), (items) => {
        expect(leave("presence", items)).toEqual([PRESENT]);
      }),
    );
  });
});

const scalar = (name: string): MaskableType => ({ name, kind: "scalar", members: [] });
const part = (name: string, isNullable = true) => ({ name, isNullable });
const codes: MaskableType = { name: "Outcome", kind: "codes", members: [part("VICTIM"), part("NONE")] };
const value = (name: string, ...members: MaskableType["members"]): MaskableType => ({
  name,
  kind: "value",
  members,
});
const place = value("Place", part("kind"), part("country"), part("area"));
const record: MaskableType = { ...place, name: "Screening", kind: "other" };

describe("a form may stand", () => {
  it.each<[string, MaskableType]>([
    ["year", scalar("Date")],
    ["year", scalar("YearMonth")],
    ["month", scalar("DateTime")],
    ["ageBand", scalar("Date")],
    ["lastDigits", scalar("PersonalNumber")],
    ["country", scalar("AgencyAddress")],
    ["country", place],
    ["region", place],
    ["region", value("Address", part("area"))],
    ["pseudonym", scalar("String")],
    ["presence", scalar("Date")],
    ["presence", place],
    ["NONE", codes],
    ["kind", place],
  ])("%s on %j", (form, type) => {
    expect(formProblem(form, type)).toBeNull();
  });

  it.each<[string, MaskableType, string]>([
    ["yeer", scalar("Date"), "it is no form and no member of `Date`"],
    ["nothing", scalar("String"), "it is no form and no member of `String`"],
    ["year", scalar("String"), "`year` stands on `Date`, `DateTime`, `YearMonth`"],
    ["ageBand", scalar("DateTime"), "`ageBand` stands on"],
    ["month", place, "`month` stands on"],
    ["lastDigits", scalar("Int"), "`lastDigits` stands on"],
    ["lastDigits", scalar("Date"), "`lastDigits` stands on"],
    ["pseudonym", scalar("ID"), "`pseudonym` stands on"],
    ["presence", scalar("Boolean"), "`presence` stands on"],
    ["presence", record, "`presence` stands on"],
    ["presence", value("PersonName", part("full", false)), "`presence` stands on"],
    ["country", value("Report", part("country", true), part("text", false)), "`country` stands on"],
    ["region", record, "`region` stands on"],
    ["VICTIMS", codes, "it is no form and no member of `Outcome`"],
    ["given", value("PersonName", part("given"), part("full", false)), "every other part of `PersonName`"],
    ["kind", record, "every other part of"],
    ["presence", scalar(FILE_SCALAR), "a file is given whole or not at all"],
  ])("but not %s on %j", (form, type, problem) => {
    expect(formProblem(form, type)).toContain(problem);
  });
});
