/**
 * Random tests draw from the run's seed (Vitest setup file): `npm test` the same cases each time, so that what it says depends on the
 * code alone; `npm test -- --sequence.seed N` others.
 */
import fc from "fast-check";
import { inject } from "vitest";

fc.configureGlobal({ seed: inject("campaign").seed });
