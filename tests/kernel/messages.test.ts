import { describe, expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { localeOf, localise } from "../../src/kernel/messages.ts";

describe("the language of an answer", () => {
  it.each([
    [undefined, "en"],
    ["", "en"],
    ["ar", "ar"],
    ["ar-BH", "ar"],
    ["AR-bh;q=0.8", "ar"],
    ["en, ar", "en"],
    ["ar, en", "ar"],
    ["en;q=0.5, ar;q=0.9", "ar"],
    ["fr, ar;q=0.1", "ar"],
    ["ar;q=0", "en"],
    ["ar;q=x", "en"],
    ["*", "en"],
    [`${"ar,".repeat(1_000)}`, "ar"],
  ])("of %j is %s", (header, locale) => {
    expect(localeOf(header)).toBe(locale);
  });
});

describe("a message", () => {
  it("is the caller's own in English and from the table in Arabic", () => {
    const params = { limit: "depth", most: 10 };
    const error = new GatewayError("LIMIT_EXCEEDED", "the document exceeds the limit of 10 for `depth`", {
      params,
    });
    expect(localise(error, "en")).toBe(error.message);
    expect(localise(error, "ar")).toBe("المستند يتجاوز الحد 10 لـ `depth`");
  });

  it.each(["en", "ar"] as const)("never repeats an agency or the gateway in %s", (locale) => {
    const agency = new GatewayError("AGENCY_BAD_REPLY", "cnr-secret", {
      agency: "IGA",
      cause: new Error("cnr-cause"),
    });
    const own = new GatewayError("INTERNAL_SERVER_ERROR", "cnr-secret");
    expect(localise(agency, locale)).toContain("IGA");
    expect(localise(agency, locale) + localise(own, locale)).not.toContain("cnr-");
  });

  it("keeps the place of what it was not told", () => {
    expect(localise(new GatewayError("LIMIT_EXCEEDED", "x"), "ar")).toContain("…");
  });

  it("does not take names of the prototype for values", () => {
    const odd = {
      code: "LIMIT_EXCEEDED" as const,
      message: "x",
      detail: { params: { limit: "a", most: 1 } },
    };
    expect(localise(odd, "ar")).not.toContain("function");
  });
});
