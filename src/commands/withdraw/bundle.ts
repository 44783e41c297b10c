import { embed, makeDocument } from "../../core/document.ts";
import { BUNDLE, type Bundle } from "../../core/documents/bundle.ts";
import { parseId } from "../../core/identifier.ts";
import { custodyId } from "../../core/policy/policy.ts";
import { findDocument, findDocuments } from "../../store/documents.ts";
import { approvalsOf, getWithdrawal } from "../../store/withdrawals.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { evidenceOf } from "../../withdrawals/evidence.ts";
import { writeDocument } from "../documents.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";

export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const policy = requirePolicy(online);
    const withdrawal = getWithdrawal(online.store, parseId(call.args[0] ?? "", "id"));
    const { intent, beneficiary, approvals } = evidenceOf(
      { findDocument, findDocuments, approvalsOf },
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
      beneficiary: embed(beneficiary),
      approvals: approvals.map((approval) => embed(approval)),
    });
    const out = requiredFlag(call.flags, "out");
    writeDocument(call, out, bundle);
    return {
      data: { file: out, intent: intent.digest, withdrawal: withdrawal.id },
      text: out === "-" ? "" : `${out}: what a desk needs to decide on ${withdrawal.id}`,
      next: `custody desk review ${out}   then: custody desk sign ${out} --as approve --identity NAME.key --out approval.json`,
    };
  });
