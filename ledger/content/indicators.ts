/**
 * The 67 indicators of trafficking (ILO, Delphi), with strength, forced-labour indicator and control method.
 *
 * A closed list of the national model (`schema/domain.json`), read once; nobody's data, so it is nobody's row.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/config/package-root.ts";
import type { Indicator } from "./indicator.ts";

interface ModelIndicator {
  readonly code: string;
  readonly dimension: string;
  readonly strength: string;
  readonly ar: string;
  readonly en: string;
  readonly ilo11: string | null;
  readonly htcds: string | null;
}

const { indicators } = JSON.parse(readFileSync(join(PACKAGE_ROOT, "schema/domain.json"), "utf8")) as {
  readonly indicators: readonly ModelIndicator[];
};

export const INDICATORS: readonly Indicator[] = indicators.map(({ ar, en, htcds, ...indicator }) => ({
  ...indicator,
  label: { ar, en },
  controlMethod: htcds,
}));

const byCode = new Map(INDICATORS.map((indicator) => [indicator.code, indicator]));

/** Null for a code that the list no longer has. */
export const indicatorOf = (code: string): Indicator | null => byCode.get(code) ?? null;
