/** The MAC of an answer is HMAC-SHA-256, and knows its own answer alone. */
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { answerMac, isAnswerOf, newSalt } from "../../src/audit/answer-mac.ts";

const bytes = fc.uint8Array({ maxLength: 300 });

it("is what RFC 2104 says, for any salt and answer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), bytes, (salt, answer) => {
      const expected = createHmac("sha256", salt).update(answer).digest("base64url");
      expect(answerMac(answer, Buffer.from(salt).toString("base64url"))).toBe(expected);
    }),
  );
});

it("knows its answer under its salt, and no other", () => {
  fc.assert(
    fc.property(bytes, bytes, (answer, other) => {
      const salt = newSalt();
      const mac = answerMac(answer, salt);
      expect(isAnswerOf(mac, answer, salt)).toBe(true);
      expect(isAnswerOf(mac, other, salt)).toBe(Buffer.from(other).equals(answer));
      expect(isAnswerOf(mac, answer, newSalt())).toBe(false);
    }),
  );
});

it("has a salt that never comes twice, over more than one pool of random bytes", () => {
  const salts = Array.from({ length: 2_000 }, newSalt);
  expect(new Set(salts).size).toBe(salts.length);
  expect(Buffer.from(salts[0]!, "base64url")).toHaveLength(16);
});
