/**
 * A file under way that ends before its time when nothing is taken of its reader any more.
 *
 * In      the file; how its end is registered, which gives how that is undone.
 * Rule    a refusal of the reader (UNAUTHENTICATED) cuts it. That schema or policies have changed does not: the file was decided and
 *         recorded, and is finished by the version that gave it.
 */
import type { AgencyFile } from "../connectors/file-exchange.ts";
import type { GatewayError } from "../kernel/errors.ts";

export function endableFile(
  file: AgencyFile,
  register: (end: (error: GatewayError) => void) => () => void,
): AgencyFile {
  const undo = register(({ code }) => {
    if (code === "UNAUTHENTICATED") file.close();
  });
  return {
    ...file,
    close: () => {
      undo();
      file.close();
    },
  };
}
