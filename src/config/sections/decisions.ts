/** Schema, policies and the planner: what is asked, what may be shown, in which order it is fetched. */
import { z } from "zod";
import { DEFAULT_PLANNER_DEADLINE_MS } from "../../kernel/limits.ts";
import { key, milliseconds, section } from "../key.ts";
import { secretReference } from "../secret.ts";

export const schema = section("The schema.", {
  directory: key(
    z.string().min(1).optional(),
    "Folder of SDL files and manifest; by default the one that ships.",
  ),
});

export const policy = section("The policies. Nothing turns them off.", {
  directory: key(z.string().min(1).optional(), "Folder of Cedar files; by default the one that ships."),
  source: key(
    z.enum(["files", "store"]).default("files"),
    "What decides: the folder, or what officers have published in the policy store, which is in the gateway's PostgreSQL.",
  ),
  verifierKeys: key(
    z.array(z.string().min(1)).default([]),
    "Keys whose signatures on the policy store count, as `ihala policy key` prints them. Without any, that of the data directory.",
  ),
  signingKey: key(
    secretReference.optional(),
    "Reference to the key that signs what officers do, 32 bytes in base64: for their commands, and for gateways where they act over GraphQL. Without one, a key in the data directory.",
  ),
});

export const planner = section("The query planner, a process of its own.", {
  deadlineMs: key(
    milliseconds().default(DEFAULT_PLANNER_DEADLINE_MS),
    "Time for one plan, in milliseconds; the process is replaced when it is exceeded.",
  ),
});

export const telemetry = section("The log, and traces.", {
  level: key(
    z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
    "Least severe line that is written. No level writes personal data.",
  ),
  traces: section(
    "Traces of questions, by stage, for operators. They hold no personal data. None without a URL.",
    {
      url: key(
        z.url({ protocol: /^https?$/ }).optional(),
        "Collector that takes OTLP over HTTP as JSON, without `/v1/traces`, such as `http://collector.example:4318`.",
      ),
      ratio: key(z.number().min(0).max(1).default(1), "Share of questions that are traced."),
      authorization: key(
        secretReference.optional(),
        "Reference to the whole value of the header `authorization` for the collector.",
      ),
    },
  ),
});
