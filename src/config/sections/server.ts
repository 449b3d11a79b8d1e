/** The HTTP edge. */
import { z } from "zod";
import * as bounds from "../../kernel/limits.ts";
import { key, milliseconds, positive, section } from "../key.ts";

export const DEFAULT_PORT = 4_000;

export const server = section("The HTTP server.", {
  host: key(
    z.string().min(1).default("127.0.0.1"),
    "Address to listen on. The sandbox listens on loopback only.",
  ),
  port: key(
    z.int().min(0).max(65_535).default(DEFAULT_PORT),
    "Port to listen on; 0 takes any free one.",
    "PORT",
  ),
  maxBodyBytes: key(positive().default(bounds.DEFAULT_MAX_BODY_BYTES), "Largest request body, in bytes."),
  batchSize: key(
    z.int().min(1).max(bounds.MAX_BATCH_SIZE).default(bounds.DEFAULT_BATCH_SIZE),
    "Most questions of one request, sent as a list; 1 serves no batches. Each is bounded, decided and recorded by itself.",
  ),
  compression: key(
    z.boolean().default(true),
    "Answers of 1 kB or more are compressed (Brotli, gzip) for callers who take it.",
  ),
  persistedDocuments: section(
    "Documents that callers name by id instead of sending them; read and checked at start.",
    {
      path: key(
        z.string().min(1).optional(),
        "A manifest (Apollo's, or a mapping of SHA-256 to document), or a folder of manifests and `.graphql` files.",
      ),
      only: key(
        z.boolean().default(false),
        "Nothing else is answered. Without it, and outside production, callers may also register documents by hash.",
      ),
    },
  ),
  watchMs: key(
    z.int().min(0).max(3_600_000).default(0),
    "How often configuration, schema, policies and persisted documents are looked at for a change to take up, in milliseconds; 0: never, only upon SIGHUP.",
  ),
  admin: section(
    "Where operators read `/metrics` and `/status`, at an address of its own; nowhere without a port.",
    {
      host: key(
        z.string().min(1).default("127.0.0.1"),
        "Address to listen on; not one that callers can reach.",
      ),
      port: key(z.int().min(0).max(65_535).optional(), "Port to listen on; 0 takes any free one."),
    },
  ),
  shareIdentical: key(
    z.boolean().default(true),
    "Identical queries of one reader under way at the same time are worked out once; each is recorded by itself.",
  ),
  drainMs: key(
    milliseconds().default(bounds.DEFAULT_DRAIN_MS),
    "How long requests in flight may take to finish after SIGTERM, in milliseconds.",
  ),
  maxRequests: key(
    positive().default(bounds.DEFAULT_MAX_REQUESTS),
    "Requests over HTTP that are read and worked on at a time, streams apart; those beyond are answered 503 with `Retry-After`.",
  ),
  maxConnections: key(
    positive().default(bounds.DEFAULT_MAX_CONNECTIONS),
    "Connections at a time; those beyond are closed as they come.",
  ),
  maxStreams: key(
    positive().default(bounds.DEFAULT_MAX_STREAMS),
    "Subscriptions, deferred answers and operations over WebSocket at a time; as many WebSockets.",
  ),
  maxStreamsPerConnection: key(
    positive().default(bounds.DEFAULT_MAX_STREAMS_PER_CONNECTION),
    "Operations at a time over one WebSocket.",
  ),
  allowedOrigins: key(
    z.array(z.url({ protocol: /^https?$/ })).default([]),
    "Origins, beside the server's own, whose pages may open a WebSocket, such as `https://portal.example`.",
  ),
  trustedProxy: key(
    z.boolean().default(false),
    "A proxy in front ends TLS and is the only one that can reach this port; its header `Client-Cert` (RFC 9440) is believed, and it must drop those of callers. `serve` wants this or `tls`.",
  ),
  publicUrl: key(
    z.url({ protocol: /^https?$/ }).optional(),
    "Where callers reach `/graphql`, such as `https://gateway.example/graphql`: what a DPoP proof must name. Left out, the server's own address.",
  ),
  tls: key(
    z
      .strictObject({
        certificate: key(z.string().min(1), "File of the certificate chain, PEM."),
        key: key(z.string().min(1), "File of the private key, PEM."),
        clientCa: key(
          z.string().min(1).optional(),
          "File of the authorities, PEM, whose certificates clients bound by `mtls` show. Left out, no client is asked for one.",
        ),
      })
      .optional(),
    "Certificate and key of the server itself.",
  ),
});
