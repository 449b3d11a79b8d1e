/** Who can see a field, in words, for a terminal. */
import { effectText, readerNames } from "./names.ts";
import type { ConditionedPolicy, Seeing, WhoSees } from "./who.ts";

export function whoText({ field, seeing, never }: WhoSees): string {
  const { coordinate, group, level } = field;
  const ways = [true, false].flatMap((caseBound) => {
    const here = seeing.filter((each) => each.caseBound === caseBound);
    return here.length === 0
      ? []
      : ["", caseBound ? "Reached by a case" : "Read without a case", ...here.flatMap(seeingLines)];
  });
  return [
    `${coordinate} (${group}, ${level})`,
    ...ways,
    ...(never.length > 0 ? ["", "Never", `  ${readerNames(never)}`] : []),
    "",
  ].join("\n");
}

function seeingLines({ readers, effect, level, when, permits, forbids }: Seeing): readonly string[] {
  const who = `  ${readerNames(readers)}: ${effectText({ effect, level })}`;
  if (when === "always")
    return [
      `${who} always (${permits.flatMap(({ policy, obligations }) => [policy, ...obligations]).join(", ")})`,
    ];
  return [
    `${who} when`,
    ...permits.map((permit, index) => `    ${index === 0 ? "   " : "or "}${conditionWords(permit)}`),
    ...forbids.map((forbid) => `    unless ${conditionWords(forbid)}`),
  ];
}

const conditionWords = ({ policy, conditions, obligations }: ConditionedPolicy): string =>
  `${conditions.join(" and ") || "always"} (${[policy, ...obligations].join(", ")})`;
