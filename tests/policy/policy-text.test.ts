/** Policy text is cut into policies and bounded before Cedar sees it, and its offsets count characters. */
import { describe, expect, it } from "vitest";
import { charOffset, lineAndColumn, splitPolicies } from "../../src/policy/policy-text.ts";

const permit = (body: string) => `permit (principal, action, resource) when { ${body} };`;
const problemsOf = (text: string) => splitPolicies(text).problems.map(({ message }) => message);

describe("bounds: the last that is taken, the first that is not", () => {
  it.each([
    ["brackets", 59, (n: number) => `${"(".repeat(n)}true${")".repeat(n)}`, "nested more than 60 deep"],
    ["sets", 59, (n: number) => `${"[".repeat(n)}1${"]".repeat(n)}.isEmpty()`, "nested more than 60 deep"],
    ["records", 59, (n: number) => `${"{a:".repeat(n)}1${"}".repeat(n)} has a`, "nested more than 60 deep"],
    ["negations", 60, (n: number) => `${"!".repeat(n)}true`, "60 prefix operators"],
    ["`||`", 249, (n: number) => `true${" || true".repeat(n)}`, "250 operators that nest"],
    ["`+`", 249, (n: number) => `1${" + 1".repeat(n)} == 1`, "250 operators that nest"],
    ["`if`", 249, (n: number) => `${"if true then true else ".repeat(n)}true`, "250 operators that nest"],
    [
      "`when`",
      249,
      (n: number) => `true }${" when { true }".repeat(n - 1)} unless { true`,
      "250 operators that nest",
    ],
    ["attributes", 500, (n: number) => `principal${".a".repeat(n)}`, "500 `.`"],
    ["members", 998, (n: number) => `[1${", 1".repeat(n)}].isEmpty()`, "1000 `,`"],
  ])("%s", (_, most, body, message) => {
    expect(problemsOf(permit(body(most)))).toEqual([]);
    expect(problemsOf(permit(body(most + 1)))).toEqual([expect.stringContaining(message)]);
  });

  it("a bound holds for each policy by itself", () => {
    const { policies, problems } = splitPolicies(permit(`true${" || true".repeat(240)}`).repeat(3));
    expect([policies.length, problems.length]).toEqual([3, 0]);
  });

  it("files and policies", () => {
    expect(problemsOf(permit(`"${"ق".repeat(128 * 1024)}" == ""`))).toEqual([
      expect.stringContaining("larger than"),
    ]);
    expect(problemsOf(permit(`"${"a".repeat(64 * 1024)}" == ""`))).toEqual([
      expect.stringContaining("longer than"),
    ]);
  });

  it("nothing hides from them behind a comment that ends at a carriage return, or in a string that does not", () => {
    const deep = "(".repeat(61);
    expect(problemsOf(permit(`// x\r${deep}`))).toEqual([expect.stringContaining("nested")]);
    expect(problemsOf(permit(`"\\" // " == ${deep}`))).toEqual([expect.stringContaining("nested")]);
    expect(problemsOf(permit(`"${deep}" == "a" // ${deep}\n`))).toEqual([]);
  });
});

describe("slots", () => {
  it("make a template, at their offsets, and not in comments or text", () => {
    const text =
      '@title("?principal") /* no comment */ // ?resource\npermit (principal == ?principal, action, resource in ?resource);';
    const { slots } = splitPolicies(text).policies[0]!;
    expect(slots.map(({ name }) => name)).toEqual(["?principal", "?resource"]);
    for (const { name, offset } of slots) expect(text.startsWith(name, offset)).toBe(true);
  });

  it("are none in a policy", () => {
    expect(splitPolicies(permit("true")).policies[0]?.slots).toEqual([]);
  });
});

it("turns bytes into characters: Arabic has two a letter, an emoji four in two units", () => {
  const text = '// سياسة\npermit (principal, action, resource) when { "قضية😀" == 1 };';
  const fault = text.indexOf("1 }");
  const byte = Buffer.byteLength(text.slice(0, fault));
  expect(byte).toBeGreaterThan(fault);
  expect(charOffset(text, byte)).toBe(fault);
  expect(lineAndColumn(text, fault)).toEqual({ line: 2, column: 56 });
});
