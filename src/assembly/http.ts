/**
 * The HTTP server as a configuration describes it, with the documents that it persists.
 *
 * Errors  CONFIG_INVALID with every problem of the documents' files; those of `startHttpServer`.
 */
import type { Config } from "../config/config.ts";
import { readDocuments } from "../operation/document-manifest.ts";
import { DocumentStore, type PersistedDocument } from "../operation/document-store.ts";
import { type AdminPages, type AdminServer, startAdminServer } from "../server/admin-server.ts";
import { type HttpServer, type HttpServerOptions, startHttpServer } from "../server/http-server.ts";

export interface HttpOptions extends Pick<HttpServerOptions, "mode" | "log" | "metrics" | "tracing"> {
  /** Those of `openDocuments`, when somebody else reads them too. */
  readonly documents?: DocumentStore;
}

export async function openHttpServer(
  { server, limits }: Pick<Config, "server" | "limits">,
  { documents, ...options }: HttpOptions,
): Promise<HttpServer> {
  return startHttpServer({
    ...{ ...server, ...options },
    maxTokens: limits.maxTokens,
    documents: documents ?? (await openDocuments({ server }, options.mode)),
  });
}

/** Callers register documents where they try things out; never in production, and never beside a closed list. */
export async function openDocuments(
  config: DocumentConfig,
  mode: HttpServerOptions["mode"],
): Promise<DocumentStore> {
  const { only } = config.server.persistedDocuments;
  return new DocumentStore({
    documents: await readPersisted(config),
    only,
    automatic: mode !== "production",
  });
}

type DocumentConfig = { readonly server: Pick<Config["server"], "persistedDocuments"> };

export async function readPersisted({ server }: DocumentConfig): Promise<readonly PersistedDocument[]> {
  const { path } = server.persistedDocuments;
  return path === undefined ? [] : readDocuments(path);
}

/** Null where the configuration names no port for it. */
export async function openAdminServer(
  { server: { admin } }: Pick<Config, "server">,
  pages: AdminPages,
): Promise<AdminServer | null> {
  const { host, port } = admin;
  return port === undefined ? null : startAdminServer({ host, port }, pages);
}
