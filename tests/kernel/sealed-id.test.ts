import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MemberAddress, SealedId, Uid } from "../../src/kernel/brands.ts";
import { openId, sealId } from "../../src/kernel/sealed-id.ts";

const keys = { current: randomBytes(32) };
const mwps = "BH/NGO/MWPS/assist" as MemberAddress;
const aman = "BH/NGO/AMAN/shelter" as MemberAddress;

const typeName = fc.stringMatching(/^[_A-Za-z][_0-9A-Za-z]{0,30}$/);
const uid = fc.string({ minLength: 1, maxLength: 200, unit: "grapheme" }).map((text) => text as Uid);

describe("sealed ids", () => {
  it("open for the member they were sealed for, to type and uid", () => {
    fc.assert(
      fc.property(typeName, uid, (type, own) => {
        expect(openId(keys, mwps, sealId(keys, mwps, type, own))).toEqual({ type, uid: own });
      }),
    );
  });

  it("are the same every time for one member and never the same for two", () => {
    fc.assert(
      fc.property(typeName, uid, (type, own) => {
        const again = { current: Uint8Array.from(keys.current) };
        expect(sealId(keys, mwps, type, own)).toBe(sealId(again, mwps, type, own));
        expect(sealId(keys, mwps, type, own)).not.toBe(sealId(keys, aman, type, own));
      }),
    );
  });

  it("do not open for another member", () => {
    const sealed = sealId(keys, mwps, "Case", "4c1f" as Uid);
    expect(openId(keys, aman, sealed)).toBeNull();
  });

  it("do not open once any character is changed, added or removed", () => {
    const sealed = sealId(keys, mwps, "Case", "0f8e1b54-6e2a-4b1e-9a50-8f2f6d1f7a11" as Uid);
    fc.assert(
      fc.property(fc.nat(sealed.length), fc.string({ maxLength: 3, unit: "binary" }), (at, text) => {
        const edited = sealed.slice(0, at) + text + sealed.slice(at + 1);
        if (edited !== sealed) expect(openId(keys, mwps, edited)).toBeNull();
      }),
    );
  });

  it("have one spelling: padding, line ends and spare bits are refused", () => {
    const sealed = sealId(keys, mwps, "Case", "4c1f" as Uid);
    const spare = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"];
    const variants = spare.map((last) => sealed.slice(0, -1) + last).filter((text) => text !== sealed);
    for (const text of [`${sealed}=`, `${sealed}\n`, ` ${sealed}`, ...variants]) {
      expect(openId(keys, mwps, text)).toBeNull();
    }
  });

  it.each([
    ["nothing", ""],
    ["plain words", "Case|1"],
    ["a megabyte", "A".repeat(1_000_000)],
    ["a prototype name", "__proto__"],
    ["not even text", 7 as unknown as string],
  ])("answer null to %s", (_, text) => {
    expect(openId(keys, mwps, text)).toBeNull();
  });

  it("stay readable after a rotation, and are sealed anew with the new key", () => {
    const old = sealId(keys, mwps, "Case", "4c1f" as Uid);
    const rotated = { current: randomBytes(32), previous: keys.current };
    expect(openId(rotated, mwps, old)).toEqual({ type: "Case", uid: "4c1f" });
    expect(sealId(rotated, mwps, "Case", "4c1f" as Uid)).not.toBe(old);
    expect(openId({ current: rotated.current }, mwps, old as SealedId)).toBeNull();
  });

  it("refuse a short root key and an endless uid when they are made", () => {
    expect(() => sealId({ current: randomBytes(16) }, mwps, "Case", "1" as Uid)).toThrow(RangeError);
    expect(() => sealId(keys, mwps, "Case", "x".repeat(513) as Uid)).toThrow(RangeError);
  });
});
