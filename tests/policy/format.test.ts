/** `policy fmt`: one canonical form, which is a fixpoint; comments stay; what cannot be read is told and left alone. */
import { expect, it } from "vitest";
import { formatPolicies } from "../../src/policy/format.ts";
import { problemText } from "../../src/policy/problem.ts";

const MESSY = `// سبب القاعدة
@id("a")@title("ملف")   permit(principal,
action in[Action::"a",Action::"b"],resource) // لماذا
when{resource.x&&(resource.y||resource.z)}unless{resource.w};`;

const formatted = async (text: string) => (await formatPolicies([{ file: "a.cedar", text }]))[0]!;

it("brings text to its form, once and for all, and keeps comments", async () => {
  const once = (await formatted(MESSY)).formatted ?? "";
  expect(once).not.toBe(MESSY);
  expect(once).toContain("// سبب القاعدة");
  expect(once).toContain("// لماذا");
  expect(once).toContain('@title("ملف")\npermit (');
  expect((await formatted(once)).formatted).toBe(once);
});

it("formats other files beside one that it cannot read, and says where that one is wrong", async () => {
  const [bad, deep, good] = await formatPolicies([
    { file: "bad.cedar", text: '@title("ملف") permit (principal, action, resource) when { 1 == };' },
    { file: "deep.cedar", text: `permit (principal, action, resource) when { ${"(".repeat(200)} };` },
    { file: "good.cedar", text: MESSY },
  ]);
  expect(bad?.formatted).toBeNull();
  expect(bad?.problems.map(problemText)).toEqual([expect.stringMatching(/^bad\.cedar:1:64: /)]);
  expect(deep).toMatchObject({ formatted: null, problems: [{ message: expect.stringContaining("nested") }] });
  expect(good).toMatchObject({ problems: [], formatted: expect.stringContaining("permit (") });
});
