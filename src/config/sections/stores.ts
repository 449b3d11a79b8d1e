/** What the gateway itself keeps, and the ledger: databases and the disclosure log. */
import { z } from "zod";
import { DEFAULT_AUDIT_SEGMENT_BYTES } from "../../kernel/limits.ts";
import { key, milliseconds, positive, section } from "../key.ts";
import { secretReference } from "../secret.ts";

export const database = section("The gateway's PostgreSQL.", {
  url: key(
    secretReference.optional(),
    "Reference to a connection URL. Without one the sandbox starts the PostgreSQL that ships, and `serve` refuses.",
  ),
});

export const ledger = section("The referral ledger.", {
  url: key(
    z.url({ protocol: /^https?$/ }).optional(),
    "Its server. Without one the sandbox starts it, and `serve` refuses.",
  ),
});

export const audit = section("The disclosure log. Nothing turns it off.", {
  directory: key(
    z.string().min(1).optional(),
    "Where its segments are; by default `audit/` in the data directory. Must survive a restart.",
  ),
  keysDirectory: key(
    z.string().min(1).optional(),
    "Where the keys of its subjects are; by default `audit-keys/` in the data directory. Has a backup of its own.",
  ),
  keyEncryptionKey: key(
    secretReference.optional(),
    "Reference to the key that wraps the keys of its subjects, 32 bytes in base64. Without one, a key in the data directory.",
  ),
  segmentBytes: key(
    positive().min(65_536).default(DEFAULT_AUDIT_SEGMENT_BYTES),
    "A segment is closed at this size, in bytes.",
  ),
  durability: key(
    z.enum(["disk", "disk+database"]).default("disk"),
    "What an answer waits for: `disk`, its record is on this disk; `disk+database`, it is in the database's copy too, and without the database nothing personal is answered.",
  ),
  shipWithinMs: key(
    milliseconds().default(1_000),
    "A record is in the database's copy after so long, while the database can be written. With `disk+database`, an answer waits for it no longer.",
  ),
  witness: key(
    z
      .strictObject({
        url: key(z.url({ protocol: /^https?$/ }), "Submission prefix of the witness (C2SP tlog-witness)."),
        key: key(z.string().min(1), "Verifier key of the witness, as it gave it out."),
      })
      .optional(),
    "Cosigns the log's checkpoints, so that the log cannot show two histories.",
  ),
});
