/**
 * A disclosure log with its copy: records are on disk before anything leaves and are shipped after, or, when the copy is to be as
 * durable as the disk, shipped before too.
 *
 * Rule    `disk`: an answer waits for the disk alone. `disk+database`: for both; one that the copy has not taken in time is refused,
 *         with its record kept: the log may say more than was disclosed, never less.
 * Errors  AUDIT_UNAVAILABLE, for this answer alone when it is the copy's fault.
 */
import { GatewayError } from "../kernel/errors.ts";
import type { DisclosureLog } from "./log.ts";
import type { Disclosure, Receipt } from "./record.ts";
import type { Shipping } from "./shipping.ts";

export type Durability = "disk" | "disk+database";

export function shippedLog(
  log: DisclosureLog,
  shipping: Shipping,
  { durability, withinMs }: { readonly durability: Durability; readonly withinMs: number },
): DisclosureLog {
  const append = async (disclosure: Disclosure, answer: Uint8Array): Promise<Receipt> => {
    const receipt = await log.append(disclosure, answer);
    if (await shipping.reaches(receipt.sequence, withinMs)) return receipt;
    throw new GatewayError("AUDIT_UNAVAILABLE", "the disclosure log's copy cannot be written");
  };
  return {
    append: durability === "disk" ? (disclosure, answer) => log.append(disclosure, answer) : append,
    failed: log.failed,
    keys: log.keys,
    lag: () => shipping.lag,
    async close() {
      try {
        await log.close();
      } finally {
        await shipping.finish();
      }
    },
  };
}
