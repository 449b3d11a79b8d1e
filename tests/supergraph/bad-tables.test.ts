/** Words of decisions that the tables of a schema folder lack or have wrong: each is told at the start, with what to do. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { describeSupergraphProblems } from "../../src/supergraph/load.ts";
import { schemaCopy } from "./schema-copy.ts";

describe("the words of decisions", () => {
  type Extra = Record<string, unknown> & {
    kinds: Record<string, string[]>;
    neverBroken: string[];
    subjects: string[];
    bases: string[];
    certificates: string[];
  };
  const problemsOf = async (change: (extra: Extra) => unknown): Promise<readonly string[]> => {
    await using schema = await schemaCopy();
    const path = join(schema.dir, "manifest.extra.json");
    const extra = JSON.parse(await readFile(path, "utf8"));
    change(extra);
    await writeFile(path, JSON.stringify(extra));
    return (await describeSupergraphProblems(schema.dir)).map((problem) =>
      problem.replace(`${schema.dir}/`, ""),
    );
  };
  const without = (list: readonly string[] | undefined, word: string) =>
    (list ?? []).filter((each) => each !== word);

  it.each<[string, (extra: Extra) => unknown, string]>([
    [
      "a group of no kind",
      ({ kinds }) => Object.assign(kinds, { personData: without(kinds["personData"], "CONTACT") }),
      "the group `CONTACT` is in none of `kinds`; list it once",
    ],
    [
      "a group of two kinds",
      ({ kinds }) => void kinds["commonData"]?.push("CONTACT"),
      "the group `CONTACT` is in personData and commonData of `kinds`; list it once",
    ],
    [
      "a kind of a group that is not there",
      ({ kinds }) => void kinds["caseData"]?.push("INSURANCE"),
      "`INSURANCE` is no group of domain.json; remove it",
    ],
    [
      "what is never broken and not there",
      ({ neverBroken }) => void neverBroken.push("SUSPECTS"),
      "`SUSPECTS` is no group of domain.json; remove it",
    ],
    [
      "a header that is no case data",
      ({ kinds }) => {
        Object.assign(kinds, { caseData: without(kinds["caseData"], "CASE_HEADER") });
        kinds["commonData"]?.push("CASE_HEADER");
      },
      "`kinds.caseData` must list `CASE_HEADER`, by which a case exists",
    ],
    [
      "a subject that is no entity",
      ({ subjects }) => void subjects.push("Screening"),
      "`Screening` cannot be a subject: it is no entity of a register; remove it",
    ],
    [
      "a basis that says that there is none",
      ({ bases }) => void bases.push("NONE"),
      "`NONE` is listed twice; remove one",
    ],
    [
      "a certificate twice",
      ({ certificates }) => void certificates.push("SAFEGUARDING"),
      "`SAFEGUARDING` is listed twice; remove one",
    ],
  ])("tells of %s", async (_, change, problem) => {
    expect(await problemsOf(change)).toEqual([`manifest.extra.json: ${problem}`]);
  });

  it.each(["kinds", "neverBroken", "subjects", "bases", "certificates"])(
    "cannot do without `%s`",
    async (key) => {
      const problems = await problemsOf((extra) => void delete extra[key]);
      expect(problems).toEqual([expect.stringMatching(`^manifest.extra.json: \`${key}\`: Invalid input`)]);
    },
  );
});
