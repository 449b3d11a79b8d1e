/**
 * The HTTP server as a configuration describes it, with the documents that it persists.
 *
 * Errors  CONFIG_INVALID with every problem of the documents' files; those of `startHttpServer`.
 */
import type { Config } from "../config/config.ts";
import { readDocuments } from "../operation/document-manifest.ts";
import { DocumentStore } from "../operation/document-store.ts";
import { type HttpServer, type HttpServerOptions, startHttpServer } from "../server/http-server.ts";

export async function openHttpServer(
  { server, limits }: Pick<Config, "server" | "limits">,
  { mode, log }: Pick<HttpServerOptions, "mode" | "log">,
): Promise<HttpServer> {
  const { persistedDocuments, trustedProxy: _, tls: __, ...rest } = server;
  return startHttpServer({
    ...{ ...rest, mode, log },
    maxTokens: limits.maxTokens,
    documents: await openDocuments(persistedDocuments, mode),
  });
}

/** Callers register documents where they try things out; never in production, and never beside a closed list. */
async function openDocuments(
  { path, only }: Config["server"]["persistedDocuments"],
  mode: HttpServerOptions["mode"],
): Promise<DocumentStore> {
  const documents = path === undefined ? [] : await readDocuments(path);
  return new DocumentStore({ documents, only, automatic: mode !== "production" });
}
