/**
 * The agencies, their members, and how each is reached. Addresses of servers come from here and from nowhere else.
 */
import { z } from "zod";
import { SANDBOX_AGENCIES } from "../defaults.ts";
import { key } from "../key.ts";
import { secretReference } from "../secret.ts";

const member = z.strictObject({
  address: key(
    z.string().regex(/^[A-Z]{2}(\/[A-Za-z0-9-]+){2,5}$/, "not an address such as `BH/NGO/MWPS/assist`"),
    "X-Road style address; the member's id everywhere.",
  ),
  name: key(
    z.strictObject({
      en: key(z.string().min(1), "In English."),
      ar: key(z.string().min(1), "In Arabic."),
    }),
    "What people call it.",
  ),
  url: key(
    z.url({ protocol: /^https?$/ }).optional(),
    "Its server, of kind `rest` or `federation`. Without one the sandbox starts a simulated one, and `serve` refuses.",
  ),
  subscriptions: key(
    z
      .strictObject({
        protocol: key(
          z.enum(["sse", "ws"]),
          "`sse`: GraphQL over Server-Sent Events. `ws`: `graphql-transport-ws` over WebSocket.",
        ),
        url: key(
          z.url({ protocol: /^(https?|wss?)$/ }).optional(),
          "Where they are asked for, when it is not `url`.",
        ),
      })
      .optional(),
    "How its server is asked for subscriptions, of kind `federation`; by Server-Sent Events when left out.",
  ),
  files: key(
    z.url({ protocol: /^https?$/ }).optional(),
    "Where its files are: what it answers for a field of type `AttachmentRef` is asked for below this URL. The ledger's are at its own.",
  ),
  database: key(
    secretReference.optional(),
    "Its PostgreSQL, of kind `sql`, as a reference to a connection URL. Without one as for `url`.",
  ),
});

const agency = z.strictObject({
  code: key(z.string().regex(/^[A-Z]{2,8}$/), "Code of the agency, a column of the policy matrix."),
  kind: key(
    z.enum(["federation", "rest", "sql", "ledger"]),
    "How it joins: `federation` subgraph over HTTP; `rest` or `sql` through `resolvers/`; `ledger`, the product's own referral ledger.",
  ),
  members: key(z.array(member).min(1), "Its members; most agencies are their own only member."),
});

export const agencies = key(
  z.array(agency).min(1).prefault(SANDBOX_AGENCIES),
  "The agencies and their members.",
);
