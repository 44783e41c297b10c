import { embed, makeDocument } from "../../core/document.ts";
import { BUNDLE, type Bundle } from "../../core/documents/bundle.ts";
import { parseId } from "../../core/identifier.ts";
import { custodyId } from "../../core/policy/policy.ts";
import { shellWord } from "../../core/shell-word.ts";
import { similarWithdrawals } from "../../store/withdrawal-lists.ts";
import { getWithdrawal, type Withdrawal } from "../../store/withdrawals.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { evidenceOf } from "../../withdrawals/deciding/evidence.ts";
import { drawFacts } from "../../terminal/table.ts";
import { writeDocument } from "../documents.ts";
import { requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const withdrawal = getWithdrawal(online.store, parseId(call.args[0] ?? "", "id"));
    const { intent, superseded, beneficiary, approvals, clearances } = evidenceOf(
      READS,
      online.store,
      withdrawal,
    );
    const bundle = makeDocument<Bundle>(BUNDLE, {
      kind: "bundle",
      version: 1,
      network: online.network,
      custody: custodyId(policy),
      policy: policy.body.number,
      intent: embed(intent),
      superseded: superseded.map((earlier) => embed(earlier)),
      beneficiary: embed(beneficiary),
      approvals: approvals.map((approval) => embed(approval)),
      clearances: clearances.map((clearance) => embed(clearance)),
      similar: similarTo(online, withdrawal),
    });
    const out = requiredFlag(call.flags, "out");
    await writeDocument(call, out, bundle, `Bundle of withdrawal ${withdrawal.id}`);
    return {
      data: { file: out, intent: intent.digest, withdrawal: withdrawal.id },
      text:
        out === "-"
          ? ""
          : drawFacts([
              ["bundle", out],
              ["about", `withdrawal ${withdrawal.id}, ${withdrawal.state}`],
            ]),
      next:
        withdrawal.state === "REVOKING"
          ? `custody-signer void --in ${shellWord(out)} --out void.json   (at each signer; then: custody withdraw import void.json)`
          : `custody desk review ${shellWord(out)}   (at a desk; it says what is to be signed)`,
    };
  });

/** Earlier withdrawals that a person would want to have seen, at most `BUNDLE.similar`. */
const SIMILAR_MAX = 20;

function similarTo({ store }: Online, withdrawal: Withdrawal): Bundle["similar"] {
  return similarWithdrawals(store, withdrawal, SIMILAR_MAX).map(({ created, amount, account, state }) => ({
    at: created,
    units: amount.units.toString(),
    account,
    state,
  }));
}
