import { LIMITS } from "../../core/limits.ts";
import { findKyc, kycDecisions } from "../../store/kyc.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts, drawTable } from "../../terminal/table.ts";
import { withOnline } from "../../home/online.ts";
import { requireCustomer } from "../customer/find.ts";
import { describeKyc, kycLine } from "./draw.ts";

/** Where a customer stands, and how it came to that, from the audit rows. */
export const run: Run = async (call) =>
  withOnline(call, ({ store }) => {
    const { id, ref } = requireCustomer(store, requiredFlag(call.flags, "customer"));
    const [record, now] = [findKyc(store, id), call.io.now()];
    const decisions = kycDecisions(store, id, LIMITS.pageRowsMax);
    return {
      data: {
        customer: id,
        ref,
        ...describeKyc(record, now),
        decisions: decisions.map(({ tier, expires, reason, ...decision }) => ({
          ...decision,
          ...(tier === undefined ? {} : { tier }),
          ...(expires === undefined ? {} : { expires }),
          ...(reason === undefined ? {} : { reason }),
        })),
      },
      text: [
        drawFacts([
          ["customer", `${ref}, pseudonym ${id}`],
          ["KYC", kycLine(record, now)],
        ]),
        drawTable(
          [
            { head: "TIME" },
            { head: "DECIDED BY" },
            { head: "FROM" },
            { head: "TO" },
            { head: "TIER" },
            { head: "UNTIL" },
            { head: "REASON" },
            { head: "OPERATION" },
          ],
          decisions.map(({ at, actor, from, to, tier, expires, reason, operation }) => [
            at,
            actor,
            from,
            to,
            tier ?? "",
            expires ?? "",
            reason ?? "",
            operation,
          ]),
          call.io.stdout,
        ),
      ].join("\n"),
    };
  });
