/** What `withdraw import` does with each kind of file. */
import { codecOf } from "../../chains/registry.ts";
import { counted } from "../../core/count.ts";
import { parseDocument } from "../../core/document.ts";
import { APPROVAL } from "../../core/documents/approval.ts";
import { CLEARANCE } from "../../core/documents/clearance.ts";
import { DEAD } from "../../core/documents/dead.ts";
import { HALT, RESUME } from "../../core/documents/halt.ts";
import { RECEIPT } from "../../core/documents/receipt.ts";
import { VOID } from "../../core/documents/void.ts";
import { CustodyError, declareError } from "../../core/errors.ts";
import { ENDED } from "../../core/states/withdrawal.ts";
import { write } from "../../store/transaction.ts";
import type { Outcome } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { importDead, type Buried } from "../../withdrawals/ending/bury.ts";
import { importClearance, importDecision, type Decided } from "../../withdrawals/deciding/decide.ts";
import { attemptsAsBuilt } from "../../withdrawals/planning/plan-bytes.ts";
import type { PlanRow } from "../../withdrawals/rows.ts";
import { importReceipt, type Received } from "../../withdrawals/crossing/receive.ts";
import { importVoid } from "../../withdrawals/ending/void.ts";
import { change, newId, requirePolicy, walletView, type Online } from "../../home/online.ts";
import { planReading } from "../../home/plan-reading.ts";
import { PORTS } from "../../home/ports.ts";
import { importAboutMovements, importMovementClosed } from "../intent/decision.ts";
import { nextFor } from "../intent/draw.ts";
import { describe, drawWithdrawal } from "./draw.ts";
import { drawSigned } from "./draw-signed.ts";
import { importGo, importStop } from "./import-halt.ts";
import { warnOfLate } from "./late.ts";
import { noteSignerAhead } from "./signer-ahead.ts";
import { refusalHint } from "./refusal-hint.ts";

export const SIGNER_REFUSED = declareError(
  "SIGNER_REFUSED",
  "denied",
  "A receipt says that the signer refused its request.",
);

type Importer = (online: Online, bytes: Uint8Array) => Outcome;

export const importers: ReadonlyMap<string, Importer> = new Map<string, Importer>([
  [APPROVAL.kind, importApproval],
  [CLEARANCE.kind, importCleared],
  [HALT.kind, importStop],
  [RESUME.kind, importGo],
  [VOID.kind, importClosed],
  [DEAD.kind, importProof],
  [RECEIPT.kind, importSigned],
]);

function importApproval(online: Online, bytes: Uint8Array): Outcome {
  const policy = requirePolicy(online);
  const approval = parseDocument(APPROVAL, bytes);
  const own = importAboutMovements(online, approval, [approval.body.intent]);
  if (own !== undefined) return own;
  const decided = change(online, (tx) =>
    importDecision(PORTS, tx, approval, { policy, now: online.call.io.now() }),
  );
  return drawDecided(online, approval.body.decision, [decided]);
}

function importCleared(online: Online, bytes: Uint8Array): Outcome {
  const policy = requirePolicy(online);
  const clearance = parseDocument(CLEARANCE, bytes);
  const own = importAboutMovements(online, clearance, clearance.body.intents);
  if (own !== undefined) return own;
  const warnings: string[] = [];
  const decided = change(online, (tx) => {
    const taken = importClearance(PORTS, tx, clearance, { policy, now: online.call.io.now() }, (work) => {
      try {
        return write(tx, tx, work);
      } catch (error) {
        if (!(error instanceof CustodyError)) throw error;
        warnings.push(error.message);
        return undefined;
      }
    });
    warnings.push(...warnOfLate(tx, policy, clearance));
    return taken;
  });
  const outcome = drawDecided(online, clearance.body.decision, decided);
  return { ...outcome, warnings: [...warnings, ...(outcome.warnings ?? [])] };
}

function drawDecided(online: Online, decision: string, decided: readonly Decided[]): Outcome {
  const wallet = requirePolicy(online).body.wallets[0]?.name ?? "NAME";
  const described = decided.map(({ withdrawal, effect, why }) => ({
    decision,
    effect,
    ...(why === undefined ? {} : { why }),
    ...describe(withdrawal),
  }));
  const first = decided[0];
  const next = {
    collecting: `custody withdraw bundle ${first?.withdrawal.id} --out bundle.json   (for the next approver)`,
    denied: `custody withdraw show ${first?.withdrawal.id}`,
    held: `custody policy explain ${first?.withdrawal.id}   (then: custody withdraw unhold ${first?.withdrawal.id})`,
    expired: `custody withdraw supersede ${first?.withdrawal.id}`,
    cooling: `custody withdraw bundle ${first?.withdrawal.id} --out bundle.json   (for the release or clearance)`,
    ready: `custody withdraw build --wallet ${wallet}`,
    rejected: "custody withdraw queue",
    revoking: `custody withdraw bundle ${first?.withdrawal.id} --out bundle.json   (signers void by it${decision === "reject" ? "; the rejection itself first: custody-signer import FILE at each" : ""})`,
    noted: `custody withdraw show ${first?.withdrawal.id}`,
  }[first?.effect ?? "noted"];
  return {
    data: described.length === 1 ? (described[0] ?? {}) : { decision, withdrawals: described },
    text: decided
      .map(({ withdrawal, effect, why }) =>
        drawFacts([
          ["decision", `${decision}: ${effect}${why === undefined ? "" : ` (${why})`}`],
          ...drawWithdrawal(withdrawal),
        ]),
      )
      .join("\n"),
    warnings: decided
      .filter(({ effect }) => effect === "revoking")
      .map(
        ({ withdrawal }) =>
          `${withdrawal.id}: a quorum has approved it, or may have in rows that are lost here: nothing is built or signed with it any more, and the hold stays until enough signers have voided it`,
      ),
    next,
  };
}

