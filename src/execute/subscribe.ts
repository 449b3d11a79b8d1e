/**
 * Runs a subscription: the events of one agency, each with the fetches that follow it, as an execution of its own.
 *
 * In      a plan whose fetches begin with a subscription; for each event what a request is executed with, at that event's instant.
 * Out     one execution for each event, in order; the next event is asked for when the one before has been taken.
 * Ends    with the agency's stream, with `return`, or with the request's signal; `return` and the signal reach the agency.
 * Errors  a `GatewayError` of the agency family when the agency breaks off; NOT_IMPLEMENTED when it cannot be subscribed at.
 */
import type { SubgraphName } from "../kernel/brands.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { PlanNode } from "../plan/fetch-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { headOf, requestFor, variableMembers } from "./ask.ts";
import type { SubgraphReply } from "./backend.ts";
import { type ExecuteRequest, type Execution, openRun, stepOf } from "./execute.ts";
import { takeReply } from "./root-fetch.ts";

type Primary = Extract<PlanNode, { readonly kind: "Subscription" }>["primary"];

export async function* subscribe(
  first: ExecuteRequest,
  atEvent: () => Promise<ExecuteRequest>,
): AsyncGenerator<Execution, void, undefined> {
  const { plan } = first;
  const [part] = plan.parts;
  const primary = part && primaryOf(part.fetches.node);
  if (!primary) throw new GatewayError("INTERNAL_SERVER_ERROR", "a subscription's plan has no subscription");
  const take = takeReply(primary, plan.internal.root, plan.types);
  const follow = stepOf(part, plan);
  for await (const reply of eventsOf(first, primary)) {
    const run = openRun(await atEvent());
    take(run, reply);
    await follow(run);
    yield run;
  }
}

function eventsOf(request: ExecuteRequest, primary: Primary): AsyncIterable<SubgraphReply> {
  const subgraph = primary.serviceName as SubgraphName;
  const backend = request.backends.get(subgraph);
  if (!backend?.subscribe)
    throw new GatewayError("NOT_IMPLEMENTED", `\`${subgraph}\` cannot be subscribed at`, {
      params: { what: "subscription" },
    });
  const variables = variableMembers(openRun(request), primary.variableUsages ?? []);
  const query = primary.operation;
  return backend.subscribe(
    requestFor(request, { query, head: headOf(query), kind: "subscription", variables }),
  );
}

/** The first node of the plan, whatever follows it. */
function primaryOf(node: Plan["parts"][number]["fetches"]["node"]): Primary | null {
  if (!node) return null;
  if (node.kind === "Subscription") return node.primary;
  return node.kind === "Sequence" ? primaryOf(node.nodes[0]) : null;
}
