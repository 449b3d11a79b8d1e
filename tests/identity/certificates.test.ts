import { describe, expect, it } from "vitest";
import { type CertificateSource, rememberCertificates } from "../../src/identity/certificates.ts";
import type { MemberAddress } from "../../src/kernel/brands.ts";
import { fixedClock } from "../../src/kernel/clock.ts";

const MEMBER = "BH/NGO/MWPS/assist" as MemberAddress;

function register() {
  const clock = fixedClock("2026-11-25T08:00:00Z");
  let held: ReadonlySet<string> | null = new Set(["SAFEGUARDING"]);
  let asked = 0;
  const source: CertificateSource = async () => {
    asked += 1;
    if (!held) throw new Error("down");
    return held;
  };
  const certificatesOf = rememberCertificates(source, clock);
  const set = (to: ReadonlySet<string> | null) => {
    held = to;
  };
  return { clock, set, asked: () => asked, ask: (staff = "s") => certificatesOf(MEMBER, staff) };
}

describe("certificates", () => {
  it("are asked for once in five minutes", async () => {
    const { clock, set, asked, ask } = register();
    await Promise.all([ask(), ask(), ask("other")]);
    expect(asked()).toBe(2);
    set(new Set());
    clock.set("2026-11-25T08:04:59Z");
    expect(await ask()).toEqual(new Set(["SAFEGUARDING"]));
    clock.set("2026-11-25T08:05:00Z");
    expect(await ask()).toEqual(new Set());
  });

  it("hold for a day while the register is down, and not longer", async () => {
    const { clock, set, ask } = register();
    await ask();
    set(null);
    clock.set("2026-11-26T08:00:00Z");
    expect(await ask()).toEqual(new Set(["SAFEGUARDING"]));
    clock.set("2026-11-26T08:00:01Z");
    expect(await ask()).toEqual(new Set());
  });

  it("are none as long as the register has never answered", async () => {
    const { set, ask } = register();
    set(null);
    expect(await ask()).toEqual(new Set());
    set(new Set(["SAFEGUARDING"]));
    expect(await ask()).toEqual(new Set(["SAFEGUARDING"]));
  });
});
