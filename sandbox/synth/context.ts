/**
 * What every table is generated from: seed, sizes of the scale, and how text is written in canary mode.
 *
 * Canary  `text(value, table, i, field)` appends a token `cnr-<table>-<i>-<field>` that occurs nowhere else.
 */
import { FILES_A_YEAR, NATIONAL } from "./knobs.ts";
import { type Draw, draws, uuid } from "./random.ts";

export type Scale = "tiny" | "demo";

export interface Sizes {
  readonly cases: number;
  readonly workers: number;
  /** Police files, those of the cast included. */
  readonly files: number;
  readonly establishments: number;
  readonly households: number;
  readonly inspections: number;
}

export interface Context {
  readonly seed: number;
  readonly scale: Scale;
  readonly canary: boolean;
  readonly sizes: Sizes;
  draws(stream: string, index: number): Draw;
  uid(type: string, index: number): string;
  text(value: string, table: string, index: number, field: string): string;
}

/** Police files that the cast's cases use; the first ones. */
export const CAST_FILES = 8;

export function createContext(seed: number, scale: Scale, canary: boolean): Context {
  return {
    seed,
    scale,
    canary,
    sizes: sizesOf(scale),
    draws: (stream, index) => draws(seed, stream, index),
    uid: (type, index) => uuid(seed, type, index),
    text: (value, table, index, field) => (canary ? `${value} cnr-${table}-${index}-${field}` : value),
  };
}

function sizesOf(scale: Scale): Sizes {
  const [cases, workers, files] =
    scale === "tiny" ? [20, 200, CAST_FILES] : [1_500, 50_000, CAST_FILES + FILES_A_YEAR];
  const share = (national: number) => Math.max(20, Math.round((workers * national) / NATIONAL.workers));
  return {
    cases,
    workers,
    files,
    establishments: share(NATIONAL.establishments),
    households: share(NATIONAL.households),
    inspections: share(NATIONAL.inspections),
  };
}
