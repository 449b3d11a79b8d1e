/** The HTTP edge. */
import { z } from "zod";
import { DEFAULT_DRAIN_MS, DEFAULT_MAX_BODY_BYTES } from "../../kernel/limits.ts";
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
  maxBodyBytes: key(positive().default(DEFAULT_MAX_BODY_BYTES), "Largest request body, in bytes."),
  drainMs: key(
    milliseconds().default(DEFAULT_DRAIN_MS),
    "How long requests in flight may take to finish after SIGTERM, in milliseconds.",
  ),
  trustedProxy: key(
    z.boolean().default(false),
    "A proxy in front ends TLS and is the only one that can reach this port. `serve` wants this or `tls`.",
  ),
  tls: key(
    z
      .strictObject({
        certificate: key(z.string().min(1), "File of the certificate chain, PEM."),
        key: key(z.string().min(1), "File of the private key, PEM."),
      })
      .optional(),
    "Certificate and key of the server itself.",
  ),
});
