/** How the rows of the synthetic world's spine become rows of the ledger's tables: one function per table. */
import type {
  AssignmentRow,
  CaseEventRow,
  CasePartyRow,
  CaseSpineRow,
  ConsentRow,
  EpcPersonRow,
  FacilityRow,
  ReferralRow,
} from "../sandbox/synth/types.ts";

/** Table → rows, in the order in which they can be inserted. */
export type TableRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

export const personRow = (row: EpcPersonRow) => ({
  uid: row.uid,
  is_child: row.isChild,
  aliases: row.aliases,
  primary_language: row.primaryLanguage,
  other_languages: row.otherLanguages,
  number_of_children: row.numberOfChildren,
  education: row.education,
  safe_contact: row.safeContact,
});

export const facilityRow = (row: FacilityRow) => ({
  uid: row.uid,
  name: row.name,
  area: row.area,
  address: row.address,
  capacity: row.capacity,
  house_member: row.house,
});

/** `court`: the member that seals; the world says only that a case is sealed. */
export function spineRows(cases: readonly CaseSpineRow[], court: string): TableRows {
  const each = <Row>(list: (row: CaseSpineRow) => readonly Row[]) =>
    cases.flatMap((row) => list(row).map((item) => ({ case_uid: row.uid, ...item })));
  return {
    case_file: cases.map(caseFile),
    related_case: each((row) => row.relatedCases.map((related_uid) => ({ related_uid }))),
    track_event: each((row) => row.events.map(trackEvent)),
    case_party: each((row) => row.parties.map(caseParty)),
    consent: each((row) => row.consents.map(consent)),
    consent_recipient: cases.flatMap((row) => row.consents.flatMap(consentRecipients)),
    referral: each((row) => row.referrals.map(referral)),
    case_staff: each((row) => row.assignments.map(caseStaff)),
    case_overlay: each(overlays),
    agency_event: each((row) => agencyEvents(row, court)),
  };
}

const caseFile = (row: CaseSpineRow) => ({
  uid: row.uid,
  nrm_number: row.nrmNumber,
  owner_member: row.owner,
  case_worker: row.caseWorker,
  opened_at: row.openedAt,
  closed_at: row.closedAt,
  closure_reason: row.closureReason,
  merged_into: row.mergedInto,
  risk_level: row.riskLevel,
  identification_state: row.tracks.IDENTIFICATION,
  protection_state: row.tracks.PROTECTION,
  justice_state: row.tracks.JUSTICE,
  labour_state: row.tracks.LABOUR,
  redress_state: row.tracks.REDRESS,
  holders: row.holders,
});

const trackEvent = (row: CaseEventRow) => ({
  track: row.track,
  version: row.version,
  at: row.at,
  from_state: row.from,
  to_state: row.to,
  by_member: row.by,
  purpose: row.purpose,
  field_group: row.group,
});

const caseParty = (row: CasePartyRow) => ({
  uid: row.uid,
  person: row.person,
  role: row.role,
  code: row.code,
  from_date: row.from,
  until_date: row.until,
  is_child: row.isChild,
  trafficking_status: row.traffickingStatus,
  status_decided_by: row.statusDecidedBy,
  age_when_trafficked: row.ageWhenTrafficked,
  relationship_to_trafficker: row.relationshipToTrafficker,
  documents_held_by: row.documentsHeldBy,
  holders: row.holders,
});

const consent = (row: ConsentRow) => ({
  uid: row.uid,
  scope: row.scope,
  field_groups: row.fieldGroups,
  status: row.status,
  given_by: row.givenBy,
  checklist: row.checklist,
  given_at: row.givenAt,
  valid_until: row.validUntil,
  withdrawn_at: row.withdrawnAt,
  replaced_by: row.replacedBy,
});

const consentRecipients = ({ uid, recipients }: ConsentRow) =>
  recipients.map((member) => ({ consent_uid: uid, member }));

const referral = (row: ReferralRow) => ({
  uid: row.uid,
  from_member: row.from,
  to_member: row.to,
  reason: row.reason,
  purpose: row.purpose,
  status: row.status,
  granted_groups: row.grantedGroups,
  basis: row.basis,
  consent_uid: row.consent,
  sent_at: row.sentAt,
  responded_at: row.respondedAt,
  expires_at: row.expiresAt,
  details: row.details,
});

const caseStaff = (row: AssignmentRow) => ({
  member: row.member,
  staff_id: row.staffId,
  capacity: row.capacity,
  side: row.side,
});

const overlays = ({ overlays: { officialSuspect, staffConflict } }: CaseSpineRow) => [
  ...officialSuspect.map((subject) => ({ kind: "OFFICIAL_SUSPECT", subject })),
  ...staffConflict.map((subject) => ({ kind: "STAFF_CONFLICT", subject })),
];

function agencyEvents({ events, openedAt, owner, overlays }: CaseSpineRow, court: string) {
  const charge = events.find(({ track, to }) => track === "JUSTICE" && to === "CHARGED");
  const at = charge?.at ?? openedAt;
  return [
    ...(overlays.charged
      ? [{ kind: "CHARGED", at, by_member: charge?.by ?? owner, court_groups: overlays.courtGroups }]
      : []),
    ...(overlays.sealed ? [{ kind: "SEALED", at, by_member: court || owner, court_groups: [] }] : []),
  ];
}
