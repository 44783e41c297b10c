/**
 * B24: a signature for one thing that is taken for another. Who owns the online host, the operator's session and one
 * approver wants a message signed that nobody approved, a payment under a message's approval, or the other way round.
 */
import {
  payments,
  Psbt as OraclePsbt,
  script as oracleScript,
  Transaction as OracleTransaction,
} from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { bitcoinCodec, type BitcoinAttempt } from "../../src/chains/bitcoin/index.ts";
import { messageHash } from "../../src/chains/bitcoin/virtual-transactions.ts";
import { makeDocument } from "../../src/core/document.ts";
import { INTENT, type Intent, type IntentDocument } from "../../src/core/documents/intent.ts";
import { PLAN } from "../../src/core/documents/plan.ts";
import { fromBase64, toHex } from "../../src/core/hex.ts";
import { row } from "../factory/documents.ts";
import { ANN, BEN, CARO, makeHouse, SIGNERS, VAULT } from "./bench/house.ts";
import { said, type Answer } from "./bench/machine.ts";
import type { CoinSet } from "./bench/grounds/ground.ts";
import {
  bytesOf,
  destination,
  ownIntent,
  planOf,
  requestOf,
  withdrawal,
  word,
  type Built,
} from "./bench/papers.ts";
import { IN_PROCESS } from "./bench/stage.ts";
import { pair } from "./pair.ts";

const MESSAGE = "we hold what we owe, 2026-11-22";
const base = makeHouse();
const house = makeHouse({
  policy: {
    rows: [
      ...base.policy.body.rows,
      row("attests", "0", "1000000000", 2, { type: "attest", wallets: [VAULT] }),
    ],
  },
});

/** What people approve: a message, with or without coins. */
function attest(message: string, coins: boolean, label = "attest"): IntentDocument {
  const { body } = ownIntent(house, label, { type: "consolidate", units: "1" });
  return makeDocument<Intent>(INTENT, { ...body, type: "attest", units: "0", message, coins } as Intent);
}

const planned = (intent: IntentDocument, message: string, sets: readonly CoinSet[]): Built =>
  planOf(house, [{ intent }], { sets, task: { type: "attest", message, coins: sets.length > 0 } });

const both = (intent: IntentDocument) => [word(house, intent, ANN), word(house, intent, BEN)];

const offered = (built: Built, intent: IntentDocument, approvals = both(intent)): Answer =>
  IN_PROCESS.machine(house).offer(
    bytesOf(requestOf(house, { plans: [built], intents: [intent], beneficiaries: [], approvals })),
  );

/** The same bytes under another intent. */
const under = (built: Built, intent: IntentDocument, changes: object = {}): Built => ({
  ...built,
  plan: makeDocument(PLAN, { ...built.plan.body, intents: [intent.digest], ...changes }),
});

describe("B24: one thing instead of another", () => {
  const intent = attest(MESSAGE, false);
  const OTHER = "we owe nothing to anybody";
  const withCoins = attest(MESSAGE, true);

  pair("B24", "another message is signed under the approval of one", {
    good: () => MESSAGE,
    bad: () => OTHER,
    judge: (message) => said(offered(planned(intent, message, []), intent)),
    accepted: "signed",
    refused: "G6 MESSAGE_DIFFERS",
    removes: ["the message is the approved one"],
    without: "signed",
  });

  pair("B24", "coins are shown that nobody approved to be shown", {
    good: (): readonly CoinSet[] => [],
    bad: (): readonly CoinSet[] => ["a"],
    judge: (sets) => said(offered(planned(intent, MESSAGE, sets), intent)),
    accepted: "signed",
    refused: "G6 MESSAGE_COINS",
    removes: ["a message shows coins where that was approved"],
    without: "signed",
  });

  pair("B24", "a message under its approval has a fee, as if something moved", {
    good: () => planned(withCoins, MESSAGE, ["a"]),
    bad: (built) => under(built, withCoins, { rungs: [{ feeUnits: "900" }] }),
    judge: (built) => said(offered(built, withCoins)),
    accepted: "signed",
    refused: "G8 MESSAGE_RUNGS",
    removes: ["a message has no fee"],
    without: "G7 FEE_MISSTATED",
  });
});

