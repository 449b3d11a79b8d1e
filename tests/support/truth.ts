/**
 * The synthetic world as one reader without limits would see it: objects of the public schema, built straight from the rows of
 * `sandbox/synth` and the link rows. What an answer shows is held against it.
 *
 * In      a world. Out: the case at an index, a person, worker or employer by key, as a tree that is built while it is walked.
 * Rule    nothing here reads a resolver, the ledger or a policy; a field that is not written down here is an error, not a null.
 */
import type { LmraWorkerRow } from "../../sandbox/synth/types.ts";
import type { World } from "../../sandbox/synth/world.ts";
import { cases } from "./truth/cases.ts";
import { content } from "./truth/content.ts";
import { directory } from "./truth/directory.ts";
import { justice } from "./truth/justice.ts";
import { labour } from "./truth/labour.ts";
import { people } from "./truth/people.ts";
import { indexOf, keysOf } from "./truth/rows.ts";
import type { Tree } from "./truth/tree.ts";
import type { TrueObject } from "./truth/true-object.ts";

export interface Truth {
  /** The case at an index, under an issue of itself: rows of other cases do not exist. */
  caseAt(index: number): TrueObject;
  /** What is reached from registers, with the parties of every case. */
  readonly registers: {
    person(uid: string): TrueObject;
    worker(permitNo: string): TrueObject;
    employer(uid: string): TrueObject;
  };
}

export function createTruth(world: World): Truth {
  const keys = keysOf(world);
  const rows = indexOf(world);
  const known = new Map<number, TrueObject>();
  const { person, worker, employer } = treeOf({ world, keys, rows, issue: null });
  const permits = new Map([...world.lmra.workers].map((row) => [row.permitNo, row]));
  return {
    caseAt: (index) => {
      const made = known.get(index) ?? treeOf({ world, keys, rows, issue: index }).caseAt(index);
      known.set(index, made);
      return made;
    },
    registers: { person, employer, worker: (permitNo) => worker(permits.get(permitNo) as LmraWorkerRow) },
  };
}

function treeOf(base: Pick<Tree, "world" | "keys" | "rows" | "issue">): Tree {
  const tree = { ...base } as Tree;
  const makers = [cases, content, people, labour, justice, directory];
  return Object.assign(tree, ...makers.map((make) => make(tree)));
}
