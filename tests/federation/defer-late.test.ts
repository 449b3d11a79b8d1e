/** Late fetches of deferred fragments, and what fails in them. */
import { describe, expect, it } from "vitest";
import type { AgencyCode } from "../../src/kernel/brands.ts";
import { GatewayError } from "../../src/kernel/errors.ts";
import { bodiesOf, merged, requestOf } from "../support/pieces.ts";
import { ask, federation, withFederation } from "./deferring.ts";

withFederation();

describe("late fetches", () => {
  const NESTED = `{ case { title ...@defer(label: "outer") { lead { bed ...@defer(label: "inner") { blood } } } } }`;

  it("begin when the second body is asked for", async () => {
    const asked: string[] = [];
    federation.intercept("shelter", (request, go) => {
      asked.push(request.query);
      return go(request);
    });
    const bodies = bodiesOf(federation.gateway.gateway, {
      query: "{ cases { title ...@defer { lead { bed } } } }",
    });
    const first = await bodies.next();
    expect(JSON.parse(first.value ?? "")).toMatchObject({ hasNext: true });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(asked).toEqual([]);
    expect(JSON.parse((await bodies.next()).value ?? "")).toMatchObject({ hasNext: false });
    expect(asked).toHaveLength(1);
    expect((await bodies.next()).done).toBe(true);
  });

  it("are those of the whole answer, each once", async () => {
    const query = `{ cases { lead { name ...@defer { bed blood } } workers { ...@defer { bed tag } } } }`;
    const { asked } = await federation.ask(query);
    const whole = asked.map((one) => JSON.stringify(one)).sort();
    const heard: string[] = [];
    for (const name of ["ledger", "shelter", "clinic"])
      federation.intercept(name, (request, go) => {
        const { query: text, variables, kind } = request;
        heard.push(JSON.stringify({ subgraph: name, query: text, variables, kind }));
        return go(request);
      });
    const payloads = await ask(query);
    federation.intercept("ledger", null);
    expect(payloads.length).toBeGreaterThan(1);
    expect(heard.sort()).toEqual(whole);
  });

  it("are delivered as they come: an agency that is slow holds up its own fragment alone", async () => {
    const gate = Promise.withResolvers<void>();
    federation.intercept("shelter", async (request, go) => {
      await gate.promise;
      return go(request);
    });
    const query = '{ case { title lead { ...@defer(label: "s") { bed } ...@defer(label: "c") { blood } } } }';
    const bodies = bodiesOf(federation.gateway.gateway, { query });
    await bodies.next();
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      incremental: [{ id: "1", data: { blood: "w1+" } }],
      completed: [{ id: "1" }],
      hasNext: true,
    });
    gate.resolve();
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      incremental: [{ id: "0", data: { bed: "b1" } }],
      completed: [{ id: "0" }],
      hasNext: false,
    });
  });

  it("of a fragment inside another one come after it, and it is announced by then", async () => {
    const gate = Promise.withResolvers<void>();
    federation.intercept("clinic", async (request, go) => {
      await gate.promise;
      return go(request);
    });
    const bodies = bodiesOf(federation.gateway.gateway, { query: NESTED });
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      data: { case: { title: "one" } },
      pending: [{ id: "0", path: ["case"], label: "outer" }],
      hasNext: true,
    });
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      pending: [{ id: "1", path: ["case", "lead"], label: "inner" }],
      incremental: [{ id: "0", data: { lead: { bed: "b1" } } }],
      completed: [{ id: "0" }],
      hasNext: true,
    });
    gate.resolve();
    expect(JSON.parse((await bodies.next()).value ?? "")).toEqual({
      incremental: [{ id: "1", data: { blood: "w1+" } }],
      completed: [{ id: "1" }],
      hasNext: false,
    });
  });

  it("never leave out what the initial answer needs: inputs of `@requires` come in time", async () => {
    const payloads = await ask("{ case { lead { tag ...@defer { bed visits } } } }");
    expect(payloads).toEqual([{ data: { case: { lead: { tag: "tag b1", bed: "b1", visits: ["v"] } } } }]);
    expect(merged(await ask("{ case { lead { name ...@defer { tag } } } }")).data).toEqual({
      case: { lead: { name: "Anu", tag: "tag b1" } },
    });
  });

  it("are aborted when the caller hangs up, by signal or by taking no more", async () => {
    for (const way of ["signal", "return"] as const) {
      const reached = Promise.withResolvers<AbortSignal>();
      federation.intercept("shelter", ({ signal }) => {
        reached.resolve(signal);
        return new Promise((_, reject) =>
          signal.addEventListener("abort", () =>
            reject(new GatewayError("AGENCY_UNAVAILABLE", "hung up", { agency: "shelter" as AgencyCode })),
          ),
        );
      });
      const controller = new AbortController();
      const { signal } = controller;
      const query = "{ case { title ...@defer { lead { bed ...@defer { tag } } } } }";
      const answer = await federation.gateway.gateway.answer(requestOf({ query, signal }));
      if (answer.kind !== "incremental") throw new Error(answer.kind);
      await answer.bodies.next();
      const second = answer.bodies.next();
      const heard = await reached.promise;
      let next = 0;
      federation.intercept("clinic", (request, go) => {
        next += 1;
        return go(request);
      });
      if (way === "signal") controller.abort();
      else await answer.bodies.return?.();
      expect((await second).done).toBe(true);
      expect(heard.aborted).toBe(true);
      expect(next).toBe(0);
    }
  });
});

