/** What tests of the HTTP server ask with, besides `fetch`. */
import { type Agent, request as httpRequest } from "node:http";
import type { serverFor } from "./open-gateway.ts";

export type Server = Awaited<ReturnType<typeof serverFor>>;
export const codesOf = async (response: Response) => {
  const { errors } = (await response.json()) as {
    errors: { message: string; extensions: { code: string } }[];
  };
  return errors.map(({ extensions }) => extensions.code);
};

export function get(
  url: string,
  agent: Agent,
): Promise<{ readonly status: number; readonly connection: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { agent, headers: { "x-purpose": "A" } }, (response) => {
      response.resume();
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, connection: response.headers.connection ?? "" }),
      );
    });
    request.on("error", reject).end();
  });
}

export function rawPost(url: string, headers: Record<string, string[]>): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      url,
      { method: "POST", headers: { "content-type": "application/json", ...headers } },
      (response) => {
        response
          .setEncoding("utf8")
          .toArray()
          .then((parts) => resolve(parts.join("")), reject);
      },
    );
    request.on("error", reject).end('{"query":"{ hello }"}');
  });
}
