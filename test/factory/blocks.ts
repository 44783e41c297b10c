/** Blocks of transactions of a test's own, with a header and a coinbase that commit to them. No work is proven: nobody here asks for it. */
import { transactionBytes, transactionId, type Transaction } from "../../src/chains/bitcoin/transaction.ts";
import { compactSize, hash256, joined, txidBytes, txidText, uint32 } from "../../src/chains/bitcoin/wire.ts";
import type { Digest } from "../../src/core/digest.ts";
import { parseDigest } from "../../src/core/digest.ts";

export type MadeBlock = { readonly bytes: Uint8Array; readonly hash: Digest };

const NOTHING = parseDigest("0".repeat(64));

/** A block that a coinbase and `transactions` make, on top of `parent`. */
export function blockOf(
  transactions: readonly Transaction[],
  parent: Digest = parseDigest("a".repeat(64)),
): MadeBlock {
  return blockOn([coinbase([commitmentTo(transactions)]), ...transactions], parent);
}

/** A block of exactly these transactions, the coinbase among them. */
export function blockOn(
  all: readonly Transaction[],
  parent: Digest = parseDigest("a".repeat(64)),
): MadeBlock {
  const header = joined([
    uint32(0x2000_0000),
    txidBytes(parent),
    rootOf(all.map((transaction) => txidBytes(transactionId(transaction)))),
    uint32(1_763_800_000),
    uint32(0x207f_ffff),
    uint32(0),
  ]);
  const bytes = joined([header, compactSize(all.length), ...all.map(transactionBytes)]);
  return { bytes, hash: txidText(hash256(header)) };
}

/** A transaction that spends `inputs` and pays scripts. */
export function spending(
  inputs: readonly { readonly txid: Digest; readonly vout: number }[],
  outputs: readonly { readonly units: bigint; readonly script: Uint8Array }[],
): Transaction {
  return {
    version: 2,
    inputs: inputs.map((input) => ({
      ...input,
      scriptSig: new Uint8Array(),
      sequence: 0xffff_fffd,
      witness: [Uint8Array.of(1)],
    })),
    outputs,
    lockTime: 0,
  };
}

/** The script in which a coinbase commits to the witnesses of what follows it (BIP-141), its reserved value all zeros. */
export function commitmentTo(transactions: readonly Transaction[]): Uint8Array {
  const ids = transactions.map((transaction) => hash256(transactionBytes(transaction)));
  const commitment = hash256(rootOf([new Uint8Array(32), ...ids]), new Uint8Array(32));
  return joined([Uint8Array.of(0x6a, 0x24, 0xaa, 0x21, 0xa9, 0xed), commitment]);
}

/** @param witness of its one input; the second output on are `scripts` */
export function coinbase(
  scripts: readonly Uint8Array[],
  witness: readonly Uint8Array[] = [new Uint8Array(32)],
): Transaction {
  const scriptSig = Uint8Array.of(1, 7);
  const input = {
    txid: NOTHING,
    vout: 0xffff_ffff,
    scriptSig,
    sequence: 0xffff_ffff,
    witness,
  };
  return {
    version: 2,
    inputs: [input],
    outputs: [
      { units: 5_000_000_000n, script: Uint8Array.of(0x51) },
      ...scripts.map((script) => ({ units: 0n, script })),
    ],
    lockTime: 0,
  };
}

/** Written from the rule alone (developer reference, "Merkle trees"), so that it can stand against ours. */
function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 1) return hashes[0] as Uint8Array;
  const even = hashes.length % 2 === 0 ? hashes : [...hashes, hashes.at(-1) as Uint8Array];
  return rootOf(
    Array.from({ length: even.length / 2 }, (_, i) =>
      hash256(even[2 * i] as Uint8Array, even[2 * i + 1] as Uint8Array),
    ),
  );
}
