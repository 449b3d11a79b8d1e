/** Schema, policies and the planner: what is asked, what may be shown, in which order it is fetched. */
import { z } from "zod";
import { DEFAULT_PLANNER_DEADLINE_MS } from "../../kernel/limits.ts";
import { key, milliseconds, section } from "../key.ts";

export const schema = section("The schema.", {
  directory: key(
    z.string().min(1).optional(),
    "Folder of SDL files and manifest; by default the one that ships.",
  ),
});

export const policy = section("The policies. Nothing turns them off.", {
  directory: key(z.string().min(1).optional(), "Folder of Cedar files; by default the one that ships."),
});

export const planner = section("The query planner, a process of its own.", {
  deadlineMs: key(
    milliseconds().default(DEFAULT_PLANNER_DEADLINE_MS),
    "Time for one plan, in milliseconds; the process is replaced when it is exceeded.",
  ),
});

export const telemetry = section("The log.", {
  level: key(
    z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
    "Least severe line that is written. No level writes personal data.",
  ),
});
