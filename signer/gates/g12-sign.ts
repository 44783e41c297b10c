/** G12: sign exactly what was reviewed, verify it again, and say so in a receipt. Writing it down is the command's. */
import { documentBytes, embed, makeDocument, withSignature } from "../../src/core/document.ts";
import {
  RECEIPT,
  type Receipt,
  type ReceiptDocument,
  type SignedPlan,
} from "../../src/core/documents/receipt.ts";
import { declareRule, type Refusal } from "../../src/core/gate.ts";
import type { Digest } from "../../src/core/digest.ts";
import { later, type Instant } from "../../src/core/instant.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { signDigest } from "../../src/core/signature.ts";
import { makeLine, type JournalLine } from "../journal/journal.ts";
import { entriesSinceLastReceipt } from "../journal/memory.ts";
import type { KeyRing } from "../keystore/key-ring.ts";
import { chainSigner } from "../sign/chains.ts";
import { takeConfirmed, type Approved } from "./approved.ts";
import { familyOf } from "./g10-families.ts";
import type { MatchedPlan } from "./g6-effects.ts";
import { refusingAt } from "./refuse.ts";
import type { SignerState } from "./state.ts";

const SEED_NOT_HERE = declareRule("G12", "SEED_NOT_HERE", "no seed of this signer holds the wallet's key.");

const RECEIPT_TOO_LARGE = declareRule(
  "G12",
  "RECEIPT_TOO_LARGE",
  "the receipt would be larger than what a journal holds.",
);

/** Keys that exist in the clear for one signing; the caller wipes them. */
export type OpenKeys = {
  readonly wallets: KeyRing;
  /** 32-byte Ed25519 seeds. */
  readonly signer: Uint8Array;
  readonly officer: Uint8Array;
};

/** A receipt and the journal line that must be on disk before the receipt leaves (law 6). */
export type Written = { readonly receipt: ReceiptDocument; readonly line: JournalLine };

/** Signs a confirmed review. It can be used once. @throws Refusal of G12 */
export function signConfirmed(approved: Approved, keys: OpenKeys, state: SignerState): Written {
  const { plans, at: signedTime } = takeConfirmed(approved);
  const at = later(state.journal.time, signedTime);
  for (const plan of plans) assertKey(plan, keys.wallets, state);
  const signed = plans.map((plan) => refusingAt("G12", () => signPlan(plan, keys.wallets, state)));
  const review = withSignature(approved.review, signDigest(approved.review.digest, keys.officer, at));
  const outcome = { type: "signed", plans: signed, review: embed(review) } as const;
  const written = write(approved.review.body.request, outcome, at, keys.signer, state);
  assertReadable(written.receipt);
  return written;
}

/** The receipt of a no: gate and rule, nothing of the request is echoed. Journal time stays where it is. */
export function refuse(request: Digest, refusal: Refusal, seed: Uint8Array, state: SignerState): Written {
  const outcome = { type: "refused", gate: refusal.gate, rule: refusal.rule } as const;
  return write(request, outcome, state.journal.time, seed, state);
}

// A line that is written and can never be read again would be the end of this signer: refused before the journal.
function assertReadable(receipt: ReceiptDocument): void {
  const { length } = documentBytes(receipt);
  if (length <= LIMITS.receiptBytesMax) return;
  throw RECEIPT_TOO_LARGE(
    `the receipt would have ${length} bytes, a journal line holds ${LIMITS.receiptBytesMax}`,
    {
      field: "request.plans",
      hint: "build smaller batches: custody withdraw build --wallet WALLET",
    },
  );
}

// Opens the seed. A wrong passphrase or a changed seed file is trouble of this machine and no answer to the request.
function assertKey({ plan, wallet }: MatchedPlan, keys: KeyRing, { network }: SignerState): void {
  if (chainSigner(plan.body.chain).holdsKey(wallet, network, keys)) return;
  throw SEED_NOT_HERE(`no seed of this signer holds the key of wallet ${wallet.name}`, {
    field: "seeds",
    hint: "custody-signer keys list, then custody-signer keys restore --name NAME",
  });
}

function signPlan(
  { plan, wallet, intents, rungs }: MatchedPlan,
  keys: KeyRing,
  state: SignerState,
): SignedPlan {
  const signer = chainSigner(plan.body.chain);
  return {
    plan: plan.digest,
    families: intents.map(familyOf),
    conflictKeys: plan.body.conflictKeys,
    rungs: rungs.map(({ attempt }, rung) => {
      const signatures = [...signer.sign(attempt.tx, wallet, state.network, keys)];
      // A fault in this machine must not leave it: a wrong signature can give the key away (attack B22).
      signer.codec.verifySignatures(attempt.tx, signatures);
      return { rung, transaction: attempt.transaction, signatures };
    }),
  };
}

function write(
  request: Digest,
  outcome: Receipt["outcome"],
  at: Instant,
  seed: Uint8Array,
  { network, custody, policy, self, journal }: SignerState,
): Written {
  const body: Receipt = {
    kind: "receipt",
    version: 1,
    network,
    custody,
    request,
    policy: policy.body.number,
    signer: self.name,
    epoch: self.epoch,
    outcome,
    journal: [...entriesSinceLastReceipt(journal)],
  };
  const unsigned = makeDocument(RECEIPT, body);
  const receipt = withSignature(unsigned, signDigest(unsigned.digest, seed, at));
  return { receipt, line: makeLine(journal, "receipt", receipt.digest, at, seed, receipt) };
}
