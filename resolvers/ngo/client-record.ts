/** Reads what a society keeps about the person behind a survivor code. */
import { z } from "zod";
import { listed } from "../shared/wire.ts";
import type { AssistanceRecord, CaseParty } from "./types.ts";

const help = z
  .object({ what: listed("ServiceType"), day: z.iso.date(), note: z.string().nullable() })
  .transform(({ what, day, note }): AssistanceRecord => ({ kind: what, on: day, summary: note }));

export const clientRecord = z
  .object({ code: z.string(), help: z.array(help) })
  .transform((client): CaseParty => ({ uid: client.code, assistance: client.help }));