function importClosed(online: Online, bytes: Uint8Array): Outcome {
  const document = parseDocument(VOID, bytes);
  const policy = requirePolicy(online);
  const own = importMovementClosed(online, document);
  if (own !== undefined) return own;
  const { withdrawal, open } = change(online, (tx) => importVoid(PORTS, tx, document, { policy }));
  const wanted = withdrawal.state !== "REVOKING" && !ENDED.has(withdrawal.state);
  return {
    data: {
      void: document.digest,
      signer: document.body.signer,
      ...(open === undefined ? {} : { open }),
      ...describe(withdrawal),
    },
    text: drawFacts([
      ["void", `by signer ${document.body.signer}`],
      ...(open === undefined ? [] : [["still open", open] as const]),
      ...drawWithdrawal(withdrawal),
    ]),
    warnings: wanted
      ? [`withdrawal ${withdrawal.id} is not being revoked, and this signer will never sign it any more`]
      : [],
    next: `custody withdraw show ${withdrawal.id}`,
  };
}

function importProof(online: Online, bytes: Uint8Array): Outcome {
  const dead = parseDocument(DEAD, bytes);
  const policy = requirePolicy(online);
  const buried = change(online, (tx) => {
    const decode = (plan: PlanRow) =>
      attemptsAsBuilt(PORTS, tx, plan, planReading(online.store, policy, plan));
    return importDead(PORTS, tx, dead, { policy, decode });
  });
  const { plan, signed, needed, withdrawals, movements } = buried;
  const [movement] = movements;
  return {
    data: {
      plan: plan?.id ?? dead.body.plan,
      ...(plan === undefined ? {} : { state: plan.state }),
      signed,
      ...(needed === undefined ? {} : { needed }),
      withdrawals: withdrawals.map(({ id, state }) => ({ id, state })),
      ...(movement === undefined ? {} : { intent: { id: movement.id, state: movement.state } }),
    },
    text: drawFacts([
      [
        "plan",
        plan === undefined ? `${dead.body.plan}, of which no row is here` : `${plan.id} is ${plan.state}`,
      ],
      ["signed by", `${signed} in this file; ${mustSign(needed)}`],
      ...[...withdrawals, ...movements].map(({ id, state }) => [state, id] as const),
    ]),
    next: nextAfterDeath(buried),
  };
}

const mustSign = (needed: number | undefined) =>
  needed === undefined
    ? "the policy has its row no more: nobody can say how many must"
    : `${counted(needed, "approver")} must`;

function nextAfterDeath({ plan, withdrawals: [withdrawal], movements: [movement] }: Buried): string {
  if (movement !== undefined) return nextFor(movement);
  if (plan !== undefined || withdrawal === undefined) return "custody withdraw queue --state EXPIRED";
  return `custody withdraw show ${withdrawal.id}`;
}

function importSigned(online: Online, bytes: Uint8Array): Outcome {
  const policy = requirePolicy(online);
  const receipt = parseDocument(RECEIPT, bytes);
  noteSignerAhead(online, policy, receipt);
  const received = change(online, (tx) => importReceipt(PORTS, tx, receipt, { policy, ...reading(online) }));
  return received.refusal === undefined
    ? drawSigned(online.store, received)
    : drawRefused(received, received.refusal);
}

function drawRefused({ signer, plans }: Received, { gate, rule }: { gate: string; rule: string }): Outcome {
  const [first] = plans;
  return {
    data: {
      outcome: "refused",
      signer,
      gate,
      rule,
      plans: plans.map(({ plan: { id, state } }) => ({ plan: id, state })),
    },
    text: drawFacts([["signer", `${signer} refused at ${gate}: ${rule}`]]),
    failure: SIGNER_REFUSED(`signer ${signer} refused at ${gate}: ${rule}`, {
      field: gate,
      hint: refusalHint({ gate, rule }, first?.plan),
      details: { gate, rule, signer },
    }),
  };
}

/** How plans' bytes are read while something comes in. */
export function reading(online: Online) {
  const policy = requirePolicy(online);
  return {
    codec: codecOf,
    view: ({ wallet }: PlanRow) => walletView(online.store, policy, wallet),
    newId: () => newId(online),
  };
}
