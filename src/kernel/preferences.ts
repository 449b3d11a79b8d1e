/**
 * The elements of an `Accept…` header, as written, each with its weight (RFC 9110 §12.4.2).
 *
 * In      the header; undefined and empty hold no element.
 * Out     value and parameters in lower case without `q`, in the order given. A weight that is no number counts as 0.
 */
export interface Preference {
  readonly value: string;
  readonly parameters: readonly string[];
  readonly quality: number;
}

export const preferencesOf = (header: string | undefined): readonly Preference[] =>
  header ? header.toLowerCase().split(",").map(preference) : [];

function preference(element: string): Preference {
  const [value = "", ...all] = element.trim().split(/\s*;\s*/);
  const weight = all.find((parameter) => parameter.startsWith("q="));
  return {
    value,
    parameters: all.filter((parameter) => parameter !== weight && parameter !== ""),
    quality: weight === undefined ? 1 : Number(weight.slice(2)) || 0,
  };
}
