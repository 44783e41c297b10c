import { describe, expect, test } from "vitest";
import { bitcoinSigner, KEY_MISSING } from "../../../../signer/sign/bitcoin.ts";
import { openKeyRing } from "../../../../signer/keystore/key-ring.ts";
import { sealSeed, type SeedFile } from "../../../../signer/keystore/seed-file.ts";
import { decodePlan } from "../../../../src/chains/bitcoin/plan-attempts.ts";
import { writeDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import type { BitcoinAttempt } from "../../../../src/chains/bitcoin/attempt.ts";
import { AssertionError } from "../../../../src/core/errors.ts";
import { utf8 } from "../../../../src/core/hex.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import {
  multisigWallet,
  payment,
  planOf,
  policyWallet,
  snapshotOf,
  testWallet,
  viewOf,
  type TestWallet,
} from "../../../bitcoin/regtest-wallet.ts";
import { fixtureBytes } from "../../../factory/identities.ts";

const PASSPHRASE = utf8("regtest fixture passphrase");
const random = { salt: new Uint8Array(16), nonce: new Uint8Array(12) };

const seeds = ["cosigner a", "cosigner b", "cosigner c"].map((label) =>
  sealSeed(label.replace(" ", "-") as Name, fixtureBytes(label), "regtest", PASSPHRASE, random),
) as [SeedFile, SeedFile, SeedFile];
const stranger = sealSeed("stranger" as Name, fixtureBytes("stranger"), "regtest", PASSPHRASE, random);

const descriptor = writeDescriptor(
  { kind: "p2wsh-sortedmulti", threshold: 2, keys: seeds.map(({ cosignerKey }) => cosignerKey) },
  "regtest",
);
const wallet = { descriptor, network: "regtest" } as TestWallet;
const vault = policyWallet(wallet);
const view = viewOf(wallet);

function attempt(): BitcoinAttempt {
  const coins = [{ units: 60_000n }, { units: 50_000n, index: 2 }];
  const plan = planOf([payment(80_000n)], view, snapshotOf(wallet, coins));
  return decodePlan(plan, plan.previous, view).rungs[0]?.tx as BitcoinAttempt;
}

const tx = attempt();
const ring = (...files: readonly SeedFile[]) => openKeyRing(files, PASSPHRASE);
const signaturesOf = (...files: readonly SeedFile[]) =>
  bitcoinSigner.sign(tx, vault, "regtest", ring(...files));

describe("a wallet of 2 of 3 keys", () => {
  test("is named by its quorum, and its keys are counted", () => {
    expect(bitcoinSigner.quorum(vault, "regtest")).toBe("2 of 3");
    expect(bitcoinSigner.quorum(policyWallet(testWallet()), "regtest")).toBe("1 of 1");
    for (const seed of seeds) expect(bitcoinSigner.countKeys(vault, "regtest", ring(seed))).toBe(1);
    expect(bitcoinSigner.countKeys(vault, "regtest", ring(seeds[0], stranger, seeds[2]))).toBe(2);
    expect(bitcoinSigner.countKeys(vault, "regtest", ring(stranger))).toBe(0);
    // One seed's P2WPKH account is another key than its key for wallets of several.
    const single = { ...vault, descriptor: seeds[0].descriptor, threshold: 1 };
    expect(bitcoinSigner.countKeys(single, "regtest", ring(seeds[1]))).toBe(0);
  });

  test("each signer signs every input with its own key; two of them complete it", () => {
    const [a, b] = [signaturesOf(seeds[0]), signaturesOf(seeds[1])];
    expect([a.length, b.length]).toEqual([2, 2]);
    const { codec } = bitcoinSigner;
    codec.verifySignatures(tx, a);
    codec.verifySignatures(tx, [...a, ...b]);
    expect(codec.isComplete(tx, a)).toBe(false);
    expect(codec.isComplete(tx, [...a, ...b])).toBe(true);
    expect(codec.combine(tx, [...a, ...b])).toEqual(codec.combine(tx, [...b, ...a]));
    expect(codec.isComplete(tx, [...a, ...b.slice(1)])).toBe(false);
  });

  test("a signer with all keys signs with all, and the combination uses two", () => {
    const all = signaturesOf(...seeds);
    expect(all).toHaveLength(6);
    bitcoinSigner.codec.verifySignatures(tx, all);
    const two = all.filter(
      ({ key, input }) => key !== all.filter((each) => each.input === input).at(-1)?.key,
    );
    expect(bitcoinSigner.codec.combine(tx, all)).toEqual(bitcoinSigner.codec.combine(tx, two));
  });

  test("one key's second signature, a stranger's, and one for another input do not count", () => {
    const [first, second] = signaturesOf(seeds[0]);
    const { codec } = bitcoinSigner;
    expect(() => codec.verifySignatures(tx, [first as never, first as never])).toThrow(
      "second one by the same key",
    );
    expect(() => codec.verifySignatures(tx, [{ ...first, input: 1 } as never])).toThrow("another key");
    expect(() => codec.verifySignatures(tx, [{ ...second, input: 0 } as never])).toThrow("another key");
    expect(() => codec.verifySignatures(tx, [{ ...first, signature: second?.signature } as never])).toThrow(
      "does not verify",
    );
    expect(codec.isComplete(tx, [first as never, first as never, second as never])).toBe(false);
  });

  test("without a key of the wallet nothing is signed, and nothing for another wallet's attempt", () => {
    expectRefusal(() => signaturesOf(stranger), KEY_MISSING);
    expectRefusal(() => signaturesOf(), KEY_MISSING);
    const other = policyWallet(multisigWallet());
    expect(() => bitcoinSigner.sign(tx, other, "regtest", ring(...seeds))).toThrow(AssertionError);
  });
});
