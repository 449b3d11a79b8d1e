/**
 * What would have to be different for a refused question to be answered: the smallest changes of the row, tried out.
 *
 * In      a question as `policy decide` reads it.
 * Out     up to three sets of changes, each as small as any that works (three changes at most), with the effect that
 *         the engine gives then. Empty when no change of the row, the purpose or the certificates opens the field.
 * Rule    a change is what a person could bring about or what could be the case: a referral, a consent, an assignment,
 *         another purpose of the same role. Nothing here reasons about policies: the engine answers every try.
 * Cost    some thousands of decisions, a few tens of milliseconds.
 */
import { type Answer, DECIDE_NOW, type DecideQuestion, decideQuestion } from "../decide.ts";
import type { PolicySet } from "../policy-set.ts";
import { type Language, PHRASES, type Phrases } from "./phrases.ts";

export interface Alternative {
  readonly changes: readonly string[];
  readonly answer: Answer;
}

interface Change {
  readonly words: string;
  readonly make: (question: DecideQuestion) => DecideQuestion;
}
type Row = NonNullable<DecideQuestion["row"]>;

const MAX_CHANGES = 3;
const MAX_ALTERNATIVES = 3;
const LATER = DECIDE_NOW * 2;
const WANTED = ["ALLOW", "MASK", "AGGREGATE"] as const;

export function nearestAnswers(
  policySet: PolicySet,
  question: DecideQuestion,
  language: Language = "en",
): readonly Alternative[] {
  const group = policySet.domain.fields.get(question.field)?.group;
  if (group === undefined) return [];
  const changes = changesOf(policySet, question, group, PHRASES[language]);
  for (const effect of WANTED) {
    for (let size = 1; size <= MAX_CHANGES; size++) {
      const found: Alternative[] = [];
      for (const chosen of choices(changes, size)) {
        const answer = decideQuestion(
          policySet,
          chosen.reduce((asked, { make }) => make(asked), question),
        );
        if (answer.effect === effect) found.push({ changes: chosen.map(({ words }) => words), answer });
        if (found.length === MAX_ALTERNATIVES) break;
      }
      if (found.length > 0) return found;
    }
  }
  return [];
}

function* choices<T>(items: readonly T[], size: number, from = 0): Generator<readonly T[]> {
  if (size === 0) yield [];
  for (let index = from; size > 0 && index < items.length; index++)
    for (const rest of choices(items, size - 1, index + 1)) yield [items[index]!, ...rest];
}

function changesOf(
  policySet: PolicySet,
  question: DecideQuestion,
  group: string,
  { changes, flags, sets, breakGlass }: Phrases,
): readonly Change[] {
  const { agency, role, purpose } = question;
  const row = question.row ?? {};
  const onRow = (words: string, make: (row: Row) => Row): Change => ({
    words,
    make: (asked) => ({ ...asked, row: make(asked.row ?? {}) }),
  });
  const unless = (already: unknown, change: Change) => (already === true ? [] : [change]);
  const without = (flag: "child" | "sealed" | "officialSuspect" | "staffConflict") =>
    row[flag] === true ? [onRow(flags[flag]![1], (before) => ({ ...before, [flag]: false }))] : [];
  const refused = (row.consents ?? []).some(
    ({ status, groups }) => isRefusal(status) && groups?.includes(group),
  );
  return [
    // First, so that a referral that is added too is for that purpose.
    ...[...(policySet.domain.roles.get(role) ?? [])]
      .filter((other) => other !== purpose)
      .map(
        (other): Change => ({
          words: changes.purpose(other),
          make: (asked) => ({ ...asked, purpose: other }),
        }),
      ),
    ...(refused ? [onRow(changes.noRefusal(group, agency), withoutRefusal(group))] : []),
    onRow(changes.consent(agency, group), (before) => ({
      ...before,
      consents: [
        ...(before.consents ?? []),
        { status: "GIVEN", validUntil: LATER, recipients: [agency], groups: [group] },
      ],
    })),
    {
      words: changes.grantingReferral(agency, group),
      make: (asked) => ({ ...asked, row: withReferral(asked.row ?? {}, asked.purpose, [group]) }),
    },
    {
      words: changes.referral(agency),
      make: (asked) => ({ ...asked, row: withReferral(asked.row ?? {}, asked.purpose, []) }),
    },
    ...unless(
      row.own,
      onRow(flags["own"]![0], (before) => ({ ...before, own: true })),
    ),
    ...unless(
      row.owner,
      onRow(flags["holder"]![0], (before) => ({ ...before, owner: true })),
    ),
    ...unless(
      row.assigned ?? true,
      onRow(flags["assigned"]![0], (before) => ({ ...before, assigned: true })),
    ),
    ...unless(
      row.caseBound ?? true,
      onRow(changes.reachedByCase, (before) => ({ ...before, caseBound: true })),
    ),
    onRow(changes.court(group), (before) => ({
      ...before,
      charged: true,
      courtGroups: [...(before.courtGroups ?? []), group],
    })),
    ...without("child"),
    ...without("sealed"),
    ...without("officialSuspect"),
    ...without("staffConflict"),
    ...named(policySet, "Certificate", row.certificates ?? []).map((name) =>
      onRow(sets["certificates"]!(name)[0], (before) => ({
        ...before,
        certificates: [...(before.certificates ?? []), name],
      })),
    ),
    ...named(policySet, "Basis", [row.basis ?? "NONE"]).map((basis) =>
      onRow(changes.basis(basis), (before) => ({ ...before, basis })),
    ),
    onRow(breakGlass[0], (before) => ({ ...before, breakGlass: { until: LATER } })),
  ];
}

const named = ({ schema }: PolicySet, vocabulary: string, except: readonly string[]): readonly string[] =>
  (schema.enums.get(vocabulary) ?? []).filter((name) => !except.includes(name));

const isRefusal = (status: string | null | undefined) => status === "REFUSED" || status === "WITHDRAWN";

const withoutRefusal =
  (group: string) =>
  (row: Row): Row => ({
    ...row,
    consents: (row.consents ?? []).map((consent) =>
      isRefusal(consent.status)
        ? { ...consent, groups: (consent.groups ?? []).filter((each) => each !== group) }
        : consent,
    ),
  });

const withReferral = (row: Row, purpose: string, groups: readonly string[]): Row => ({
  ...row,
  referrals: [
    ...(row.referrals ?? []),
    { status: "ACCEPTED", expiresAt: LATER, purpose, groups: [...groups] },
  ],
});
