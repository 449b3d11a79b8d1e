/** Workloads by name, so that processes can be told which one to serve. */
import { SHOP } from "./shop.ts";
import type { Workload } from "./workload.ts";

export type WorkloadName = "shop";

export function workloadNamed(name: WorkloadName): Workload {
  const workloads: Readonly<Record<string, () => Workload>> = { shop: () => SHOP };
  const make = workloads[name];
  if (!make) throw new RangeError(`no workload is called \`${name}\``);
  return make();
}
