/** Against two independent implementations: bitcoinjs-lib and @scure/btc-signer. */
import { Transaction as ScureTransaction } from "@scure/btc-signer";
import {
  address as oracleAddress,
  networks,
  Psbt as OraclePsbt,
  Transaction as OracleTransaction,
} from "bitcoinjs-lib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOfScript, parseAddress } from "../../src/chains/bitcoin/address.ts";
import { build } from "../../src/chains/bitcoin/build.ts";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { combine } from "../../src/chains/bitcoin/finalize.ts";
import { formatKeyPath } from "../../src/chains/bitcoin/key-path.ts";
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
  payment,
  signAll,
  snapshotOf,
  testWallet,
  viewOf,
  type TestCoin,
} from "../bitcoin/regtest-wallet.ts";

const wallet = testWallet();

const coins: readonly TestCoin[] = Array.from({ length: 7 }, (_, i) => ({
  units: 20_000n + BigInt(i) * 777n,
  branch: (i % 2) as 0 | 1,
  index: 3 * i,
}));

const bytes = build([payment(70_000n), payment(21_000n)], viewOf(wallet, 30), snapshotOf(wallet, coins))
  .rungs[0]?.bytes as Uint8Array;
const attempt = decode(bytes, viewOf(wallet, 30));
const signatures = signAll(wallet, attempt.tx);
const raw = combine(attempt.tx, signatures);

function privateKeyOf(keyPath: readonly number[]): Uint8Array {
  return wallet.root.derivePath(formatKeyPath(keyPath).replaceAll("h", "'")).privateKey as Uint8Array;
}

describe("@scure/btc-signer", () => {
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
    for (const { input, keyPath } of digests(attempt.tx)) theirs.signIdx(privateKeyOf(keyPath), input);
    const theirSignatures = attempt.tx.inputs.map(({ publicKey }, input) => {
      const [partial] = theirs.getInput(input).partialSig ?? [];
      expect(toHex(partial?.[0] as Uint8Array)).toBe(toHex(publicKey));
      return { input, key: toHex(publicKey), signature: toHex(partial?.[1] as Uint8Array) };
    });
    verifySignatures(attempt.tx, theirSignatures);
    theirs.finalize();
    expect(theirs.id).toBe(attempt.transaction);
    expect(theirs.hex).toBe(toHex(combine(attempt.tx, theirSignatures)));
    // Our low-R grinding is Bitcoin Core's, and so is theirs: bit for bit the same signatures.
    expect(theirSignatures).toEqual(signatures);
  });
});

describe("bitcoinjs-lib", () => {
  test("agrees on ids, sizes and BIP-143 digests", () => {
    const theirs = OracleTransaction.fromBuffer(raw);
    expect(theirs.getId()).toBe(attempt.transaction);
    expect(attempt.fee.virtualSize).toBeGreaterThanOrEqual(theirs.virtualSize());
    expect(attempt.fee.virtualSize - theirs.virtualSize()).toBeLessThanOrEqual(
      Math.ceil(attempt.inputs.length / 2),
    );
    for (const { input, digest } of digests(attempt.tx)) {
      const { script, units } = attempt.tx.inputs[input] as (typeof attempt.tx.inputs)[number];
      const scriptCode = scriptOf("p2pkh", script.subarray(2));
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
