import { expect, it } from "vitest";
import { herFiles } from "../../src/assembly/her-files.ts";
import type { Backend, SubgraphReply, SubgraphRequest } from "../../src/execute/backend.ts";
import type { SubgraphName } from "../../src/kernel/brands.ts";

const request: SubgraphRequest = {
  ...{ query: "{ accessLog { edges { cursor } } }", kind: "query", variables: {} },
  signal: new AbortController().signal,
  reader: {
    ...{ requestId: "request", agency: "IGA", member: "BH/GOV/IGA/population", issue: null },
    ...{ staff: "900100001", role: "dataSubject", purpose: "SUBJECT_ACCESS" },
  },
};

/** Agencies that answer this of a person, and what they were asked. */
function agencies(answers: Readonly<Record<string, object | null>>) {
  const asked: (SubgraphRequest & { readonly of: string })[] = [];
  const backends = Object.entries(answers).map(([name, person]): [SubgraphName, Backend] => {
    const subgraph = name as SubgraphName;
    const fetch = async (question: SubgraphRequest): Promise<SubgraphReply> => {
      asked.push({ ...question, of: name });
      const entities = { data: { _entities: [person] }, errors: [] };
      return person && "fails" in person ? { data: null, errors: [{ message: "away" }] } : entities;
    };
    return [subgraph, { subgraph, fetch }];
  });
  return { of: herFiles(() => new Map(backends)), asked };
}

const worker = { worker: { uid: "file" } };

it.each([
  ["a safe account", worker, { victimOf: ["b", "a"], logSafe: true }, ["file"], ["b", "a"], true],
  ["one that is not", worker, { victimOf: ["b", "a"], logSafe: false }, ["file"], [], false],
  ["one of which nothing is recorded", worker, { victimOf: ["b"], logSafe: null }, ["file"], [], false],
  ["nobody's case", { worker: null }, { victimOf: [], logSafe: true }, [], [], true],
  ["somebody whom neither knows", null, null, [], [], false],
])("%s", async (_name, lmra, epc_spine, workers, cases, isSafe) => {
  const { of, asked } = agencies({ lmra, epc_spine });
  expect(await of("she", true, request)).toEqual({ workers, cases, isSafe });
  expect(asked.map((question) => question.of).toSorted()).toEqual(["epc_spine", "lmra"]);
  expect(JSON.stringify(asked)).not.toContain("900100001");
});

it("asks the ledger about nobody for whom somebody else asks", async () => {
  const { of, asked } = agencies({ lmra: worker, epc_spine: { victimOf: ["a"], logSafe: true } });
  expect(await of("she", false, request)).toEqual({ workers: ["file"], cases: [], isSafe: false });
  expect(asked.map((question) => question.of)).toEqual(["lmra"]);
});

it.each([
  ["the labour authority", { fails: true }, { victimOf: [], logSafe: true }, "LMRA"],
  ["the ledger", worker, { fails: true }, "EPC"],
])("shows no half of a log when %s does not answer", async (_name, lmra, epc_spine, agency) => {
  const { of } = agencies({ lmra, epc_spine });
  await expect(of("she", true, request)).rejects.toMatchObject({
    code: "AGENCY_UNAVAILABLE",
    detail: { agency },
  });
});
