/**
 * How a request came: what proofs of possession speak of. One object for each HTTP request, or for each WebSocket, so that what
 * was proven on it once holds for every question that it carries.
 */
export interface Channel {
  /** As of the HTTP request; of a WebSocket, that of its handshake, `GET`. */
  readonly method: string;
  /** Where callers reach `/graphql`, as the configuration or the server itself says and never as the caller does. */
  readonly url: string;
  /** SHA-256 of the client's certificate (DER), base64url; null when the client has proven none. */
  readonly certificate: string | null;
}
