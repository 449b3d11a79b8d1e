/**
 * How a configuration key is written down: a zod type with a default where there is one, a description, and the name of the
 * environment variable where it is not the derived one (`server.host` → `IHALA_SERVER_HOST`).
 */
import { z } from "zod";

export function key<Type extends z.ZodType>(type: Type, description: string, env?: string): Type {
  return type.meta(env === undefined ? { description } : { description, env });
}

/** A section: unknown keys are refused, and all of it may be left out. */
export function section<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  return z
    .strictObject(shape)
    .prefault({} as never)
    .meta({ description });
}

export const positive = () => z.int().min(1).max(Number.MAX_SAFE_INTEGER);
export const milliseconds = () => z.int().min(1).max(3_600_000);
