/** Obligations as policies write them: read, written, added up, compared. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addUp,
  compareObligations,
  NO_OBLIGATIONS,
  OBLIGATIONS,
  type ObligationCode,
  obligationTexts,
  obliges,
  readObligations,
  toldObligation,
} from "../../src/kernel/obligations.ts";

const read = (text: string) => readObligations(text).obligations;
const texts = (text: string) => obligationTexts(read(text)).join(" ");

/** A random list, as a policy would write it. */
const written = fc
  .subarray(Object.keys(OBLIGATIONS) as ObligationCode[])
  .chain((codes) =>
    fc.tuple(
      ...codes.map((code) => {
        const bounds = OBLIGATIONS[code];
        return bounds
          ? fc.integer({ min: 1, max: bounds.most }).map((amount) => `${code}(${amount}${bounds.unit})`)
          : fc.constant(code as string);
      }),
    ),
  )
  .map((words) => words.join(" "));

describe("the annotation", () => {
  it("is read in whatever order, and written in one", () => {
    expect(texts("WATERMARK REVIEW_WITHIN(72h)  NO_REDISCLOSURE DELETE_AFTER(30d)")).toBe(
      "NO_REDISCLOSURE WATERMARK DELETE_AFTER(30d) REVIEW_WITHIN(72h)",
    );
  });

  it("is the same object when it says the same", () => {
    expect(read("WATERMARK NO_EXPORT")).toBe(read("NO_EXPORT WATERMARK"));
  });

  it.each([
    ["", "no obligation is named"],
    ["NO_REDISCLOSER", "`NO_REDISCLOSER` is no obligation: they are NO_REDISCLOSURE, NO_EXPORT,"],
    ["WATERMARK WATERMARK", "`WATERMARK` is named twice"],
    ["WATERMARK(1d)", "`WATERMARK` takes no amount"],
    ["DELETE_AFTER", "`DELETE_AFTER` takes an amount from 1d to 3650d, as in `DELETE_AFTER(1d)`"],
    ["DELETE_AFTER(30)", "`DELETE_AFTER` takes an amount"],
    ["DELETE_AFTER(0d)", "`DELETE_AFTER` takes an amount"],
    ["DELETE_AFTER(3651d)", "`DELETE_AFTER` takes an amount"],
    ["DELETE_AFTER(1.5d)", "`DELETE_AFTER` takes an amount"],
    ["DELETE_AFTER(30h)", "`DELETE_AFTER` takes an amount"],
    ["REVIEW_WITHIN(72d)", "`REVIEW_WITHIN` takes an amount from 1h to 8760h"],
    ["NO_EXPORT,WATERMARK", "`NO_EXPORT,WATERMARK` is no obligation"],
    ["constructor", "`constructor` is no obligation"],
  ])("%j is refused", (text, problem) => {
    expect(readObligations(text).problems).toEqual([expect.stringContaining(problem)]);
  });
});

describe("what an answer tells", () => {
  const now = Date.parse("2026-12-31T23:59:59.999Z");
  it.each([
    ["NO_EXPORT", { code: "NO_EXPORT" }],
    ["DELETE_AFTER(1d)", { code: "DELETE_AFTER", date: "2027-01-01" }],
    ["DELETE_AFTER(60d)", { code: "DELETE_AFTER", date: "2027-03-01" }],
    ["REVIEW_WITHIN(72h)", { code: "REVIEW_WITHIN", hours: 72 }],
  ])("of %s", (text, told) => {
    expect(read(text).map((each) => toldObligation(each, now))).toEqual([told]);
  });
});

describe("added up", () => {
  it("is all of both, and the shorter of two amounts", () => {
    const sum = addUp(read("DELETE_AFTER(30d) WATERMARK"), read("NO_EXPORT DELETE_AFTER(7d)"));
    expect(obligationTexts(sum)).toEqual(["NO_EXPORT", "WATERMARK", "DELETE_AFTER(7d)"]);
  });

  it("holds what each of both holds, in whatever order, and nothing else; a list that adds nothing changes nothing", () => {
    fc.assert(
      fc.property(written, written, (one, other) => {
        const [some, more] = [one ? read(one) : NO_OBLIGATIONS, other ? read(other) : NO_OBLIGATIONS];
        const sum = addUp(some, more);
        expect(obligationTexts(sum)).toEqual(obligationTexts(addUp(more, some)));
        for (const each of [...some, ...more]) expect(obliges(sum, each)).toBe(true);
        for (const each of sum) expect([...some, ...more]).toContainEqual(each);
        expect(addUp(sum, some)).toBe(sum);
        expect(addUp(sum, more)).toBe(sum);
      }),
    );
  });
});

describe("compared", () => {
  it.each([
    ["WATERMARK", "WATERMARK", null],
    ["WATERMARK", "", "wider"],
    ["", "WATERMARK", "narrower"],
    ["DELETE_AFTER(7d)", "DELETE_AFTER(30d)", "wider"],
    ["DELETE_AFTER(30d)", "DELETE_AFTER(7d)", "narrower"],
    ["WATERMARK", "NO_EXPORT", "other"],
  ] as const)("%j before, %j after: %s", (before, after, kind) => {
    const list = (text: string) => (text ? read(text) : NO_OBLIGATIONS);
    expect(compareObligations(list(before), list(after))).toBe(kind);
  });
});
