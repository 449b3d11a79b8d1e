/**
 * The JSON text of a subgraph request, where the executor has made it already: kept beside the request object, not in it.
 *
 * Why     whoever copies a request and changes it (the link boundary puts an agency's own keys for uids) gets an object without a
 *         prepared text, so a text with uids can never be sent to an agency by mistake.
 */
interface Request {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

const prepared = new WeakMap<Request, string>();

export const prepareBody = (request: Request, text: string): void => void prepared.set(request, text);

/** `{"query": …, "variables": …}` */
export const bodyOf = (request: Request): string =>
  prepared.get(request) ?? JSON.stringify({ query: request.query, variables: request.variables });
