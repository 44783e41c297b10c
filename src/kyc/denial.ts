import type { Instant } from "../core/instant.ts";
import type { KycRecord } from "./ports.ts";

export type KycRule = "KYC_MISSING" | "KYC_NOT_ACCEPTED" | "KYC_EXPIRED" | "KYC_SUSPENDED";

export type KycDenial = { readonly rule: KycRule; readonly why: string };

/**
 * Why a customer may not be paid out at `now`; undefined when nothing known speaks against it. It is asked wherever a
 * payment takes a step (request, approval, planning, broadcast), never once a day by a clock: an expiry that is noticed
 * a day late has let a day's payments pass (F25). Good through the very second of `expires`.
 */
export function kycDenial(
  record: Pick<KycRecord, "state" | "tier" | "expires"> | undefined,
  now: Instant,
): KycDenial | undefined {
  if (record === undefined || record.state === "NONE")
    return { rule: "KYC_MISSING", why: "the customer was never submitted for KYC" };
  if (record.state === "SUSPENDED")
    return { rule: "KYC_SUSPENDED", why: "the customer's KYC is suspended until another review" };
  if (record.state !== "ACCEPTED" || record.tier === undefined || record.expires === undefined)
    return { rule: "KYC_NOT_ACCEPTED", why: `the customer's KYC is ${record.state}, not ACCEPTED` };
  if (now > record.expires)
    return { rule: "KYC_EXPIRED", why: `the customer's KYC expired at ${record.expires}` };
  return undefined;
}
