/**
 * A taproot wallet of several keys beside bip32 and @scure/btc-signer, from the seeds on: which key stands where, and which
 * internal key lies under them, at places where BIP-67's order of compressed keys would be another one than BIP-387's.
 */
import { NETWORK, p2tr, p2tr_ms } from "@scure/btc-signer";
import { BIP32Factory, type BIP32Interface } from "bip32";
import * as ecc from "tiny-secp256k1";
import { expect, test } from "vitest";
import { deriveAddress } from "../../src/chains/bitcoin/descriptor.ts";
import { UNSPENDABLE_POINT } from "../../src/chains/bitcoin/internal-key.ts";
import { BITCOIN_NETWORKS } from "../../src/chains/bitcoin/network.ts";
import { assert } from "../../src/core/errors.ts";
import { fromHex } from "../../src/core/hex.ts";
import { walletOfKind } from "../bitcoin/regtest-wallet.ts";

const INDEXES = 8;
const places = ([0, 1] as const).flatMap((branch) =>
  Array.from({ length: INDEXES }, (_, index) => [branch, index] as const),
);

test.each(["point", "extended"] as const)(
  "addresses of both branches under an internal %s",
  (internalKey) => {
    const { descriptor, seeds } = walletOfKind("p2tr-sortedmulti", { network: "mainnet", internalKey });
    const versions = { wif: 0x80, bip32: BITCOIN_NETWORKS.mainnet.bip32 };
    const { internalKey: own } = descriptor;
    assert(own !== undefined, "this kind has an internal key");
    const inner = own.form === "extended" ? BIP32Factory(ecc).fromBase58(own.xpub, versions) : undefined;
    let orders = 0;
    for (const [branch, index] of places) {
      const at = (node: BIP32Interface) => node.derive(branch).derive(index).publicKey;
      const compressed = seeds.map(({ account }) => at(account)).sort((a, b) => Buffer.compare(a, b));
      const keys = compressed.map((key) => key.subarray(1)).sort((a, b) => Buffer.compare(a, b));
      if (compressed.some((key, place) => Buffer.compare(key.subarray(1), keys[place] as Uint8Array) !== 0))
        orders += 1;
      const internal = inner === undefined ? fromHex(UNSPENDABLE_POINT) : at(inner).subarray(1);
      const theirs = p2tr(internal, { script: p2tr_ms(2, keys).script }, NETWORK, true);
      expect(deriveAddress(descriptor, branch, index).address).toBe(theirs.address);
    }
    // Else the test could not tell the two orders apart.
    expect(orders).toBeGreaterThan(0);
  },
);
