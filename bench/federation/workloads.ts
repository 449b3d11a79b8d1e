/** Workloads by name, so that processes can be told which one to serve. */
import { manyAgencies } from "./many-agencies.ts";
import { ROWS } from "./rows.ts";
import { SHOP } from "./shop.ts";
import type { Workload } from "./workload.ts";

/** The third is one of that many agencies. */
export type WorkloadName = "shop" | "rows" | number;

export function workloadNamed(name: WorkloadName): Workload {
  if (typeof name === "number") return manyAgencies(name);
  return name === "shop" ? SHOP : ROWS;
}