describe("B24: a message instead of another", () => {
  const intent = attest(MESSAGE, false);

  test("the approved one is signed", () => {
    expect(said(offered(planned(intent, MESSAGE, []), intent))).toBe("signed");
  });

  test("another message under its approval", () => {
    expect(said(offered(planned(intent, "we owe nothing to anybody", []), intent))).toBe(
      "G6 MESSAGE_DIFFERS",
    );
  });

  test("one approver alone, twice", () => {
    const one = [word(house, intent, CARO), word(house, intent, CARO, { heads: [] })];
    expect(said(offered(planned(intent, MESSAGE, []), intent, one))).toBe("G4 QUORUM_NOT_MET");
  });

  test("coins shown that people did not want shown, or none where they did", () => {
    expect(said(offered(planned(intent, MESSAGE, ["a"]), intent))).toBe("G6 MESSAGE_COINS");
    const withCoins = attest(MESSAGE, true);
    expect(said(offered(planned(withCoins, MESSAGE, []), withCoins))).toBe("G6 MESSAGE_COINS");
    expect(said(offered(planned(withCoins, MESSAGE, ["a", "b"]), withCoins))).toBe("signed");
  });
});

describe("B24: a payment instead of a message, and the other way round", () => {
  const intent = attest(MESSAGE, true);
  const to = destination(house, "thief");

  test("a payment to the thief under the approval of a message", () => {
    const payment = planOf(house, [{ intent: withdrawal(house, { label: "w", to }), to }], { sets: ["a"] });
    expect(said(offered(under(payment, intent), intent))).toBe("G6 CANCEL_UNASKED");
    const { cancel: _, ...bare } = payment.plan.body;
    const alone = { ...payment, plan: makeDocument(PLAN, { ...bare, intents: [intent.digest] }) };
    expect(said(offered(alone, intent))).toBe("G6 MESSAGE_ALONE");
  });

  test("a message under the approval of a payment", () => {
    const wanted = withdrawal(house, { label: "w" });
    const built = planned(intent, MESSAGE, ["a"]);
    const machine = IN_PROCESS.machine(house);
    const offer = (plans: readonly Built[]) =>
      said(machine.offer(bytesOf(requestOf(house, { plans, intents: [wanted], approvals: both(wanted) }))));
    expect(offer([under(built, wanted)])).toBe("G6 CANCEL_MISSING");
    expect(offer([under(built, wanted, { cancel: { feeUnits: "900", changeIndex: 0 } })])).toBe(
      "G8 MESSAGE_RUNGS",
    );
    expect(offer([planOf(house, [{ intent: wanted }], { sets: ["a"] })])).toBe("signed");
  });

  test("a family that a message has signed pays nobody: each intent has its own", () => {
    const machine = IN_PROCESS.machine(house);
    const built = planned(intent, MESSAGE, ["a"]);
    const message = requestOf(house, {
      plans: [built],
      intents: [intent],
      beneficiaries: [],
      approvals: both(intent),
    });
    expect(said(machine.offer(bytesOf(message)))).toBe("signed");
    const wanted = withdrawal(house, { label: "w" });
    const paid = planOf(house, [{ intent: wanted }], { sets: ["a"] });
    // The shown coin is free: what is paid with it competes for nothing of the message.
    const pay = requestOf(house, { plans: [paid], intents: [wanted], approvals: both(wanted), label: "pay" });
    expect(said(machine.offer(bytesOf(pay)))).toBe("signed");
  });
});

