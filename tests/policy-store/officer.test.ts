/** Who acts as a security officer: nobody else, whatever the policies in force may show to whom. */
import { expect, it } from "vitest";
import { storeFor } from "../../resolvers/gw/policy-store-source.ts";
import { officerOf } from "../../src/policy-store/officer.ts";

const IGA = {
  ...{ agency: "IGA", member: "BH/GOV/IGA/population", staff: "iga-officer-1" },
  ...{ role: "IGA.securityOfficer", purpose: "AUDIT_OVERSIGHT" },
};
const asking = { requestId: "0", issue: null };

it("takes an officer of an agency for one of that agency", () => {
  expect(officerOf(IGA)).toEqual({ agency: "IGA", member: IGA.member, staff: IGA.staff });
});

it.each([
  ["another role", { ...IGA, role: "NCC.auditor" }],
  ["an officer's role of another agency", { ...IGA, role: "NCC.securityOfficer" }],
  ["a role that only begins so", { ...IGA, role: "IGA.securityOfficerAssistant" }],
  ["another purpose", { ...IGA, purpose: "NRM_LOOKUP" }],
])("refuses %s", (_, reader) => {
  expect(() => officerOf(reader)).toThrow(expect.objectContaining({ code: "OPERATION_FORBIDDEN" }));
  expect(() => storeFor({ policyStore: null, reader: { ...reader, ...asking } })).toThrow(
    expect.objectContaining({ code: "OPERATION_FORBIDDEN" }),
  );
});
