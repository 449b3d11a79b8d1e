/** The files of the synthetic world's cases as rows of the ledger's tables: a small recording for each that a statement names. */
import { recording } from "../sandbox/synth/recording.ts";
import type { CaseContentRow } from "../sandbox/synth/types.ts";
import type { TableRows } from "./seed-spine.ts";

const MEDIA_TYPE = "audio/wav";

export function fileRows(cases: readonly CaseContentRow[]): TableRows {
  const files = cases.flatMap(({ uid, index, statements }) =>
    statements.flatMap(({ recordingRef, recordingTitle }) =>
      recordingRef === null ? [] : [{ ref: recordingRef, uid, data: recording(recordingTitle ?? "", index) }],
    ),
  );
  return {
    file: files.map(({ ref, uid, data }) => ({
      ...{ ref, case_uid: uid, media_type: MEDIA_TYPE },
      bytes: data.length,
    })),
    // As PostgreSQL reads bytes in text.
    file_piece: files.map(({ ref, data }) => ({ ref, position: 0, data: `\\x${data.toString("hex")}` })),
  };
}
