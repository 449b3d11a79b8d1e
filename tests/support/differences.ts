/** Holds an answer against what it should be, and says in one line each where it is not. */

/** A value of which only the form is known. */
export class Form {
  readonly name: string;
  readonly fits: (value: unknown) => boolean;
  constructor(name: string, fits: (value: unknown) => boolean) {
    this.name = name;
    this.fits = fits;
  }
}

/** Where an answer is not as expected, `path: expected …, got …`. */
export function differences(expected: unknown, got: unknown, path = ""): readonly string[] {
  if (expected instanceof Form)
    return expected.fits(got) ? [] : [`${path}: expected ${expected.name}, got ${JSON.stringify(got)}`];
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length)
    return unmatched(expected, got, path);
  if (isPlainObject(expected) && isPlainObject(got)) {
    const names = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return [...names].flatMap((name) => differences(expected[name], got[name], `${path}.${name}`));
  }
  return JSON.stringify(expected) === JSON.stringify(got)
    ? []
    : [`${path}: expected ${short(expected)}, got ${short(got)}`];
}

/** Lists are held against each other without their order, which is the agencies' to choose. */
function unmatched(expected: readonly unknown[], got: readonly unknown[], path: string): readonly string[] {
  const left = [...got];
  const missing = expected.filter((item) => {
    const at = left.findIndex((each) => differences(item, each).length === 0);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return missing.flatMap((item, i) => differences(item, left[i], `${path}[]`));
}

const short = (value: unknown): string =>
  String(JSON.stringify(value, (_, each) => (each instanceof Form ? each.name : each))).slice(0, 300);

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Form);
