/** What the ministry of the examples knows: until when somebody is insured, by insurance number. Nobody here is real. */
export const INSURED: ReadonlyMap<string, string> = new Map([
  ["INS-1001", "2027-03-31"],
  ["INS-1002", "2026-12-31"],
]);
