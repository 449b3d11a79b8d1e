/**
 * What policy says about one field for one reader: settled for every row, or a residual that a row's facts settle.
 */
import type { Coordinate, PolicyId } from "../kernel/brands.ts";
import type { Obligations } from "../kernel/obligations.ts";

/** Effects of the decision procedure (domain rules §5). */
export type Effect = "ALLOW" | "MASK" | "AGGREGATE" | "DENY" | "HIDE";

export interface Outcome {
  readonly effect: Effect;
  /** Reason code R1–R17 as recorded; null when the effect needs none (step 1). */
  readonly reason: string | null;
  /** Reason as told to the reader: R10, sealed and staff overlays read R7. */
  readonly shownReason: string | null;
  readonly policies: readonly PolicyId[];
  /** For MASK: what remains. `keep`: the value as it is; `rows`: only rows whose `inRows` is true; else a form of `kernel/mask-forms.ts`. */
  readonly mask: Mask | null;
  /** Of all policies that show it, added up; none when nothing is shown. */
  readonly obligations: Obligations;
}

/** A form of the value, by its name: `transform:year`. */
export type MaskName = `transform:${string}`;
export type Mask = "keep" | "rows" | MaskName;

/**
 * Facts about a row that policies read (domain rules §1 and §3), folded by `facts.ts`; one object per case row,
 * shared by all fields reached from it. Opaque outside `policy/`.
 */
export interface Facts {
  readonly caseBound: boolean;
  readonly holder: boolean;
  readonly party: boolean;
  readonly known: boolean;
  readonly granted: readonly string[];
  readonly consented: readonly string[];
  readonly refused: readonly string[];
  /** Legal basis of the referral by which the reader reads; `NONE` when there is none. */
  readonly basis: string;
  readonly assigned: boolean;
  readonly charged: boolean;
  readonly courtGroups: readonly string[];
  readonly child: boolean;
  readonly sealed: boolean;
  readonly officialSuspect: boolean;
  readonly staffConflict: boolean;
  /** Milliseconds since the epoch (plain numbers in `policy decide`), 0 when none is open. */
  readonly breakGlassUntil: number;
  readonly now: number;
}

/** A fact by name; `own` comes with the row, not with the case. */
export type FactName = keyof Facts | "own";

export type Verdict =
  | { readonly kind: "settled"; readonly outcome: Outcome }
  | {
      readonly kind: "residual";
      /** Settles one row. `own`: the row belongs to the reader's organisation. Pure; any failure inside is DENY or HIDE, never a throw. */
      readonly decide: (facts: Facts, own: boolean) => Outcome;
      /** Facts that the decision reads, `own` included when it does. */
      readonly reads: ReadonlySet<FactName>;
      /** False when no row can be ALLOW or MASK: the field is never fetched, the facts only tell DENY from HIDE and why. */
      readonly opens: boolean;
      /** False when no row can be ALLOW: nobody may search, sort or look up by the field (domain rules §5). */
      readonly allows: boolean;
    };

/** A field on a path: reached by a case (`caseBound`) or from a register or published list. */
export interface Question {
  readonly coordinate: Coordinate;
  readonly caseBound: boolean;
}

/** Verdicts of one policy version for one reader profile; memoised, so the same question gives the same object. */
export interface Profile {
  /** Identifies agency, role, purpose and certificates under this policy version; equal keys give equal verdicts. */
  readonly key: string;
  verdict(question: Question): Verdict;
}
