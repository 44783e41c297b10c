import type { Instant } from "../../core/instant.ts";
import { kycDenial } from "../../kyc/denial.ts";
import type { Subject } from "../../kyc/decide.ts";
import type { KycRecord } from "../../kyc/ports.ts";
import { drawFacts } from "../../terminal/table.ts";

/** A customer's KYC for --json; `denial` is the rule by which a payment would be refused now. */
export function describeKyc(record: KycRecord | undefined, now: Instant) {
  const denial = kycDenial(record, now);
  return {
    state: record?.state ?? "NONE",
    ...(record?.tier === undefined ? {} : { tier: record.tier }),
    ...(record?.expires === undefined ? {} : { expires: record.expires }),
    ...(record?.reason === undefined ? {} : { reason: record.reason }),
    ...(denial === undefined ? {} : { denial: denial.rule }),
  };
}

/** The same in one line. */
export function kycLine(record: KycRecord | undefined, now: Instant): string {
  const denial = kycDenial(record, now);
  if (denial !== undefined) return `${record?.state ?? "NONE"}, no payments (${denial.rule}): ${denial.why}`;
  return `${record?.state}, tier ${record?.tier}, good until ${record?.expires}`;
}

/** What a command answers that has moved a customer's record. */
export function answerKyc({ id, ref }: Subject, record: KycRecord, now: Instant) {
  return {
    data: { customer: id, ref, ...describeKyc(record, now) },
    text: drawFacts([
      ["customer", ref],
      ["KYC", kycLine(record, now)],
    ]),
  };
}
