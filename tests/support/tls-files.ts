/** Certificate, key and authorities as the files that a configuration names. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Certificate } from "./certificates.ts";

export async function tlsFiles(server: Certificate, clients: Certificate | null = null) {
  const folder = await mkdtemp(join(tmpdir(), "ihala-tls-"));
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  return {
    certificate: await write("server.pem", server.certificate),
    key: await write("server.key", server.key),
    ...(clients && { clientCa: await write("clients.pem", clients.certificate) }),
  };
}
