/** A person's parts in cases, and the overlays of one who is read from a register. */
import { Arg, Ctx, FieldResolver, ID, Resolver, Root } from "type-graphql";
import type { LedgerContext } from "../context.ts";
import type { PersonFacts } from "../facts/person-facts.ts";
import { Guarded, NULLABLE, PolicyInput } from "../model/labels.ts";
import { ReaderInput } from "../model/values.ts";
import { PersonAccess } from "./access.ts";
import { CaseParty } from "./case-party.ts";
import { spineLoaders } from "./loaders.ts";
import { Person } from "./person.ts";

@Resolver(() => Person)
export class PersonResolver {
  /** Those in cases that may exist for the reader: the others are not counted either. */
  @Guarded("CASE_HEADER", "S4_VICTIM", "صلته بالقضايا")
  @FieldResolver(() => [CaseParty], NULLABLE)
  caseParties(@Root() person: Person, @Ctx() context: LedgerContext) {
    return spineLoaders(context).partiesOfPerson.load(person.uid);
  }

  @PolicyInput()
  @FieldResolver(() => PersonAccess, NULLABLE)
  access(
    @Root() person: Person,
    @Arg("reader", () => ReaderInput) reader: ReaderInput,
    @Ctx() context: LedgerContext,
  ): Promise<PersonFacts | null> {
    return context.personFacts(reader).load(person.uid);
  }

  /** Whoever asks: break-glass opens a case that its reader may not know of, and is told nothing of it. */
  @PolicyInput()
  @FieldResolver(() => [ID], NULLABLE)
  async victimOf(@Root() person: Person, @Ctx() context: LedgerContext): Promise<readonly string[]> {
    const parties = await spineLoaders(context).casesOfVictim.load(person.uid);
    return parties.map(({ caseUid }) => caseUid);
  }

  /** False of whom the ledger does not know. */
  @PolicyInput()
  @FieldResolver(() => Boolean, NULLABLE)
  async logSafe(@Root() person: Person, @Ctx() context: LedgerContext): Promise<boolean> {
    return (await spineLoaders(context).logSafety.load(person.uid)) !== null;
  }
}
