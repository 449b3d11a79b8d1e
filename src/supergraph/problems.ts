/** One error for everything that is wrong with schema and supergraph: all problems at once, one line each. */
import { GatewayError } from "../kernel/errors.ts";

export const supergraphInvalid = (problems: readonly string[], cause?: unknown): GatewayError =>
  new GatewayError("SUPERGRAPH_INVALID", "the supergraph cannot be used", { problems, cause });
