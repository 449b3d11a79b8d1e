/** Helpers to assert on refusals by their stable code. */
import { GatewayError } from "../../src/kernel/errors.ts";

/** The code that `act` throws, or what else it throws; null when it does not. */
export function codeOf(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error instanceof GatewayError ? error.code : error;
  }
}

export async function codeOfAsync(act: () => Promise<unknown>): Promise<unknown> {
  try {
    await act();
    return null;
  } catch (error) {
    return error instanceof GatewayError ? error.code : error;
  }
}

/** What is wrong with a deployment, one line each, as `act` throws it; empty when it does not. */
export function problemsOf(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return (error.detail.problems ?? [error.message]).join("\n");
  }
}
