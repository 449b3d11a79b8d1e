/**
 * What officers did, each as a signed note: a draft, an approval, a publication or rollback, a shadow.
 *
 *     ihala policy approval
 *     {"draft":7,"hash":"…","base":3,"by":{…},"at":"2026-11-25T10:00:00.000Z"}
 *
 *     — ihala-policies base64(key id, Ed25519 signature)
 *
 * Rule    a row of the database counts for what its note says, and only when a trusted key has signed it: who can write to the
 *         database alone can neither approve nor publish. Personal data: officers' staff ids, as in the disclosure log.
 * Errors  POLICY_UNTRUSTED, naming the row.
 */
import { z } from "zod";
import { type NoteSigner, type NoteVerifier, openNote, signNote } from "../audit/note.ts";
import { GatewayError } from "../kernel/errors.ts";

/** Name of every key that signs statements. */
export const KEY_NAME = "ihala-policies";
/** Characters of what a draft is about. */
export const MAX_TITLE = 200;

const officer = z.strictObject({ agency: z.string(), member: z.string(), staff: z.string() });
const number = z.int().min(1);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const act = { by: officer, at: z.iso.datetime() };

const KINDS = {
  draft: z.strictObject({
    number,
    hash,
    /** The publication that the draft changes; null while nothing is published. */
    base: number.nullable(),
    title: z.string().max(MAX_TITLE),
    /** Somebody would see more, or a promise would no longer be kept. */
    widens: z.boolean(),
    /** Agencies of which an officer must approve. */
    needs: z.array(z.string()),
    ...act,
  }),
  approval: z.strictObject({ draft: number, hash, base: number.nullable(), ...act }),
  publication: z.strictObject({
    number,
    act: z.enum(["publish", "rollback"]),
    /** The publication by which this content was first published: its own number, unless it is a rollback. */
    version: number,
    hash,
    /** Version of the policies as disclosure records name it. */
    policies: hash,
    /** SHA-256 of what was compiled of them. */
    bundle: hash,
    /** Null for a rollback. */
    draft: number.nullable(),
    /** Officers who stood by: those who approved, or agreed to a rollback that widens. */
    with: z.array(officer),
    ...act,
  }),
  /** Nulls end it. */
  shadow: z.strictObject({
    number,
    draft: number.nullable(),
    hash: hash.nullable(),
    bundle: hash.nullable(),
    ...act,
  }),
};

type Kinds = typeof KINDS;
export type StatementKind = keyof Kinds;
export type Statement<Kind extends StatementKind> = Readonly<z.infer<Kinds[Kind]>>;

export type Officer = Readonly<z.infer<typeof officer>>;
export type Draft = Statement<"draft">;
export type Approval = Statement<"approval">;
export type Publication = Statement<"publication">;
export type Shadow = Statement<"shadow">;

/** Unique among all officers: staff ids are unique inside a member. */
export const officerName = ({ member, staff }: Officer): string => `${member} ${staff}`;

export function signStatement<Kind extends StatementKind>(
  kind: Kind,
  statement: Statement<Kind>,
  signer: NoteSigner,
): string {
  return signNote(`ihala policy ${kind}\n${JSON.stringify(statement)}\n`, signer);
}

/** `about` is what the columns beside the note say: a row cannot be passed off as another. */
export function openStatement<Kind extends StatementKind>(
  kind: Kind,
  note: string,
  verifiers: readonly NoteVerifier[],
  about: Partial<Statement<Kind>>,
): Statement<Kind> {
  const opened = openNote(note, verifiers);
  const [head, body = ""] = opened?.text.split("\n") ?? [];
  if (!opened?.signedBy.length || head !== `ihala policy ${kind}`)
    throw untrusted(`a ${kind} of the policy store (${words(about)}) is not signed by a trusted key`);
  const parsed: unknown = KINDS[kind].parse(JSON.parse(body));
  const statement = parsed as Statement<Kind>;
  for (const [name, value] of Object.entries(about))
    if (statement[name as keyof Statement<Kind>] !== value)
      throw untrusted(`a ${kind} of the policy store (${words(about)}) was signed for another row`);
  return statement;
}

const words = (about: object): string =>
  Object.entries(about)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");

export const untrusted = (message: string): GatewayError => new GatewayError("POLICY_UNTRUSTED", message);
