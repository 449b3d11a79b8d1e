/** Forward migrations of the ledger's database, in order; an applied one is never edited. */
import type { Migration } from "../../src/connectors/migrate.ts";
import { SPINE } from "./001-spine.ts";
import { CONTENT } from "./002-content.ts";
import { FILES } from "./003-files.ts";

export const LEDGER_MIGRATIONS: readonly Migration[] = [SPINE, CONTENT, FILES];
