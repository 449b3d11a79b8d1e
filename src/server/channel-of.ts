/**
 * How a request came, for the identity stage: by which method, to which address, with which client certificate.
 *
 * Address      `server.publicUrl`, else the address that the server listens on; never the header `host`, which a caller writes.
 * Certificate  behind a trusted proxy, the one that its header `client-cert` holds (RFC 9440), and that header alone; else the one
 *              of the TLS connection, when an accepted authority has issued it. The header of anybody else is not read.
 * Cost         nothing until a token is bound to a certificate; the certificate of a connection is hashed once.
 */
import { hash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type PeerCertificate, TLSSocket } from "node:tls";
import type { Channel } from "../identity/channel.ts";

export type ChannelOf = (request: IncomingMessage) => Channel;

export interface Surroundings {
  /** Where callers reach what the request asks for. */
  readonly url: (request: IncomingMessage) => string;
  readonly trustedProxy: boolean;
}

export function createChannelOf({ url, trustedProxy }: Surroundings): ChannelOf {
  const certificateOf = trustedProxy ? certificateOfHeader : certificateOfConnection;
  return (request) => ({
    method: request.method ?? "GET",
    get url() {
      return url(request);
    },
    get certificate() {
      return certificateOf(request);
    },
  });
}

/** A byte sequence of structured fields (RFC 8941 §3.3.5). Two headers read as one that is none. */
const BYTE_SEQUENCE = /^:([A-Za-z0-9+/]+={0,2}):$/;

function certificateOfHeader({ headers }: IncomingMessage): string | null {
  const header = headers["client-cert"];
  const [, base64] = BYTE_SEQUENCE.exec(typeof header === "string" ? header.trim() : "") ?? [];
  return base64 === undefined ? null : thumbprint(Buffer.from(base64, "base64"));
}

const ofConnections = new WeakMap<TLSSocket, string | null>();

function certificateOfConnection({ socket }: IncomingMessage): string | null {
  if (!(socket instanceof TLSSocket)) return null;
  let certificate = ofConnections.get(socket);
  if (certificate === undefined) {
    const { raw } = socket.getPeerCertificate() as Partial<PeerCertificate>;
    certificate = socket.authorized && raw ? thumbprint(raw) : null;
    ofConnections.set(socket, certificate);
  }
  return certificate;
}

const thumbprint = (der: Uint8Array): string => hash("sha256", der, "base64url");
