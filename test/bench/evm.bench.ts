/**
 * Row `evm`: payments of tokens from an account and from a Safe, sixteen plans a request, through the whole signer: read, judged, reviewed, confirmed, signed and written to the journal. Against the signatures and hashes that
 * this cannot do without. Interleaved, median of five. Regtest keys.
 */
import { performance } from "node:perf_hooks";
import { confirm } from "../../signer/gates/g11-confirm.ts";
import { signConfirmed } from "../../signer/gates/g12-sign.ts";
import { signRecoverable } from "../../signer/sign/evm-ecdsa.ts";
import { allAttempts } from "../../src/chains/attempts.ts";
import { recoverAddress } from "../../src/chains/evm/signature.ts";
import { evmCodec } from "../../src/chains/evm/index.ts";
import { hashSafeTx } from "../../src/chains/evm/safe.ts";
import { signingHash } from "../../src/chains/evm/transaction.ts";
import { documentBytes } from "../../src/core/document.ts";
import { verifySignature } from "../../src/core/signature.ts";
import { assert } from "../../src/core/errors.ts";
import type { Digest } from "../../src/core/digest.ts";
import type { Signature } from "../../src/core/signature.ts";
import type { SignerState } from "../../signer/gates/state.ts";
import type { OpenKeys } from "../../signer/gates/g12-sign.ts";
import { openKeys, stateFor, viewOf, type Custody } from "../factory/custody.ts";
import { evmRequest, stranger } from "../factory/evm-account.ts";
import { safeCustody, safePlan } from "../factory/evm-safe.ts";
import { tokenCustody, tokenPayout, tokenPlan } from "../factory/evm-token.ts";
import { reviewed } from "../factory/gates.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { median, type Row } from "./row.ts";

/** Of each kind; each asks for sixteen payments. */
const REQUESTS = 63;
const PAYMENTS = 16;
const ROUNDS = 5;

type Asked = {
  readonly bytes: Uint8Array;
  /** What of it is hashed and signed, once for each attempt. */
  readonly hashes: readonly (() => Uint8Array)[];
  /** By people, over what of the request is theirs. */
  readonly signed: readonly { readonly digest: Digest; readonly signatures: readonly Signature[] }[];
};

/** Payments of one kind, and how a plan for one of them is made. */
type Kind = { readonly name: string; readonly custody: Custody; readonly planOf: typeof tokenPlan };

const KINDS: readonly Kind[] = [
  { name: "ERC-20 transfers of an account", custody: tokenCustody(), planOf: tokenPlan },
  { name: "transactions of a Safe", custody: safeCustody(), planOf: safePlan },
];

export function evm(): Promise<Row> {
  const keys = openKeys();
  const parts = KINDS.map(({ name, custody, planOf }) => ({
    name,
    state: stateFor(custody),
    requests: Array.from({ length: REQUESTS }, (_, place) => ask(custody, planOf, place)),
    times: { ours: [] as number[], floor: [] as number[] },
  }));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const { state, requests, times } of parts) {
      const ours = timed(() => requests.forEach(({ bytes }) => signAll(bytes, state, keys)));
      const least = timed(() => requests.forEach(floor));
      // The first round pays for compilation.
      if (round === 0) continue;
      times.ours.push(ours);
      times.floor.push(least);
    }
  }
  const medians = parts.map(({ name, times }) => ({
    name,
    took: median(times.ours),
    least: median(times.floor),
  }));
  const [took, least] = [sum(medians.map((part) => part.took)), sum(medians.map((part) => part.least))];
  return Promise.resolve({
    name: "evm",
    unit: "ms",
    ours: took,
    floor: least,
    peers: {},
    ratio: took / least,
    goal: "at most 3x the signatures and hashes alone",
    notes: medians.map(
      (part) =>
        `${REQUESTS * PAYMENTS} ${part.name}: ${(part.took / part.least).toFixed(2)}x, ${(part.took / REQUESTS / PAYMENTS).toFixed(2)} ms each`,
    ),
  });
}

function signAll(bytes: Uint8Array, state: SignerState, keys: OpenKeys): void {
  const approved = reviewed(bytes, state);
  confirm(approved, { digest: approved.review.digest, logbook: state.journal.head }, state);
  assert(signConfirmed(approved, keys, state).receipt.body.outcome.type === "signed", "it is signed");
}

/** Sixteen plans, each with a nonce of its own: an account's of four attempts, a Safe's of two. */
function ask(custody: Custody, planOf: Kind["planOf"], place: number): Asked {
  const payouts = Array.from({ length: PAYMENTS }, (_, at) => {
    const label = `bench ${place} ${at}`;
    return tokenPayout(custody, { label, to: stranger(label), units: "1000000" });
  });
  const plans = payouts.map((payout, at) =>
    planOf(custody, [payout], { snapshot: { nonce: String(place * PAYMENTS + at) } }),
  );
  const request = evmRequest(custody, payouts, plans);
  const attempts = plans.flatMap(({ body }) => allAttempts(evmCodec.decodePlan(body, [], viewOf(custody))));
  return {
    bytes: documentBytes(request),
    hashes: attempts.flatMap(({ tx }) => {
      if (tx.kind === "safe") return [() => hashSafeTx(tx.transaction, tx.safe).digest];
      return tx.kind === "account" ? [() => signingHash(tx.transaction)] : [];
    }),
    signed: [request, ...payouts.flatMap(({ beneficiary, approvals }) => [beneficiary, ...approvals])],
  };
}

/** Each attempt hashed, signed, and the signature verified once; people's signatures verified once. */
function floor({ hashes, signed }: Asked): void {
  const secret = fixtureBytes("bench secret");
  for (const hashOf of hashes) {
    const hash = hashOf();
    assert(
      recoverAddress(hash, signRecoverable(hash, secret)) !== undefined,
      "a signature names its account",
    );
  }
  for (const { digest, signatures } of signed)
    for (const signature of signatures) assert(verifySignature(digest, signature), "people have signed");
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function timed(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}