describe("2 of 3 signers, and a verifier who has none of our code", () => {
  /** Signatures of two signers, put together as the online host does. */
  function text(coins: readonly CoinSet[]): { readonly text: string; readonly attempt: BitcoinAttempt } {
    const intent = attest(MESSAGE, coins.length > 0);
    const built = planned(intent, MESSAGE, coins);
    const request = requestOf(house, {
      plans: [built],
      intents: [intent],
      beneficiaries: [],
      approvals: both(intent),
    });
    const view = {
      wallet: house.vault,
      network: "regtest",
      highestIndex: 0,
      own: [house.vault],
      tokens: [],
    } as const;
    const [attempt] = bitcoinCodec.decodePlan(
      built.plan.body,
      built.previous.map((each) => fromBase64(each)),
      view,
    ).rungs;
    const { tx } = attempt as NonNullable<typeof attempt>;
    const signatures = [SIGNERS[0], SIGNERS[2]].flatMap((keys) => {
      const answer = IN_PROCESS.machine(house, keys).offer(bytesOf(request));
      const outcome = answer.type === "signed" ? answer.receipt.body.outcome : undefined;
      return outcome?.type === "signed" ? (outcome.plans[0]?.rungs[0]?.signatures ?? []) : [];
    });
    bitcoinCodec.verifySignatures(tx, signatures);
    return { text: bitcoinCodec.messageSignature(tx, signatures), attempt: tx };
  }

  /** `to_spend` as the standard has it, written with another library. */
  function toSpend(challenge: Uint8Array): OracleTransaction {
    const transaction = new OracleTransaction();
    transaction.version = 0;
    const scriptSig = oracleScript.compile([0, Buffer.from(messageHash(MESSAGE))]);
    transaction.addInput(new Uint8Array(32), 0xffff_ffff, 0, scriptSig);
    transaction.addOutput(challenge, 0n);
    return transaction;
  }

  /** Whether two keys of a witness script have signed input `index`, with SIGHASH_ALL. */
  function holds(
    transaction: OracleTransaction,
    index: number,
    value: bigint,
    script: Uint8Array,
    witness: readonly Uint8Array[],
  ) {
    const [dummy, ...rest] = witness;
    const witnessScript = rest.pop() as Uint8Array;
    const output = payments.p2wsh({ redeem: { output: witnessScript } }).output as Uint8Array;
    const { pubkeys, m } = payments.p2ms({ output: witnessScript });
    const digest = transaction.hashForWitnessV0(index, witnessScript, value, OracleTransaction.SIGHASH_ALL);
    const signers = rest.map((item) => {
      const { signature, hashType } = oracleScript.signature.decode(item);
      expect(hashType).toBe(OracleTransaction.SIGHASH_ALL);
      return (pubkeys ?? []).findIndex((key) => ecc.verify(digest, key, signature, true));
    });
    expect(dummy).toHaveLength(0);
    expect(toHex(output)).toBe(toHex(script));
    // In the script's order, none twice.
    return m === 2 && signers.length === 2 && signers.every((place, i) => place > (signers[i - 1] ?? -1));
  }

  const challengeOf = ({ inputs }: BitcoinAttempt) => (inputs[0] as BitcoinAttempt["inputs"][number]).script;

  test("the text without coins verifies against the first address", () => {
    const { text: signature, attempt } = text([]);
    expect(signature).toMatch(/^smp/);
    const spend = toSpend(challengeOf(attempt));
    const sign = new OracleTransaction();
    sign.version = 0;
    sign.addInput(spend.getHash(), 0, 0);
    sign.addOutput(oracleScript.compile([0x6a]), 0n);
    const stack = witnessOf(fromBase64(signature.slice(3)));
    expect(holds(sign, 0, 0n, challengeOf(attempt), stack)).toBe(true);
    // Over another message it is nothing.
    spend.outs[0] = { script: challengeOf(attempt), value: 1n };
    const other = sign.clone();
    other.ins[0] = { ...(other.ins[0] as OracleTransaction["ins"][number]), hash: spend.getHash() };
    expect(holds(other, 0, 0n, challengeOf(attempt), stack)).toBe(false);
  });

  test("the text with coins is a finalised PSBT whose every input verifies", () => {
    const { text: signature, attempt } = text(["a", "c"]);
    expect(signature).toMatch(/^pof/);
    const psbt = OraclePsbt.fromBase64(signature.slice(3));
    const transaction = OracleTransaction.fromBuffer(psbt.data.getTransaction());
    expect(toHex(transaction.ins[0]?.hash ?? new Uint8Array())).toBe(
      toHex(toSpend(challengeOf(attempt)).getHash()),
    );
    const verified = psbt.data.inputs.map(({ witnessUtxo, finalScriptWitness }, i) => {
      const { script, value } = witnessUtxo as NonNullable<typeof witnessUtxo>;
      return [value, holds(transaction, i, value, script, witnessOf(finalScriptWitness as Uint8Array))];
    });
    expect(verified).toEqual([
      [0n, true],
      [30_000_000n, true],
      [32_000_000n, true],
    ]);
  });
});

/** A witness stack of items below 253 bytes. */
function witnessOf(bytes: Uint8Array): readonly Uint8Array[] {
  const items: Uint8Array[] = [];
  for (let at = 1; at < bytes.length; ) {
    const length = bytes[at] as number;
    items.push(bytes.subarray(at + 1, at + 1 + length));
    at += 1 + length;
  }
  expect(items).toHaveLength(bytes[0] as number);
  return items;
}
