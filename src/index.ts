/**
 * What other packages import: to put a gateway together, to write an agency's resolvers, to verify at an agency what the
 * gateway sends. Everything else is internal and may change with any version.
 */
export { type AssembledGateway, type AssemblyParts, assembleGateway } from "./assembly/gateway.ts";
export type { ReloadableGateway, Version } from "./assembly/reloadable.ts";
export type { VersionSource } from "./assembly/version.ts";
export type { Config } from "./config/config.ts";
export { type LoadOptions, loadConfig } from "./config/load.ts";
export { type FederatedSchemaOptions, federatedSchema } from "./connectors/federated-schema.ts";
export { type GraphqlHttpOptions, graphqlHttp } from "./connectors/graphql-http.ts";
export { type InProcessOptions, inProcessBackend } from "./connectors/in-process.ts";
export {
  createOutboundVerifier,
  type OutboundClaims,
  type OutboundVerifierOptions,
} from "./connectors/outbound-verifier.ts";
export { createRestClient, type RestCalls, type RestClient, type RestOptions } from "./connectors/rest.ts";
export { createSql, type Sql, type SqlOptions } from "./connectors/sql.ts";
export type { Backend, SubgraphReply, SubgraphRequest } from "./execute/backend.ts";
export { createGateway, type Gateway, type GatewayParts, type GatewayRequest } from "./gateway.ts";
export { ERRORS, type ErrorCode, GatewayError } from "./kernel/errors.ts";
export { readDocuments } from "./operation/document-manifest.ts";
export {
  DocumentStore,
  type DocumentStoreOptions,
  type PersistedDocument,
} from "./operation/document-store.ts";
export { type HttpServer, type HttpServerOptions, startHttpServer } from "./server/http-server.ts";
export { Metrics } from "./telemetry/metrics.ts";
