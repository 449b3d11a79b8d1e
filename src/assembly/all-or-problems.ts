/**
 * Waits for several checks and tells the problems of all of them at once.
 *
 * Errors  the one failure there is, as it is; of several the first one's code, with every problem once. A failure that is no
 *         `GatewayError` is a fault and goes before.
 */
import { GatewayError } from "../kernel/errors.ts";

export async function allOrProblems<Checks extends readonly unknown[]>(
  checks: {
    readonly [Index in keyof Checks]: Promise<Checks[Index]>;
  },
): Promise<Checks> {
  const settled = await Promise.allSettled(checks);
  const failures = settled.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
  const [first] = failures;
  if (first === undefined)
    return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as never;
  const fault = failures.find((failure) => !(failure instanceof GatewayError));
  if (fault !== undefined) throw fault;
  if (failures.length === 1) throw first;
  const { code } = first as GatewayError;
  const problems = (failures as GatewayError[]).flatMap(
    ({ message, detail }) => detail.problems ?? [message],
  );
  // Parts that read the same file say the same of it.
  const told = [...new Set(problems)];
  throw new GatewayError(code, `${failures.length} parts cannot be used`, { problems: told, cause: first });
}
