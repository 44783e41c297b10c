/** BIP-341: outputs of key and script tree, and digests of inputs that are spent by their key. */
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../src/chains/bitcoin/address.ts";
import {
  TAPSCRIPT,
  tapLeafHash,
  taprootOutputKey,
  taprootTweak,
  taggedHash,
} from "../../src/chains/bitcoin/taproot.ts";
import { taprootDigest, taprootMidstateOf } from "../../src/chains/bitcoin/taproot-sighash.ts";
import { oneLeafOutput } from "../../src/chains/bitcoin/taproot.ts";
import { parseUnsigned } from "../../src/chains/bitcoin/transaction.ts";
import { concatBytes, fromHex, toHex } from "../../src/core/hex.ts";
import { checkCases, vectorFile } from "./folder.ts";

type Leaf = { readonly id: number; readonly script: string; readonly leafVersion: number };
type Tree = Leaf | readonly [Tree, Tree];
type Output = {
  readonly given: { readonly internalPubkey: string; readonly scriptTree: Tree | null };
  readonly intermediary: {
    readonly merkleRoot: string | null;
    readonly tweak: string;
    readonly tweakedPubkey: string;
    readonly leafHashes?: readonly string[];
  };
  readonly expected: {
    readonly scriptPubKey: string;
    readonly bip350Address: string;
    readonly scriptPathControlBlocks?: readonly string[];
  };
};
type Spending = {
  readonly given: {
    readonly txinIndex: number;
    readonly internalPrivkey: string;
    readonly merkleRoot: string | null;
    readonly hashType: number;
  };
  readonly intermediary: {
    readonly internalPubkey: string;
    readonly tweak: string;
    readonly tweakedPrivkey: string;
    readonly sigHash: string;
  };
  readonly expected: { readonly witness: readonly string[] };
};
type Vectors = {
  readonly scriptPubKey: readonly Output[];
  readonly keyPathSpending: readonly {
    readonly given: {
      readonly rawUnsignedTx: string;
      readonly utxosSpent: readonly { readonly scriptPubKey: string; readonly amountSats: number }[];
    };
    readonly intermediary: Readonly<Record<string, string>>;
    readonly inputSpending: readonly Spending[];
  }[];
};

const FILE = "bips/bip-0341/wallet-test-vectors.json";
const vectors = vectorFile<Vectors>(FILE);

/** A leaf, or the root of a tree, with the path from each leaf up to it. */
type Node = {
  readonly hash: Uint8Array;
  readonly paths: readonly { readonly leaf: Leaf; readonly path: Uint8Array }[];
};

// Trees of more than one leaf are nothing that we make; the vectors' are put together here.
function nodeOf(tree: Tree): Node {
  if (!Array.isArray(tree)) {
    const leaf = tree as Leaf;
    return {
      hash: tapLeafHash(fromHex(leaf.script), leaf.leafVersion),
      paths: [{ leaf, path: new Uint8Array() }],
    };
  }
  const [left, right] = (tree as readonly [Tree, Tree]).map(nodeOf) as [Node, Node];
  const [first, second] = toHex(left.hash) < toHex(right.hash) ? [left, right] : [right, left];
  const below = (node: Node, other: Node) =>
    node.paths.map(({ leaf, path }) => ({ leaf, path: concatBytes(path, other.hash) }));
  return {
    hash: taggedHash("TapBranch", first.hash, second.hash),
    paths: [...below(left, right), ...below(right, left)],
  };
}

