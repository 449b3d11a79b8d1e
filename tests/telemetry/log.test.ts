import { expect, it } from "vitest";
import { GatewayError } from "../../src/kernel/errors.ts";
import { createLog } from "../../src/telemetry/log.ts";

it("tells class, code and place of a fault, and never what it quotes (A29)", () => {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => lines.push(line) });
  const quoting = new TypeError("cannot read cnr-worker-7-passport");
  log.error("request.failed", {
    requestId: "r",
    fault: new GatewayError("AGENCY_BAD_REPLY", "not JSON", { cause: quoting }),
  });
  log.debug("unseen");
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] ?? "");
  expect(line).toMatchObject({
    event: "request.failed",
    requestId: "r",
    fault: {
      class: "GatewayError",
      code: "AGENCY_BAD_REPLY",
      message: "not JSON",
      cause: { class: "TypeError" },
    },
  });
  expect(line.fault.at[0]).toContain("log.test.ts");
  expect(lines[0]).not.toContain("cnr-");
});

it("survives what is no error", () => {
  const lines: string[] = [];
  createLog("info", { write: (line) => lines.push(line) }).warn("odd", { fault: "cnr-text" });
  expect(JSON.parse(lines[0] ?? "").fault).toEqual({ class: "string" });
});
