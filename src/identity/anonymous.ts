/** The one reader of `ihala dev`: nobody in particular, who proves nothing. */
import type { AgencyCode, MemberAddress } from "../kernel/brands.ts";
import type { Authenticate } from "./authenticate.ts";
import type { Principal } from "./principal.ts";

export const ANONYMOUS: Principal = Object.freeze({
  agency: "DEV" as AgencyCode,
  member: "DEV" as MemberAddress,
  client: "DEV",
  staff: "anonymous",
  role: "DEV.anonymous",
  purpose: "DEVELOPMENT",
  certificates: new Set<string>(),
  assurance: "AAL1",
  authenticatedAtMs: null,
  issue: null,
  expiresAtMs: Number.POSITIVE_INFINITY,
});

export const authenticateAnonymous: Authenticate = async () => ANONYMOUS;
