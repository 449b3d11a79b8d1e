import { describe, expect, it } from "vitest";
import { stageOf, type VisibleTracks } from "../../src/respond/stage.ts";

describe("the stage of a case", () => {
  const onTrial = { identificationState: "PRESUMED", protectionState: "ASSISTED", justiceState: "TRIAL" };
  it.each<[string, VisibleTracks, string | null]>([
    ["a duplicate", { ...onTrial, closureReason: "DUPLICATE", closedAt: "2025-01-01" }, "MERGED"],
    ["a closed case", { ...onTrial, closedAt: "2025-01-01" }, "CLOSED"],
    ["a trial, justice visible", onTrial, "TRIAL"],
    ["a trial, justice not visible", { ...onTrial, justiceState: undefined }, "PRESUMED_VICTIM"],
    [
      "open redress after judgment",
      { ...onTrial, justiceState: "FINAL", redressState: "AWARDED" },
      "REDRESS",
    ],
    [
      "a planned exit",
      { identificationState: "CONFIRMED", protectionState: "EXITING", justiceState: "FINAL" },
      "RETURN_OR_REINTEGRATION",
    ],
    ["a final judgment", { ...onTrial, justiceState: "FINAL" }, "FINAL_JUDGMENT"],
    ["a labour case", { identificationState: "LABOUR_ONLY" }, "LABOUR_TRACK"],
    ["a watched case", { identificationState: "INSUFFICIENT" }, "MONITORING"],
    ["nothing visible", {}, null],
  ])("of %s", (_title, tracks, stage) => {
    expect(stageOf(tracks)).toBe(stage);
  });
});
