/** What tests of the data tracker ask and read: pages of access logs over HTTP, once the log's copy has all that was recorded. */
import { loadSecrets } from "../../src/assembly/secrets.ts";
import { BlindIndex } from "../../src/audit/blind-index.ts";
import { lookIntoDataDirectory } from "../../src/config/data-directory.ts";
import { createPool } from "../../src/connectors/pg-pool.ts";
import { Embargoes } from "../../src/disclosures/embargo.ts";
import { eventually } from "../disclosures/copies.ts";
import { type Deployment, type Reader, type Reply, startDeployment } from "./deployment.ts";

export const inspector: Reader = { role: "LMRA.inspector", purpose: "LABOUR_INSPECTION" };
export const enforcement: Reader = { role: "NPRA.residenceOfficer", purpose: "IMMIGRATION_ENFORCEMENT" };
export const holder: Reader = { role: "EPC.caseWorker", purpose: "SHELTER_CARE" };
export const society: Reader = { role: "NGO.caseworker", purpose: "SHELTER_CARE" };
export const auditor: Reader = { role: "NCC.auditor", purpose: "AUDIT_OVERSIGHT" };

/** A person by her personal number, through the portal of the population register. */
export const herself = (cpr: string | null): Reader => ({
  ...{ role: "dataSubject", purpose: "SUBJECT_ACCESS", member: "BH/GOV/IGA/population" },
  staff: cpr ?? "",
});

export const PAGE =
  "edges { node { at agency { address name { en } } purpose fieldGroups } } pageInfo { hasNextPage endCursor }";
export const OWN = `{ accessLog { ${PAGE} } }`;
export const OF_PERSON = `query($id: ID) { accessLog(personId: $id) { ${PAGE} } }`;
export const EMPTY = '{"data":{"accessLog":{"edges":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}';

export interface Node {
  readonly at: string;
  readonly agency: { readonly address: string } | null;
  readonly purpose: string;
  readonly fieldGroups: readonly string[] | null;
}

export interface Log {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export const logIn = ({ data }: Pick<Reply, "data">): Log => data?.["accessLog"] as Log;
export const purposesIn = (reply: Reply) => logIn(reply)?.edges.map(({ node }) => node.purpose);

export interface Tracker {
  readonly on: Deployment;
  /** Resolves when the copy has every record. */
  shipped(): Promise<void>;
  /** The person's file is read by this reader; the copy has it. */
  readPerson(reader: Reader, uid: string): Promise<void>;
  askHer(cpr: string | null, query?: string, variables?: Readonly<Record<string, unknown>>): Promise<Reply>;
  withEmbargoes<Result>(work: (embargoes: Embargoes) => Promise<Result>): Promise<Result>;
}

export async function startTracker(): Promise<Tracker> {
  const on = await startDeployment({ env: { IHALA_AUDIT_SHIP_WITHIN_MS: "20" } });
  const shipped = () =>
    eventually(async () => (await (await fetch(`${on.url}/readyz`)).text()).includes("unshipped 0 for 0 ms"));
  return {
    ...{ on, shipped },
    async readPerson(reader, uid) {
      const question = "query($id: ID!) { person(id: $id) { nameLatin { full } protectionHold } }";
      const { data } = await on.ask(reader, question, { id: on.idFor(reader, "Person", uid) });
      if (!data?.["person"]) throw new Error("nobody was read about");
      await shipped();
    },
    async askHer(cpr, query = OWN, variables = {}) {
      await shipped();
      return on.ask(herself(cpr), query, variables);
    },
    async withEmbargoes(work) {
      const { search } = await loadSecrets(await lookIntoDataDirectory(on.directory, "sandbox"));
      const pool = createPool({ url: on.databaseUrl("gateway"), settings: { timezone: "UTC" } });
      try {
        return await work(new Embargoes(pool, new BlindIndex(search), search));
      } finally {
        await pool.end();
      }
    },
  };
}
