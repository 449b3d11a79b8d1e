/** In canary mode every personal value carries a token that occurs nowhere else, and nothing else changes. */
import { describe, expect, it } from "vitest";
import { tablesOf, textsOf, world } from "./tables-of.ts";

const TOKEN = /cnr-[a-zA-Z.]+-\d+-[a-zA-Z0-9-]+/g;
/** Personal values: every field of these names, wherever it stands. */
const PERSONAL =
  /(^|\.)(full|given|father|grandfather|family|name|nameAr|nameLatin|building|summary|text|physical|psychological|securityPlan|objectives|actionPlan|narrative|riskAssessment|rationale|details|perpetratorDetails|codeWord|reasons|nonPunishmentNote|description|foreignNumber|recordingRef)$|aliases\[|lines\[/;
/** Published by the committee and the training centre: nobody's. */
const PUBLIC = /^(ncc|rtc)\./;
/** Code lists and names of rules, in fields that are called as personal ones are. */
const NOT_PERSONAL = /^(lmra\.riskSignals|lmra\.employments)$/;

describe("canary mode", () => {
  const marked = tablesOf(world("tiny", true));

  it.each([...marked.keys()].filter((name) => !PUBLIC.test(name) && !NOT_PERSONAL.test(name)))(
    "marks every personal value of %s",
    (name) => {
      for (const row of marked.get(name)!)
        for (const [path, text] of textsOf(row))
          if (PERSONAL.test(path)) expect(text, `${name} ${path}`).toMatch(TOKEN);
    },
  );

  it("uses no token for two values", () => {
    const seen = new Map<string, string>();
    for (const [name, rows] of marked)
      for (let i = 0; i < rows.count; i++)
        for (const [path, text] of textsOf(rows.row(i)))
          for (const token of text.match(TOKEN) ?? []) {
            const place = `${name}[${i}].${path}`;
            expect(seen.get(token) ?? place, token).toBe(place);
            seen.set(token, place);
          }
    expect(seen.size).toBeGreaterThan(3_000);
  });

  it("changes nothing but the marked text", () => {
    const plain = tablesOf(world("tiny"));
    for (const [name, rows] of marked)
      for (let i = 0; i < rows.count; i++) {
        const unmarked = JSON.stringify(rows.row(i))?.replaceAll(new RegExp(` ${TOKEN.source}`, "g"), "");
        expect(unmarked).toBe(JSON.stringify(plain.get(name)!.row(i)));
      }
  });
});