describe("what fails in a fragment", () => {
  it("is told with it where the null stays inside", async () => {
    federation.intercept("shelter", () =>
      Promise.reject(new GatewayError("AGENCY_TIMEOUT", "late", { agency: "shelter" as AgencyCode })),
    );
    expect(await ask("{ case { title ...@defer { lead { name bed } } } }")).toMatchObject([
      { data: { case: { title: "one" } } },
      {
        incremental: [
          {
            data: { lead: { name: "Anu", bed: null } },
            errors: [{ extensions: { code: "AGENCY_TIMEOUT", agency: "shelter" } }],
          },
        ],
        completed: [{ id: "0" }],
      },
    ]);
  });

  it("ends the fragment at whose object the null arrives, and no other", async () => {
    const payloads = await ask("{ cases { lead { name ...@defer { must } } } }");
    expect(payloads[1]).toEqual({
      incremental: [{ id: "0", data: { must: "m1" } }],
      completed: [
        { id: "0" },
        {
          id: "1",
          errors: [
            {
              message: expect.any(String),
              path: ["cases", 1, "lead", "must"],
              extensions: { code: "AGENCY_BAD_REPLY", agency: "shelter" },
            },
          ],
        },
      ],
      hasNext: false,
    });
    expect(payloads[0]).not.toHaveProperty("errors");
    expect(JSON.stringify(payloads)).not.toContain("canary");
  });

  it("takes what stands inside it with it", async () => {
    const payloads = await ask(
      `{ cases { ...@defer(label: "whole") { lead { name } ...@defer(label: "in") { lead { blood } } } lead { ...@defer(label: "must") { must room { floor } ...@defer(label: "deep") { visits } } } } }`,
    );
    const labels = payloads.flatMap(({ pending = [] }) =>
      pending.map(({ label, path }) => `${label} ${path.join(".")}`),
    );
    expect(labels).toContain("deep cases.0.lead");
    expect(labels).not.toContain("deep cases.1.lead");
    const { data, failed } = merged(payloads);
    expect(failed).toBe(1);
    expect(data).toEqual({
      cases: [
        { lead: { must: "m1", room: { floor: 2 }, visits: ["v"], name: "Anu", blood: "w1+" } },
        { lead: { name: "Bina", blood: "w2+" } },
      ],
    });
  });
});
