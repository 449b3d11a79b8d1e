/**
 * Puts a deployment's gateway together: what lasts, and a first version of what may be replaced while it answers.
 *
 * In      the configuration, an open data directory, where everything is. Nothing listens yet.
 * Out     the gateway, `load` for another version, and `close`, which ends the planner and every pool.
 * Errors  start-up family, from whichever part cannot be used; what was opened before is closed again.
 */
import { GatewayError } from "../kernel/errors.ts";
import type { Places } from "./backends.ts";
import { type LastingParts, openLasting } from "./lasting.ts";
import type { Publications } from "./publications.ts";
import { ReloadableGateway, type StandingReports, type Version } from "./reloadable.ts";
import { loadVersion, type VersionSource } from "./version.ts";

export interface AssemblyParts extends LastingParts {
  readonly places: Places;
  /** Documents that callers may name; prepared and planned ahead. */
  readonly documents?: VersionSource["documents"];
}

export interface Assembled<Source> {
  readonly gateway: ReloadableGateway;
  /** Another version, loaded and checked in full. It answers nobody until `gateway.replace` takes it; who does not, closes it. */
  load(source: Source): Promise<Version>;
  /** Resolves, with the cause, when the disclosure log can no longer be written: the process must end. */
  readonly failed: Promise<unknown>;
  /** Says when officers have published something; null when the policies are files. */
  readonly publications: Publications | null;
  close(): Promise<void>;
}

export type AssembledGateway = Assembled<VersionSource>;

export async function assembleGateway({
  places,
  documents = [],
  ...parts
}: AssemblyParts): Promise<AssembledGateway> {
  const lasting = await openLasting(parts);
  const load = (source: VersionSource): Promise<Version> => loadVersion(source, lasting);
  const first = await load({ config: parts.config, places, documents }).catch(closing(lasting));
  const whole = assembled(first, {
    ...{ load, failed: lasting.log.failed, close: lasting.close },
    publications: lasting.policyStore?.publications ?? null,
    lag: () => lasting.log.lag?.() ?? null,
    suspended: lasting.suspensions.all,
  });
  const { isRevoked, onRevoked } = lasting.revocations;
  const { isSuspended, onSuspended } = lasting.suspensions;
  const endOthers = () =>
    whole.gateway.endStreams(
      new GatewayError("UNAUTHENTICATED", "a valid access token is required"),
      ({ agency, member, staff }) => isRevoked(member, staff) || isSuspended(agency, member),
    );
  onRevoked(endOthers);
  onSuspended(endOthers);
  return whole;
}

/** Closes what was opened before, and fails as what came after did. */
export const closing =
  (opened: { close(): Promise<unknown> }) =>
  async (error: unknown): Promise<never> => {
    await opened.close();
    throw error;
  };

/** A gateway that begins with this version; versions close before what outlives them. */
export function assembled<Source>(
  first: Version,
  {
    load,
    failed,
    publications = null,
    close,
    ...reports
  }: Omit<Assembled<Source>, "gateway" | "publications"> &
    Partial<Pick<Assembled<Source>, "publications">> &
    StandingReports,
): Assembled<Source> {
  const gateway = new ReloadableGateway(first, reports);
  return {
    ...{ gateway, load, failed, publications },
    async close() {
      await publications?.stop();
      await gateway.close();
      await close();
    },
  };
}
