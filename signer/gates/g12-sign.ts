/** G12: sign exactly what was reviewed, verify it again, and say so in a receipt. Writing it down is the command's. */
import { dearestFee, placedAttempts, type Rung } from "../../src/chains/attempts.ts";
import type { MatchedRung } from "../../src/chains/review.ts";
import { documentBytes, embed, makeDocument, withSignature } from "../../src/core/document.ts";
import {
  RECEIPT,
  type Receipt,
  type ReceiptDocument,
  type SignedPlan,
} from "../../src/core/documents/receipt.ts";
import type { RequestDocument } from "../../src/core/documents/request.ts";
import { declareRule, type Refusal } from "../../src/core/gate.ts";
import type { Digest } from "../../src/core/digest.ts";
import { later, type Instant } from "../../src/core/instant.ts";
import { headNamed } from "../../src/core/journal-continuation.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { signDigest } from "../../src/core/signature.ts";
import { makeLine, type JournalLine } from "../journal/journal.ts";
import { entriesAfter, hasHead } from "../journal/memory.ts";
import type { KeyRing } from "../keystore/key-ring.ts";
import { chainSigner } from "../sign/chains.ts";
import { takeConfirmed, type Approved } from "./approved.ts";
import type { MatchedPlan } from "./matched-plan.ts";
import { refusingAt } from "./refuse.ts";
import { settledIntents } from "./settled.ts";
import type { SignerState } from "./state.ts";

const SEED_NOT_HERE = declareRule("G12", "SEED_NOT_HERE", "no seed of this signer holds the wallet's key.");
const KEYS_TOGETHER = declareRule("G12", "KEYS_TOGETHER", "this machine holds several keys of one wallet.");
const RUNG_UNKNOWN = declareRule("G12", "RUNG_UNKNOWN", "a plan has none of the rungs that shall be signed.");
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

/** Places in a plan's rungs, from 0, both included. */
export type RungRange = { readonly from: number; readonly to: number };

/**
 * Signs a confirmed review. It can be used once.
 * @param range of the rungs to sign, where not all shall be; a plan's cancel rung is always signed, for it can only end
 *   what the others begin
 * @throws Refusal of G12
 */
export function signConfirmed(
  approved: Approved,
  keys: OpenKeys,
  state: SignerState,
  range?: RungRange,
): Written {
  const { plans, at: signedTime, head, audit } = takeConfirmed(approved);
  const at = later(state.journal.time, signedTime);
  for (const plan of plans) assertKey(plan, keys.wallets, state);
  const signed = plans.map((plan) => refusingAt("G12", () => signPlan(plan, keys.wallets, state, range)));
  const review = withSignature(approved.review, signDigest(approved.review.digest, keys.officer, at));
  const outcome = { type: "signed", plans: signed, review: embed(review), audit } as const;
  const answer = { request: approved.review.body.request, outcome, at, head };
  const written = write(answer, keys.signer, state);
  assertReadable(written.receipt);
  return written;
}

/** The receipt of a no: gate and rule, nothing of the request is echoed. Journal time stays where it is. */
export function refuse(
  request: RequestDocument,
  refusal: Refusal,
  seed: Uint8Array,
  state: SignerState,
): Written {
  const outcome = { type: "refused", gate: refusal.gate, rule: refusal.rule } as const;
  const head = knownHead(request, state);
  return write({ request: request.digest, outcome, at: state.journal.time, head }, seed, state);
}

/** The head of this signer's epoch that the online host holds, where it holds one that the journal has. */
export function knownHead({ body }: RequestDocument, { self, journal }: SignerState): Digest | undefined {
  const named = headNamed(body.heads, { signer: self.name, epoch: self.epoch });
  return named !== undefined && hasHead(journal, named) ? named : undefined;
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
  const held = chainSigner(plan.body.chain).countKeys(wallet, network, keys);
  if (held === 0) {
    throw SEED_NOT_HERE(`no seed of this signer holds the key of wallet ${wallet.name}`, {
      field: "seeds",
      hint: "custody-signer keys list, then custody-signer keys restore --name NAME",
    });
  }
  // Two keys in one machine would make its one journal two of the signers that the wallet's threshold counts.
  if (held > 1) {
    throw KEYS_TOGETHER(`seeds of this signer hold ${held} keys of wallet ${wallet.name}`, {
      field: "seeds",
      hint: "each key of a wallet has a machine of its own: take the other seed away from this one",
    });
  }
}

function signPlan(
  matched: MatchedPlan,
  keys: KeyRing,
  state: SignerState,
  range: RungRange | undefined,
): SignedPlan {
  const { plan, wallet, intents } = matched;
  const signer = chainSigner(plan.body.chain);
  const sign = ({ tx, transaction }: MatchedRung, rung: Rung) => {
    const signatures = [...signer.sign(tx, wallet, state.network, keys)];
    // A fault in this machine must not leave it: a wrong signature can give the key away (attack B22).
    signer.codec.verifySignatures(tx, signatures);
    return { rung, transaction, signatures };
  };
  return {
    plan: plan.digest,
    wallet: wallet.name,
    intents: settledIntents(intents),
    conflictKeys: plan.body.conflictKeys,
    feeUnits: dearestFee(matched).toString(),
    rungs: chosen(matched, range).map(([rung, attempt]) => sign(attempt, rung)),
  };
}

function chosen(
  matched: MatchedPlan,
  range: RungRange | undefined,
): readonly (readonly [Rung, MatchedRung])[] {
  const { plan, rungs } = matched;
  const isAsked = (place: number) => range === undefined || (place >= range.from && place <= range.to);
  const all = placedAttempts(matched).filter(([rung]) => rung === "cancel" || isAsked(rung));
  if (all.some(([rung]) => rung !== "cancel")) return all;
  throw RUNG_UNKNOWN(`plan ${plan.body.id} has ${rungs.length} rungs and none of those asked for`, {
    field: "--rungs",
    hint: `ask for rungs from 1 to ${rungs.length}`,
  });
}

type Answer = {
  readonly request: Digest;
  readonly outcome: Receipt["outcome"];
  readonly at: Instant;
  readonly head: Digest | undefined;
};

function write({ request, outcome, at, head }: Answer, seed: Uint8Array, state: SignerState): Written {
  const { network, custody, policy, self, journal } = state;
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
    place: { number: journal.lines.length, previous: journal.head },
    // Of too long a list, which only a refusal can have (G3), the first ones: the host names the last of them next time.
    journal: entriesAfter(journal, head).slice(0, LIMITS.receiptEntriesMax),
  };
  const unsigned = makeDocument(RECEIPT, body);
  const receipt = withSignature(unsigned, signDigest(unsigned.digest, seed, at));
  return { receipt, line: makeLine(journal, "receipt", receipt.digest, at, seed, receipt) };
}
