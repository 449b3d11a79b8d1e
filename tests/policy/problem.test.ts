/** Problems as lines, and as data again. */
import { expect, it } from "vitest";
import { type PolicyProblem, placedProblem, problemText } from "../../src/policy/problem.ts";

const PROBLEMS: readonly PolicyProblem[] = [
  { place: { file: "ngo/care.cedar", line: 3, column: 14 }, message: "`x` is no action: see 12:4: there" },
  { place: { file: "iga/سياسة 1.cedar", line: 1, column: 1 }, message: "two\nlines" },
  { place: null, message: "there are no files" },
];

it.each(PROBLEMS)("gives back what was written: $message", (problem) => {
  const { file = null, line = null, column = null } = problem.place ?? {};
  expect(placedProblem(problemText(problem))).toEqual({ file, line, column, message: problem.message });
});

it("takes a line without a column, and leaves what names no place as it is", () => {
  expect(placedProblem("ngo/ngo.test.yaml:29: NGO.legal asks Case.id: expected DENY")).toEqual({
    ...{ file: "ngo/ngo.test.yaml", line: 29, column: null },
    message: "NGO.legal asks Case.id: expected DENY",
  });
  for (const message of ["FAIL shelter: it speaks of no reader\n", "ngo.test.yaml: NGO.legal may not claim"])
    expect(placedProblem(message)).toEqual({ file: null, line: null, column: null, message });
});
