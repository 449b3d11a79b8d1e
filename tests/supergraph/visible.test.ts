import { describe, expect, it } from "vitest";
import { plainSupergraph } from "../../src/supergraph/plain-supergraph.ts";
import { problemsOf } from "../support/errors.ts";
import { joinSdl } from "./join-sdl.ts";

const type = (text: string) => joinSdl({ more: text.replaceAll("@type", "@join__type(graph: A)") });
const isHidden = (name: string, sdl: string) => plainSupergraph(sdl).publicSchema.getType(name) === undefined;

describe("what readers may name", () => {
  it("lacks a type that only an extension hides", () => {
    const sdl = type("type Safe @type { code: String } extend type Safe @inaccessible");
    expect(isHidden("Safe", sdl)).toBe(true);
    expect(isHidden("Safe", sdl.replace("extend type Safe @inaccessible", ""))).toBe(false);
  });

  it("lacks a root that is hidden", () => {
    const mutation = (hide: string) =>
      type(`type Change @type ${hide} { a: Int }`).replace(
        "{ query: Query }",
        "{ query: Query mutation: Change }",
      );
    expect(plainSupergraph(mutation("@inaccessible")).publicSchema.getMutationType()).toBeUndefined();
    expect(plainSupergraph(mutation("")).publicSchema.getMutationType()?.name).toBe("Change");
  });

  it.each([
    [
      "a visible field of a hidden type",
      "type Safe @type @inaccessible { a: Int } type Room @type { safe: Safe }",
      /^supergraph\.graphql:\d+:\d+: `Room\.safe` is visible and its type `Safe` is hidden; hide both or neither/m,
    ],
    [
      "a visible argument of a hidden type",
      "enum Way @type @inaccessible { UP } type Room @type { safe(way: Way): Int }",
      /`Room\.safe\(way:\)` is visible and its type `Way` is hidden/,
    ],
    [
      "a hidden argument that must be given",
      "type Room @type { safe(code: String! @inaccessible): Int }",
      /`Room\.safe\(code:\)` is hidden and must be given/,
    ],
    [
      "a hidden input field that must be given",
      "input Code @type { a: Int b: Int! @inaccessible }",
      /`Code\.b` is hidden and must be given/,
    ],
    [
      "a default that is hidden",
      "enum Way @type { UP @inaccessible DOWN } type Room @type { safe(way: Way = UP): Int }",
      /`Room\.safe\(way:\)` is visible and its default is hidden/,
    ],
    [
      "nothing left in a type",
      "type Room @type { safe: Int @inaccessible }",
      /without what is hidden: Type Room must define one or more fields/,
    ],
    [
      "a policy input behind an interface that shows it",
      "interface Open @type { access: Boolean } type Room implements Open @type { access: Boolean @policyInput }",
      /without what is hidden: Interface field Open\.access expected but Room does not provide it/,
    ],
    [
      "a type that nobody defines",
      "type Room @type { safe: Safe }",
      /`Room\.safe`: its type `Safe` is defined nowhere/,
    ],
  ])("with %s is refused", (_, text, problem) => {
    expect(problemsOf(() => plainSupergraph(type(text)))).toMatch(problem);
  });

  it.each([
    [
      "a hidden field of a hidden type",
      "type Safe @type @inaccessible { a: Int } type Room @type { a: Int safe: Safe @inaccessible }",
    ],
    ["a hidden argument with a default", 'type Room @type { safe(code: String! = "0" @inaccessible): Int }'],
    [
      "a required argument of a hidden field",
      "type Room @type { a: Int safe(code: String! @inaccessible): Int @inaccessible }",
    ],
    [
      "a visible default beside a hidden one",
      "enum Way @type { UP @inaccessible DOWN } type Room @type { safe(way: Way = DOWN): Int }",
    ],
  ])("with %s is accepted", (_, text) => {
    expect(problemsOf(() => plainSupergraph(type(text)))).toBe("");
  });
});
