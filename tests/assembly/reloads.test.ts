/** Attempts to take up another version: one at a time, however often they are triggered. */
import { describe, expect, it } from "vitest";
import { ReloadableGateway } from "../../src/assembly/reloadable.ts";
import { Reloads } from "../../src/assembly/reloads.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { Metrics } from "../../src/telemetry/metrics.ts";
import { openGateway } from "../server/open-gateway.ts";
import { smallVersion } from "../support/small-version.ts";

const HASH = (digit: string): string => digit.repeat(64);

function setUp(outcomes: readonly (Error | string)[]) {
  const gateway = new ReloadableGateway(smallVersion(openGateway, { schema: HASH("0") }));
  const lines: string[] = [];
  const metrics = new Metrics();
  let attempts = 0;
  let atOnce = 0;
  const reloads = new Reloads({
    ...{ gateway, metrics },
    log: createLog("info", { write: (line) => lines.push(line) }),
    clock: fixedClock("2026-01-02T03:04:05Z"),
    async load() {
      const outcome = outcomes[attempts++] ?? HASH("f");
      atOnce += 1;
      expect(atOnce).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 20));
      atOnce -= 1;
      if (outcome instanceof Error) throw outcome;
      return () => gateway.replace(smallVersion(openGateway, { schema: outcome }));
    },
  });
  return { gateway, reloads, metrics, lines, attempts: () => attempts };
}

describe("reloads", () => {
  it("begin one attempt for what is triggered at once, and one more for what is triggered meanwhile", async () => {
    const { reloads, gateway, attempts } = setUp([HASH("1"), HASH("2")]);
    await Promise.all([reloads.trigger(), reloads.trigger(), reloads.trigger()]);
    expect(attempts()).toBe(2);
    expect(gateway.standing.schema).toBe(HASH("2"));
  });

  it("keep what is in force when another is refused: code and time to all, problems to the log", async () => {
    const problems = ["policies/a.cedar:1:2: no"];
    const { reloads, gateway, metrics, lines } = setUp([
      new GatewayError("POLICY_INVALID", "the policies are not valid", { problems }),
      new TypeError("canary-19a2"),
      HASH("3"),
    ]);
    await reloads.trigger();
    expect(gateway.standing).toMatchObject({
      schema: HASH("0"),
      refused: { code: "POLICY_INVALID", at: "2026-01-02T03:04:05.000Z" },
    });
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ event: "reload.refused", problems });
    expect(await metrics.text()).toContain("ihala_reload_refused 1");
    expect(await metrics.text()).toContain(`ihala_version_info{schema="${HASH("0")}"`);
    await reloads.trigger();
    expect(gateway.standing.refused?.code).toBe("INTERNAL_SERVER_ERROR");
    expect(lines.join("")).not.toContain("canary");
    await reloads.trigger();
    expect(gateway.standing).toMatchObject({ schema: HASH("3"), refused: null });
    const text = await metrics.text();
    expect(text).toContain('ihala_reloads_total{outcome="refused"} 2');
    expect(text).toContain('ihala_reloads_total{outcome="taken"} 1');
    expect(text).toContain("ihala_reload_refused 0");
    expect(text.match(/^ihala_version_info\{.*$/gm)).toEqual([
      `ihala_version_info{schema="${HASH("3")}",policies="${HASH("b")}"} 1`,
    ]);
  });

  it("begin none once stopped, and let the one under way end", async () => {
    const { reloads, attempts, gateway } = setUp([HASH("1"), HASH("2")]);
    const triggered = Promise.all([reloads.trigger(), reloads.trigger()]);
    await reloads.stop();
    expect(gateway.standing.schema).toBe(HASH("1"));
    await triggered;
    await reloads.trigger();
    expect(attempts()).toBe(1);
  });
});
