/** A withdrawal from a wallet of each kind passes every gate, and is signed by the one key that is ours. */
import { describe, expect, test } from "vitest";
import { writeDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import { bitcoinCodec } from "../../../../src/chains/bitcoin/index.ts";
import { accountPath, KINDS } from "../../../../src/chains/bitcoin/kinds/table.ts";
import { fromBase64 } from "../../../../src/core/hex.ts";
import { parseName } from "../../../../src/core/identifier.ts";
import type { PolicyWallet } from "../../../../src/core/policy/policy.ts";
import { accountDescriptor, cosignerKey, masterOf } from "../../../../signer/keystore/seed.ts";
import { testSeed } from "../../../bitcoin/regtest-wallet.ts";
import { makeCustody, stateFor, VAULT_ENTROPY, viewOf, type Custody } from "../../../factory/custody.ts";
import { signed } from "../../../factory/gates.ts";
import { ask, planned } from "../../../factory/requests.ts";
import { payout } from "../../../factory/custody.ts";

const master = masterOf(VAULT_ENTROPY, "regtest");

/** Of several keys all three sign: ours and two of strangers, so that no two groups can sign apart. */
function custodyOf({ kind, several }: (typeof KINDS)[number]): Custody {
  const base = makeCustody().wallet;
  const theirs = ["stranger one", "stranger two"].map(
    (sentence) => testSeed(sentence, accountPath(kind, "regtest")).key,
  );
  const wallet: PolicyWallet = several
    ? {
        ...base,
        descriptor: writeDescriptor(
          { kind, threshold: 3, keys: [cosignerKey(master, "regtest", kind), ...theirs] },
          "regtest",
        ).text,
        threshold: 3,
        foreign: 2,
      }
    : { ...base, descriptor: accountDescriptor(master, "regtest", kind).text };
  const reserve = { ...base, name: parseName("reserve") };
  return { ...makeCustody({ wallets: [wallet, reserve] }), wallet };
}

describe.each(KINDS.map((kind) => [kind.kind, kind] as const))("%s", (_, kind) => {
  test("is reviewed from its bytes and signed", () => {
    const custody = custodyOf(kind);
    const request = ask(custody, [
      planned(custody, [payout(custody)], { options: { feeRatesMilli: [2000n, 4000n] } }),
    ]);
    const { outcome } = signed(request, stateFor(custody)).receipt.body;
    expect(outcome).toMatchObject({ type: "signed" });
    if (outcome.type !== "signed") return;
    const [plan] = request.body.plans as [(typeof request.body.plans)[number]];
    const previous = request.body.previous.map((text) => fromBase64(text));
    const { rungs, cancel } = bitcoinCodec.decodePlan(plan, previous, viewOf(custody));
    const attempts = [...rungs, cancel as (typeof rungs)[number]];
    const given = outcome.plans[0]?.rungs ?? [];
    expect(given.map(({ transaction }) => transaction)).toEqual(
      attempts.map(({ transaction }) => transaction),
    );
    attempts.forEach(({ tx }, place) => {
      const signatures = given[place]?.signatures ?? [];
      expect(signatures).toHaveLength(tx.inputs.length);
      bitcoinCodec.verifySignatures(tx, signatures);
      expect(bitcoinCodec.isComplete(tx, signatures)).toBe(!kind.several);
    });
  });
});
