/** What the makers of true objects share: the world's rows, and each other, for objects lead from one to the next. */
import type * as R from "../../../sandbox/synth/types.ts";
import type { World } from "../../../sandbox/synth/world.ts";
import type { indexOf, keysOf } from "./rows.ts";
import type { Fields, TrueObject } from "./true-object.ts";

export interface Tree {
  readonly world: World;
  readonly keys: ReturnType<typeof keysOf>;
  readonly rows: ReturnType<typeof indexOf>;
  /** Index of the issue's case, of which alone parties exist; null without an issue. */
  readonly issue: number | null;

  caseAt(index: number): TrueObject;
  contentOf(row: R.CaseContentRow): Fields;
  party(spine: R.CaseSpineRow, row: R.CasePartyRow): TrueObject;
  person(uid: string): TrueObject;
  worker(row: R.LmraWorkerRow): TrueObject;
  employer(uid: string): TrueObject;
  investigation(policeNumber: string): TrueObject | null;
  prosecution(number: string): TrueObject | null;
  trial(courtNumber: string): TrueObject | null;
  award(row: R.CrtCompensationRow): TrueObject;
  fundGrants(caseRef: string): readonly TrueObject[];
  agency(address: string): TrueObject;
  order(row: R.TravelOrderRow | null | undefined): TrueObject | null;
  staff(uid: string | null): TrueObject | null;
}