describe("BIP-341", () => {
  test.skipIf(vectors === undefined)("outputs, addresses and control blocks", () => {
    const check = ({ given, intermediary, expected }: Output) => {
      const internal = fromHex(given.internalPubkey);
      const root = given.scriptTree === null ? undefined : nodeOf(given.scriptTree);
      expect(root === undefined ? null : toHex(root.hash)).toBe(intermediary.merkleRoot);
      expect(toHex(taprootTweak(internal, root?.hash))).toBe(intermediary.tweak);
      const { key, parity } = taprootOutputKey(internal, root?.hash);
      expect(toHex(key)).toBe(intermediary.tweakedPubkey);
      expect(`5120${toHex(key)}`).toBe(expected.scriptPubKey);
      expect(toHex(parseAddress(expected.bip350Address, "mainnet").script)).toBe(expected.scriptPubKey);
      const leaves = [...(root?.paths ?? [])].sort((a, b) => a.leaf.id - b.leaf.id);
      expect(leaves.map(({ leaf }) => toHex(tapLeafHash(fromHex(leaf.script), leaf.leafVersion)))).toEqual(
        intermediary.leafHashes ?? [],
      );
      const blocks = leaves.map(({ leaf, path }) =>
        toHex(concatBytes(Uint8Array.of(leaf.leafVersion | parity), internal, path)),
      );
      expect(blocks).toEqual(expected.scriptPathControlBlocks ?? []);
      const [only, ...others] = leaves;
      if (only?.leaf.leafVersion === TAPSCRIPT && others.length === 0) {
        const ours = oneLeafOutput(internal, fromHex(only.leaf.script));
        expect(toHex(ours.outputKey)).toBe(intermediary.tweakedPubkey);
        expect([toHex(ours.leaf?.controlBlock ?? new Uint8Array())]).toEqual(
          expected.scriptPathControlBlocks,
        );
      }
      return "passed" as const;
    };
    checkCases(FILE, vectors?.scriptPubKey ?? [], check, "scriptPubKey");
  });

  test.skipIf(vectors === undefined)("digests and signatures of inputs spent by their key", () => {
    const cases = (vectors?.keyPathSpending ?? []).flatMap(({ given, intermediary, inputSpending }) =>
      inputSpending.map((spending) => ({ given, intermediary, spending })),
    );
    const check = ({ given, intermediary, spending }: (typeof cases)[number]) => {
      const unsigned = parseUnsigned(fromHex(given.rawUnsignedTx));
      const spent = given.utxosSpent.map(({ scriptPubKey, amountSats }) => ({
        units: BigInt(amountSats),
        script: fromHex(scriptPubKey),
      }));
      const midstate = taprootMidstateOf(unsigned, spent);
      expect({
        hashAmounts: toHex(midstate.amounts),
        hashOutputs: toHex(midstate.outputs),
        hashPrevouts: toHex(midstate.prevouts),
        hashScriptPubkeys: toHex(midstate.scripts),
        hashSequences: toHex(midstate.sequences),
      }).toEqual(intermediary);
      const { internalPrivkey, merkleRoot, hashType, txinIndex } = spending.given;
      const secret = fromHex(internalPrivkey);
      const point = ecc.pointFromScalar(secret, true) as Uint8Array;
      const root = merkleRoot === null ? undefined : fromHex(merkleRoot);
      const tweak = taprootTweak(point.subarray(1), root);
      expect(toHex(point.subarray(1))).toBe(spending.intermediary.internalPubkey);
      expect(toHex(tweak)).toBe(spending.intermediary.tweak);
      const tweaked = ecc.privateAdd(point[0] === 3 ? ecc.privateNegate(secret) : secret, tweak);
      expect(toHex(tweaked ?? new Uint8Array())).toBe(spending.intermediary.tweakedPrivkey);
      // Attack B9: no other sighash type is ever signed or counted, so none has a digest here.
      if (hashType !== 0) return "not ours" as const;
      const digest = taprootDigest(unsigned, txinIndex, spent);
      expect(toHex(digest)).toBe(spending.intermediary.sigHash);
      const signature = ecc.signSchnorr(digest, tweaked as Uint8Array, new Uint8Array(32));
      expect([toHex(signature)]).toEqual(spending.expected.witness);
      return "passed" as const;
    };
    checkCases(FILE, cases, check, "keyPathSpending");
  });
});
