/** `docs/errors.md`, generated from the table of codes and the messages; a test holds the file equal to both. */
import { ERRORS, type ErrorCode, type ErrorFamily } from "../kernel/errors.ts";
import { MESSAGES } from "../kernel/messages.ts";

const FAMILIES: Readonly<Record<ErrorFamily, { readonly title: string; readonly says: string }>> = {
  caller: {
    title: "The request",
    says: "Shown as written; names the part of the request that is wrong and holds no personal data.",
  },
  agency: {
    title: "An agency",
    says: "Beside partial data: the other fields are complete. `extensions.agency` names the agency; its own words are never shown.",
  },
  gateway: {
    title: "The gateway",
    says: "Masked. `extensions.traceId` finds the cause in the gateway's log.",
  },
  startup: {
    title: "Start-up",
    says: "On the console, all problems at once; the command ends with status 1 and nothing has been served.",
  },
};

const INTRODUCTION = `# Errors

Generated from \`src/kernel/errors.ts\` and \`src/kernel/messages.ts\`; do not edit.

Every error carries a stable \`extensions.code\`; the text may change. \`Accept-Language\` chooses Arabic or English.
A request refused as a whole has the HTTP status given here. With \`Accept: application/json\`, the older media type, errors of the
document itself (parsing, validation, variables, limits, cursors, hashes of persisted queries) are answered with 200, as GraphQL over HTTP asks;
\`application/graphql-response+json\` always carries the status.
`;

export function errorReference(): string {
  const families = Object.keys(FAMILIES) as ErrorFamily[];
  return [INTRODUCTION, ...families.map(familyText)].join("\n");
}

function familyText(family: ErrorFamily): string {
  const { title, says } = FAMILIES[family];
  const codes = (Object.keys(ERRORS) as ErrorCode[]).filter((code) => ERRORS[code].family === family);
  return [
    `## ${title} (\`${family}\`)`,
    "",
    says,
    "",
    "| code | status | meaning | what to do | in Arabic |",
    "|---|---|---|---|---|",
    ...codes.map(row),
    "",
  ].join("\n");
}

function row(code: ErrorCode): string {
  const { en, ar, advice } = MESSAGES[code];
  return `| \`${code}\` | ${ERRORS[code].status || "–"} | ${en} | ${advice} | ${ar} |`;
}
