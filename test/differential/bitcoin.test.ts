/** Against two independent implementations: bitcoinjs-lib and @scure/btc-signer. */
import { Transaction as ScureTransaction } from "@scure/btc-signer";
import {
  address as oracleAddress,
  networks,
  payments,
  Psbt as OraclePsbt,
  Transaction as OracleTransaction,
} from "bitcoinjs-lib";
import fc from "fast-check";
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { addressOfScript, parseAddress } from "../../src/chains/bitcoin/address.ts";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { combine } from "../../src/chains/bitcoin/finalize.ts";
import { deriveKey } from "../../src/chains/bitcoin/descriptor.ts";
import { scriptOf, type ScriptKind } from "../../src/chains/bitcoin/script.ts";
import { digests } from "../../src/chains/bitcoin/sighash.ts";
import { verifySignatures } from "../../src/chains/bitcoin/signature.ts";
import {
  parseTransaction,
  strippedBytes,
  transactionBytes,
  transactionId,
} from "../../src/chains/bitcoin/transaction.ts";
import { toHex } from "../../src/core/hex.ts";
import {
  firstPsbt,
  multisigWallet,
  payment,
  planOf,
  privateKeyOf,
  signAll,
  snapshotOf,
  testWallet,
  viewOf,
  type TestCoin,
  type TestWallet,
} from "../bitcoin/regtest-wallet.ts";

const coins: readonly TestCoin[] = Array.from({ length: 7 }, (_, i) => ({
  units: 20_000n + BigInt(i) * 777n,
  branch: (i % 2) as 0 | 1,
  index: 3 * i,
}));

function subject(wallet: TestWallet) {
  const view = viewOf(wallet, 30);
  const plan = planOf([payment(70_000n), payment(60_000n)], view, snapshotOf(wallet, coins));
  const bytes = firstPsbt(plan, view);
  const attempt = decode(bytes, view);
  return { wallet, bytes, attempt };
}

const SUBJECTS = [
  ["P2WPKH", subject(testWallet())],
  ["2-of-3 P2WSH", subject(multisigWallet())],
] as const;

describe.each(SUBJECTS)("@scure/btc-signer, %s", (_, { wallet, bytes, attempt }) => {
  test("reads our PSBT with the same id, amounts and fee", () => {
    const theirs = ScureTransaction.fromPSBT(bytes);
    expect(theirs.inputsLength).toBe(attempt.inputs.length);
    expect(theirs.fee).toBe(attempt.fee.units);
    for (let i = 0; i < theirs.inputsLength; i++) {
      expect(theirs.getInput(i).witnessUtxo?.amount.toString()).toBe(attempt.inputs[i]?.units);
    }
  });

  test("signs the digests that we compute, and finalises to the same transaction", () => {
    const theirs = ScureTransaction.fromPSBT(bytes, { lowR: true });
    // As many keys as are needed, the first in each script: those that our combination uses.
    const signing = digests(attempt.tx).flatMap(({ input, keys }) =>
      keys.slice(0, wallet.descriptor.threshold).map((key) => ({ input, key })),
    );
    for (const { input, key } of signing) theirs.signIdx(privateKeyOf(wallet, key), input);
    const theirSignatures = signing.map(({ input, key }) => {
      const partial = (theirs.getInput(input).partialSig ?? []).find(
        ([publicKey]) => toHex(publicKey) === toHex(key.publicKey),
      );
      return { input, key: toHex(key.publicKey), signature: toHex(partial?.[1] as Uint8Array) };
    });
    verifySignatures(attempt.tx, theirSignatures);
    theirs.finalize();
    expect(theirs.id).toBe(attempt.transaction);
    expect(theirs.hex).toBe(toHex(combine(attempt.tx, theirSignatures)));
    // RFC 6979 alone gives both the same nonce. Where R is high at first, Bitcoin Core and we go on with a counter from
    // 1, they with one from 0, so that only the signatures that were low at once must be equal.
    const ours = signAll(wallet, attempt.tx);
    const atOnce = signing.filter(({ input, key }) => {
      const { digest } = digests(attempt.tx)[input] as ReturnType<typeof digests>[number];
      return (ecc.sign(digest, privateKeyOf(wallet, key))[0] as number) < 0x80;
    });
    expect(atOnce.length).toBeGreaterThan(1);
    for (const { input, key } of atOnce) {
      const same = (each: { input: number; key: string }) =>
        each.input === input && each.key === toHex(key.publicKey);
      expect(theirSignatures.find(same)).toEqual(ours.find(same));
    }
  });
});

