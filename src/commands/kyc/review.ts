import { parseName } from "../../core/identifier.ts";
import { addSeconds, type Instant } from "../../core/instant.ts";
import { LIMITS } from "../../core/limits.ts";
import { shellWord } from "../../core/shell-word.ts";
import { reviewKyc, type KycReview } from "../../kyc/decide.ts";
import {
  countFlag,
  FLAG_MALFORMED,
  optionalFlag,
  requiredFlag,
  type Flags,
  type Run,
} from "../../terminal/command.ts";
import { change, requireSession, withOnline } from "../../home/online.ts";
import { KYC_PORTS } from "../../home/ports.ts";
import { requireCustomer } from "../customer/find.ts";
import { answerKyc } from "./draw.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    requireSession(online);
    const now = call.io.now();
    const review = readReview(call.flags, now);
    const customer = requireCustomer(online.store, requiredFlag(call.flags, "customer"));
    const record = change(online, (tx) => reviewKyc(KYC_PORTS, tx, customer, review, now));
    const { ref } = customer;
    return {
      ...answerKyc(customer, record, now),
      next:
        review.decision === "accept"
          ? `custody beneficiary add --customer ${shellWord(ref)} --to ADDRESS --out beneficiary.json`
          : `custody kyc show --customer ${shellWord(ref)}`,
    };
  });

function readReview(flags: Flags, now: Instant): KycReview {
  const decision = requiredFlag(flags, "decision");
  const reason = parseName(requiredFlag(flags, "reason"), "--reason");
  if (decision === "accept") {
    const tier = parseName(requiredFlag(flags, "tier"), "--tier");
    const days = countFlag(flags, "days", { min: 1, max: LIMITS.kycDaysMax, otherwise: 365 });
    return { decision, tier, expires: addSeconds(now, 86_400 * days), reason };
  }
  if (decision !== "reject") {
    throw FLAG_MALFORMED(`--decision ${JSON.stringify(decision)} is neither accept nor reject`, {
      field: "--decision",
      hint: "--decision accept, or --decision reject",
    });
  }
  // Somebody who gives a tier means to accept.
  for (const name of ["tier", "days"]) {
    if (optionalFlag(flags, name) === undefined) continue;
    throw FLAG_MALFORMED(`--${name} belongs to an acceptance, not to a rejection`, {
      field: `--${name}`,
      hint: `leave --${name} out, or give --decision accept`,
    });
  }
  return { decision, reason };
}
