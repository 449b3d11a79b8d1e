/**
 * Random operations over random federated schemas and data, each compared with a single process.
 *
 * In      a seed, how many schemas, how many operations over each; how to open a gateway over a supergraph.
 * Out     how many cases were compared, and how many the planner refused: it knows not every schema
 *         (`planner-limits.test.ts`), and a refusal shows nobody anything wrong.
 * Errors  the first difference, shrunk: schema, operation, variables, both answers, and the seed that brings it back.
 */
import { composeServices } from "@theguild/federation-composition";
import fc from "fast-check";
import { type GraphQLSchema, parse, validate } from "graphql";
import type { Backend } from "../../../src/execute/backend.ts";
import type { SubgraphName } from "../../../src/kernel/brands.ts";
import { GatewayError } from "../../../src/kernel/errors.ts";
import { type Answer, comparableText } from "./compare.ts";
import type { Model } from "./model.ts";
import { modelSpec } from "./model-spec.ts";
import { operationSpec } from "./operation-spec.ts";
import { mergedSchema, type Subgraphs, singleProcess, subgraphsOf } from "./processes.ts";
import { makeModel } from "./random-model.ts";
import { makeOperation, type Operation } from "./random-operation.ts";
import { modelText, subgraphSdl } from "./sdl.ts";
import { World } from "./world.ts";

export interface OpenGateway {
  answer(operation: Operation): Promise<Answer>;
  close(): Promise<void>;
}

export type Open = (
  supergraphSdl: string,
  backends: ReadonlyMap<SubgraphName, Backend>,
) => Promise<OpenGateway>;

export interface CampaignOptions {
  readonly seed: number;
  readonly schemas: number;
  readonly operations: number;
  readonly open: Open;
  /** Called after each schema. */
  readonly onSchema?: (so: Campaign) => void;
}

export interface Campaign {
  /** Compared, data and errors. */
  readonly cases: number;
  /** Of these, with errors. */
  readonly faulty: number;
  /** Operations that the planner refused. */
  readonly refused: number;
}

type Counts = { -readonly [name in keyof Campaign]: Campaign[name] };

/** Time for making a counterexample smaller. */
const SHRINKING_MS = 60_000;

export async function runCampaign({
  seed,
  schemas,
  operations,
  open,
  onSchema,
}: CampaignOptions): Promise<Campaign> {
  const counts: Counts = { cases: 0, faulty: 0, refused: 0 };
  let stopAt = Number.POSITIVE_INFINITY;
  const property = fc.asyncProperty(modelSpec, fc.nat(), async (spec, operationSeed) => {
    // When time is up, nothing is smaller than what is held.
    if (Date.now() > stopAt) return;
    const rig = await setUp(makeModel(spec), open);
    try {
      await compareOperations(rig, { seed: operationSeed, numRuns: operations }, counts);
    } catch (error) {
      stopAt = Math.min(stopAt, Date.now() + SHRINKING_MS);
      throw error;
    } finally {
      await rig.gateway.close();
    }
    if (stopAt === Number.POSITIVE_INFINITY) onSchema?.(counts);
  });
  const result = await fc.check(property, { seed, numRuns: schemas });
  if (result.failed) throw new Error(`seed ${seed}: ${reasonOf(result)}`);
  return counts;
}

interface Rig {
  readonly model: Model;
  readonly schema: GraphQLSchema;
  readonly subgraphs: Subgraphs;
  readonly gateway: OpenGateway;
}

async function setUp(model: Model, open: Open): Promise<Rig> {
  const documents = model.subgraphs.map((name) => ({ name, sdl: subgraphSdl(model, name).composable }));
  const { supergraphSdl, publicSdl, errors } = composeServices(
    documents.map(({ name, sdl }) => ({ name, url: `http://${name}.test`, typeDefs: parse(sdl) })),
  );
  if (!supergraphSdl || !publicSdl)
    throw new Error(`does not compose: ${errors?.map(({ message }) => message)}\n${modelText(model)}`);
  const subgraphs = subgraphsOf(model);
  try {
    const gateway = await open(supergraphSdl, subgraphs.backends);
    return { model, schema: mergedSchema(publicSdl), subgraphs, gateway };
  } catch (cause) {
    throw new Error(`the gateway refuses the schema: ${cause}\n${modelText(model)}`, { cause });
  }
}

async function compareOperations(
  rig: Rig,
  parameters: { readonly seed: number; readonly numRuns: number },
  counts: Counts,
): Promise<void> {
  const expected = singleProcess(rig.model, rig.schema);
  const property = fc.asyncProperty(operationSpec, fc.nat(0xffff), async (spec, worldSeed) => {
    const operation = makeOperation(rig.schema, spec);
    const [problem] = validate(rig.schema, parse(operation.text));
    if (problem)
      throw new Error(`the generator made what is not valid: ${problem.message}\n${operation.text}`);
    const oracle = expected(operation, new World(rig.model, worldSeed));
    const answer = await answerOf(rig, operation, worldSeed);
    if (answer === null) {
      counts.refused++;
      return;
    }
    counts.cases++;
    if (oracle.errors?.length) counts.faulty++;
    const wanted = comparableText(oracle);
    if (answer !== wanted)
      throw new Error(`world ${worldSeed}\n${describe(operation)}\nexpected ${wanted}\ngot ${answer}`);
  });
  const result = await fc.check(property, parameters);
  if (result.failed) throw new Error(`${reasonOf(result)}\n${modelText(rig.model)}`);
}

/** The gateway's answer, comparable; null when the planner refused. */
async function answerOf(
  { model, subgraphs, gateway }: Rig,
  operation: Operation,
  worldSeed: number,
): Promise<string | null> {
  subgraphs.world = new World(model, worldSeed);
  subgraphs.invalid.length = 0;
  try {
    const text = comparableText(await gateway.answer(operation));
    return subgraphs.invalid.length > 0 ? `an invalid document: ${subgraphs.invalid[0]}` : text;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "PLANNER_UNAVAILABLE") return null;
    return `a refusal: ${error instanceof Error ? error.stack : error}`;
  }
}

const reasonOf = ({ errorInstance }: { readonly errorInstance: unknown }): string =>
  errorInstance instanceof Error ? errorInstance.message : String(errorInstance);

const describe = ({ text, operationName, variables }: Operation): string =>
  `${text}\noperationName ${operationName}, variables ${JSON.stringify(variables)}`;