describe.each(SUBJECTS)("bitcoinjs-lib, %s", (_, { wallet, bytes, attempt }) => {
  test("agrees on ids, sizes and BIP-143 digests", () => {
    const theirs = OracleTransaction.fromBuffer(combine(attempt.tx, signAll(wallet, attempt.tx)));
    expect(theirs.getId()).toBe(attempt.transaction);
    expect(attempt.fee.virtualSize).toBeGreaterThanOrEqual(theirs.virtualSize());
    expect(attempt.fee.virtualSize - theirs.virtualSize()).toBeLessThanOrEqual(
      Math.ceil((attempt.inputs.length * wallet.descriptor.threshold) / 2),
    );
    for (const { input, digest } of digests(attempt.tx)) {
      const { script, witnessScript, units } = attempt.tx.inputs[input] as (typeof attempt.tx.inputs)[number];
      const scriptCode = witnessScript ?? scriptOf("p2pkh", script.subarray(2));
      expect(toHex(digest)).toBe(
        toHex(theirs.hashForWitnessV0(input, scriptCode, units, OracleTransaction.SIGHASH_ALL)),
      );
    }
  });

  test("reads our PSBT and writes the same bytes", () => {
    const theirs = OraclePsbt.fromBuffer(bytes, { network: networks.regtest });
    expect(theirs.inputCount).toBe(attempt.inputs.length);
    expect(toHex(theirs.toBuffer())).toBe(toHex(bytes));
  });
});

describe("bitcoinjs-lib", () => {
  test("makes the same script and program of our keys (BIP-67, P2WSH)", () => {
    const { descriptor } = multisigWallet();
    for (let index = 0; index < 10; index++) {
      const { keys, witnessScript, script } = deriveKey(descriptor, 0, index);
      const pubkeys = keys.map(({ publicKey }) => publicKey).sort((a, b) => Buffer.compare(a, b));
      const redeem = payments.p2ms({ m: 2, pubkeys });
      expect(toHex(redeem.output as Uint8Array)).toBe(toHex(witnessScript as Uint8Array));
      expect(toHex(payments.p2wsh({ redeem }).output as Uint8Array)).toBe(toHex(script));
    }
  });

  test("agrees on transactions of every shape", () => {
    const script = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.uint8Array({ minLength: 32, maxLength: 32 }),
            fc.nat(),
            fc.array(script, { maxLength: 3 }),
          ),
          { minLength: 1, maxLength: 4 },
        ),
        fc.array(fc.tuple(fc.bigInt(0n, 10n ** 14n), script), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (inputs, outputs, lockTime) => {
          const theirs = new OracleTransaction();
          theirs.version = 2;
          theirs.locktime = lockTime;
          inputs.forEach(([hash, index, witness], i) => {
            theirs.addInput(hash, index);
            theirs.setWitness(i, witness);
          });
          outputs.forEach(([units, to]) => theirs.addOutput(to, units));
          const ours = parseTransaction(theirs.toBuffer());
          expect(transactionId(ours)).toBe(theirs.getId());
          expect(toHex(transactionBytes(ours))).toBe(theirs.toHex());
          expect(toHex(parseTransaction(strippedBytes(ours)).inputs[0]?.scriptSig ?? new Uint8Array())).toBe(
            "",
          );
        },
      ),
    );
  });

  test("agrees on addresses of every kind and network", () => {
    const kinds: readonly ScriptKind[] = ["p2pkh", "p2sh", "p2wpkh", "p2wsh"];
    const params = {
      mainnet: networks.bitcoin,
      testnet: networks.testnet,
      regtest: networks.regtest,
    } as const;
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom("mainnet" as const, "testnet" as const, "regtest" as const),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (kind, network, payload) => {
          const script = scriptOf(kind, kind === "p2wsh" ? payload : payload.subarray(0, 20));
          const text = oracleAddress.fromOutputScript(script, params[network]);
          expect(addressOfScript(script, network)?.address).toBe(text);
          expect(toHex(parseAddress(text, network).script)).toBe(toHex(script));
        },
      ),
    );
  });
});
