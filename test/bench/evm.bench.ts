/**
 * Row `evm`: an account's payments through the whole signer, sixteen plans a request: read, judged, reviewed, confirmed, signed
 * and written to the journal. Against the signatures and hashes that this cannot do without. Payments of the chain's own
 * coin: tokens and Safes are not signed yet. Interleaved, median of five. Regtest keys.
 */
import { decodePlan } from "../../src/chains/evm/plan-attempts.ts";
import { performance } from "node:perf_hooks";
import { confirm } from "../../signer/gates/g11-confirm.ts";
import { signConfirmed } from "../../signer/gates/g12-sign.ts";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import { allAttempts } from "../../src/chains/attempts.ts";
import { recoverAddress } from "../../src/chains/evm/signature.ts";
import { signingHash, type EvmTransaction } from "../../src/chains/evm/transaction.ts";
import { documentBytes } from "../../src/core/document.ts";
import { verifySignature } from "../../src/core/signature.ts";
import { assert } from "../../src/core/errors.ts";
import type { Digest } from "../../src/core/digest.ts";
import type { Signature } from "../../src/core/signature.ts";
import { openKeys, stateFor, viewOf } from "../factory/custody.ts";
import { evmCustody, evmPayout, evmPlan, evmRequest, stranger } from "../factory/evm-account.ts";
import { reviewed } from "../factory/gates.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { median, type Row } from "./row.ts";

const REQUESTS = 63;
const PLANS = 16;
const ROUNDS = 5;

type Asked = {
  readonly bytes: Uint8Array;
  readonly transactions: readonly EvmTransaction[];
  /** By people, over what of the request is theirs. */
  readonly signed: readonly { readonly digest: Digest; readonly signatures: readonly Signature[] }[];
};

export function evm(): Promise<Row> {
  const custody = evmCustody();
  const state = stateFor(custody);
  const keys = openKeys();
  const requests = Array.from({ length: REQUESTS }, (_, place) => ask(custody, place));
  const times: Record<"ours" | "floor", number[]> = { ours: [], floor: [] };
  const ours = () => {
    for (const { bytes } of requests) {
      const approved = reviewed(bytes, state);
      confirm(approved, { digest: approved.review.digest, logbook: state.journal.head }, state);
      assert(signConfirmed(approved, keys, state).receipt.body.outcome.type === "signed", "it is signed");
    }
  };
  for (let round = 0; round <= ROUNDS; round++) {
    const [one, other] = [timed(ours), timed(() => requests.forEach(floor))];
    // The first round pays for compilation.
    if (round === 0) continue;
    times.ours.push(one);
    times.floor.push(other);
  }
  const [took, least] = [median(times.ours), median(times.floor)];
  return Promise.resolve({
    name: "evm",
    unit: "ms",
    ours: took,
    floor: least,
    peers: {},
    ratio: took / least,
    goal: "at most 3x the signatures and hashes alone",
    notes: [
      `${REQUESTS * PLANS} payments of ether, four attempts each; ${(took / REQUESTS / PLANS).toFixed(2)} ms a payment`,
    ],
  });
}

function ask(custody: ReturnType<typeof evmCustody>, place: number): Asked {
  const payouts = Array.from({ length: PLANS }, (_, plan) =>
    evmPayout(custody, {
      label: `bench ${place} ${plan}`,
      to: stranger(`bench ${place} ${plan}`),
      units: "1000000000000000000",
    }),
  );
  const plans = payouts.map((payout, plan) =>
    evmPlan(custody, [payout], { snapshot: { nonce: String(place * PLANS + plan) } }),
  );
  const request = evmRequest(custody, payouts, plans);
  const decoded = plans.map(({ body }) => decodePlan(body, [], viewOf(custody)));
  return {
    bytes: documentBytes(request),
    transactions: decoded.flatMap((plan) => allAttempts(plan).map(({ tx }) => tx.transaction)),
    signed: [request, ...payouts.flatMap(({ beneficiary, approvals }) => [beneficiary, ...approvals])],
  };
}

/** Each attempt hashed, signed, and the signature verified once; people's signatures verified once. */
function floor({ transactions, signed }: Asked): void {
  const secret = fixtureBytes("bench secret");
  for (const transaction of transactions) {
    const hash = signingHash(transaction);
    assert(
      recoverAddress(hash, signRecoverable(hash, secret)) !== undefined,
      "a signature names its account",
    );
  }
  for (const { digest, signatures } of signed)
    for (const signature of signatures) assert(verifySignature(digest, signature), "people have signed");
}

function timed(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}
