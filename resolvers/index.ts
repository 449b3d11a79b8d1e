/**
 * The agencies that join through resolvers, by code and by how they are reached. A new one is a line here (docs/joining.md);
 * a Federation subgraph over HTTP needs none.
 */
import { crtSubgraph } from "./crt/index.ts";
import { igaSubgraph } from "./iga/index.ts";
import { lmraSubgraph } from "./lmra/index.ts";
import { moiSubgraph } from "./moi/index.ts";
import { mosdSubgraph } from "./mosd/index.ts";
import { nccSubgraph } from "./ncc/index.ts";
import { ngoSubgraph } from "./ngo/index.ts";
import { npraSubgraph } from "./npra/index.ts";
import { rtcSubgraph } from "./rtc/index.ts";
import type { RestSubgraphOptions } from "./shared/rest-subgraph.ts";
import type { SqlSubgraphOptions } from "./shared/subgraph.ts";

type RestFactory = (options: RestSubgraphOptions) => unknown;
type SqlFactory = (options: SqlSubgraphOptions) => unknown;

export const REST: Readonly<Record<string, RestFactory>> = {
  IGA: igaSubgraph,
  NPRA: npraSubgraph,
  MOI: moiSubgraph,
  CRT: crtSubgraph,
  NGO: ngoSubgraph,
};

export const SQL: Readonly<Record<string, SqlFactory>> = {
  LMRA: lmraSubgraph,
  MOSD: mosdSubgraph,
  NCC: nccSubgraph,
  RTC: rtcSubgraph,
};
