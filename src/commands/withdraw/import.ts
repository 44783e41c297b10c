import { bitcoinCodec } from "../../chains/bitcoin/index.ts";
import { parseDocument } from "../../core/document.ts";
import { APPROVAL } from "../../core/documents/approval.ts";
import { RECEIPT } from "../../core/documents/receipt.ts";
import { declareError } from "../../core/errors.ts";
import type { Outcome, Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { importDecision } from "../../withdrawals/decide.ts";
import { importReceipt } from "../../withdrawals/receive.ts";
import { readAnyDocument } from "../documents.ts";
import {
  change,
  newId,
  requirePolicy,
  requireSession,
  walletView,
  withOnline,
  type Online,
} from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { describe, drawWithdrawal } from "./draw.ts";

export const IMPORT_KIND_UNKNOWN = declareError(
  "IMPORT_KIND_UNKNOWN",
  "invalid",
  "A document of this kind is not imported into the queue.",
);

export const SIGNER_REFUSED = declareError(
  "SIGNER_REFUSED",
  "denied",
  "A receipt says that the signer refused its request.",
);

/** Imports signed documents, each file in a transaction of its own: one bad file does not undo the ones before it. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const outcomes: Outcome[] = [];
    for (const path of call.args) {
      const { kind, bytes } = await readAnyDocument(call, path);
      outcomes.push(importOne(online, kind, bytes));
    }
    const last = outcomes[outcomes.length - 1];
    return {
      data: outcomes.map(({ data }) => data),
      text: outcomes.map(({ text }) => text).join("\n"),
      warnings: outcomes.flatMap(({ warnings }) => warnings ?? []),
      next: last?.next,
      failure: outcomes.find(({ failure }) => failure !== undefined)?.failure,
    };
  });

function importOne(online: Online, kind: string, bytes: Uint8Array): Outcome {
  if (kind === APPROVAL.kind) return importApproval(online, bytes);
  if (kind === RECEIPT.kind) return importSigned(online, bytes);
  throw IMPORT_KIND_UNKNOWN(`a ${kind} is not imported into the queue`, {
    field: "kind",
    hint: kind === "beneficiary" ? "custody beneficiary import FILE" : "import approvals and receipts",
  });
}

function importApproval(online: Online, bytes: Uint8Array): Outcome {
  const policy = requirePolicy(online);
  const approval = parseDocument(APPROVAL, bytes);
  const { withdrawal, effect } = change(online, (tx) =>
    importDecision(PORTS, tx, approval, { policy, now: online.call.io.now() }),
  );
  const wallet = policy.body.wallets[0]?.name ?? "NAME";
  const next = {
    collecting: `custody withdraw bundle ${withdrawal.id} --out review.json   (for the next approver)`,
    ready: `custody withdraw build --wallet ${wallet}`,
    rejected: "custody withdraw queue",
    noted: `custody withdraw show ${withdrawal.id}`,
  }[effect];
  const lateNo = effect === "noted" && approval.body.decision === "reject";
  return {
    data: { effect, ...describe(withdrawal) },
    text: drawFacts([["decision", `${approval.body.decision}: ${effect}`], ...drawWithdrawal(withdrawal)]),
    warnings: lateNo
      ? ["the rejection came after the approval: nothing is built or signed with it, and the hold stays"]
      : [],
    next,
  };
}

function importSigned(online: Online, bytes: Uint8Array): Outcome {
  const policy = requirePolicy(online);
  const receipt = parseDocument(RECEIPT, bytes);
  const received = change(online, (tx) =>
    importReceipt(PORTS, tx, receipt, {
      policy,
      codec: bitcoinCodec,
      view: ({ wallet }) => walletView(online.store, policy, wallet),
      newId: () => newId(online),
    }),
  );
  const plans = received.plans.map(({ id, state }) => ({ plan: id, state }));
  if (received.outcome === "refused") {
    const { gate, rule } = received;
    return {
      data: { outcome: "refused", gate, rule, plans },
      text: drawFacts([["signer", `refused at ${gate}: ${rule}`]]),
      next: "custody-signer review --in request.json   (says why, at the offline machine)",
      failure: SIGNER_REFUSED(`the signer refused at ${gate}: ${rule}`, {
        field: gate,
        details: { gate, rule },
      }),
    };
  }
  return {
    data: { outcome: "signed", plans, transactions: [...received.transactions] },
    text: drawFacts([
      ["signer", "signed; every signature was verified here"],
      ...received.transactions.map((id) => ["transaction", id] as const),
    ]),
    next: "custody-watcher once",
  };
}
