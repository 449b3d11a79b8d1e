/** A federation of agencies that answer when they are let, to defer fragments of; told anew before each test. */
import { afterAll, afterEach, beforeAll } from "vitest";
import { byKey, type Federation, type Representation, startFederation } from "../support/federation.ts";
import { type Payload, payloadsOf } from "../support/pieces.ts";

const boom = () => {
  throw new Error("canary-19c4");
};
const WORKERS = [
  { id: "w1", name: "Anu" },
  { id: "w2", name: "Bina" },
];
const CASES = [
  {
    id: "c1",
    title: "one",
    lead: WORKERS[0],
    workers: WORKERS,
    top: { __typename: "Worker", ...WORKERS[0] },
  },
  { id: "c2", title: "two", lead: WORKERS[1], workers: [], top: { __typename: "Note", text: "n" } },
];
const BEDS = [
  { id: "w1", bed: "b1", must: "m1", room: { number: 1, floor: 2 } },
  { id: "w2", bed: "b2", must: boom, room: { number: 3, floor: 4 } },
];
const HEALTH = WORKERS.map(({ id }) => ({ id, blood: `${id}+`, visits: ["v"] }));

const PARTS = {
  ledger: {
    sdl: `
      type Query { cases: [Case!]! none: [Case!]! fine: String case: Case }
      type Mutation { open: Case fine: String }
      type Case @key(fields: "id") { id: ID! title: String lead: Worker workers: [Worker!]! top: Top }
      union Top = Worker | Note
      type Note { text: String }
      type Worker @key(fields: "id") { id: ID! name: String }`,
    query: { cases: CASES, none: [], fine: "fine", case: CASES[0] },
    mutation: { open: CASES[0], fine: "fine" },
    entities: { Worker: byKey(WORKERS, "id") },
  },
  shelter: {
    sdl: `
      type Query { slow: String }
      type Worker @key(fields: "id") { id: ID! bed: String must: String! room: Room }
      type Room { number: Int floor: Int }`,
    query: { slow: "slow" },
    entities: { Worker: byKey(BEDS, "id") },
  },
  clinic: {
    sdl: `
      type Worker @key(fields: "id") { id: ID! bed: String @external blood: String visits: [String!] tag: String @requires(fields: "bed") }`,
    entities: {
      Worker: ({ id, bed }: Representation) => {
        const found = HEALTH.find((one) => one.id === id);
        return found ? { ...found, tag: `tag ${bed}` } : null;
      },
    },
  },
};

export let federation: Federation;

/** One for the tests of a file. */
export function withFederation(): void {
  beforeAll(async () => {
    federation = await startFederation(PARTS);
  });
  afterAll(() => federation?.close());
  afterEach(() => {
    federation.intercept("shelter", null);
    federation.intercept("clinic", null);
  });
}

export const ask = (
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<readonly Payload[]> => payloadsOf(federation.gateway.gateway, { query, variables });
