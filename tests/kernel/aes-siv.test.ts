/** Our AES-SIV is that of RFC 5297 and of the library, and opens nothing else. */
import { aessiv } from "@noble/ciphers/aes.js";
import fc from "fast-check";
import { expect, it } from "vitest";
import { aesSiv } from "../../src/kernel/aes-siv.ts";

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const text = fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength: 4_200 }));
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

it("gives what appendix A.1 of RFC 5297 gives", () => {
  const siv = aesSiv(
    Buffer.from("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "hex"),
    Buffer.from("101112131415161718191a1b1c1d1e1f2021222324252627", "hex"),
  );
  const plain = Buffer.from("112233445566778899aabbccddee", "hex");
  const sealed = "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c";
  expect(hex(siv.seal(plain))).toBe(sealed);
  expect(siv.open(Buffer.from(sealed, "hex"))).toEqual(plain);
});

it("seals as the library does, again and again, and opens what either sealed", () => {
  fc.assert(
    fc.property(key, text, fc.array(text, { maxLength: 4 }), (secret, datum, plains) => {
      const siv = aesSiv(secret, datum);
      for (const plain of plains) {
        const sealed = siv.seal(plain);
        // The library takes no empty text.
        if (plain.length > 0) expect(hex(sealed)).toBe(hex(aessiv(secret, datum).encrypt(plain)));
        expect(siv.open(sealed)).toEqual(Buffer.from(plain));
      }
    }),
    { numRuns: 300 },
  );
});

it("opens nothing that was edited, cut, or sealed with another key or datum", () => {
  fc.assert(
    fc.property(key, key, text, fc.nat(), fc.integer({ min: 1, max: 255 }), (one, other, plain, at, bits) => {
      const datum = Buffer.from("datum");
      const siv = aesSiv(one, datum);
      const sealed = siv.seal(plain);
      const edited = Buffer.from(sealed);
      edited[at % edited.length]! ^= bits;
      expect(siv.open(edited)).toBeNull();
      expect(siv.open(sealed.subarray(0, sealed.length - 1))).toBeNull();
      expect(aesSiv(one, Buffer.from("datun")).open(sealed)).toBeNull();
      if (hex(one) !== hex(other)) expect(aesSiv(other, datum).open(sealed)).toBeNull();
    }),
  );
});
