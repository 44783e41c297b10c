import { hash160 } from "bitcoinjs-lib/src/crypto";
import { expect, test } from "vitest";
import { scriptOf } from "../../../../src/chains/bitcoin/script.ts";
import { midstateOf, scriptCodeOf, witnessDigest } from "../../../../src/chains/bitcoin/sighash.ts";
import { parseTransaction } from "../../../../src/chains/bitcoin/transaction.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";

/** BIP-143, "Native P2WPKH": the second input spends 6 BTC. */
const UNSIGNED =
  "0100000002fff7f7881a8099afa6940d42d1e7f6362bec38171ea3edf433541db4e4ad969f0000000000eeffffffef51e1b804cc89d182d279655c3aa89e815b1b309fe287d9b2b55d57b90ec68a0100000000ffffffff02202cb206000000001976a9148280b37df378db99f66f85c95a783a76ac7a6d5988ac9093510d000000001976a9143bde42dbee7e4dbe6a21b2d50ce2f0167faa815988ac11000000";
const PUBLIC_KEY = "025476c2e83188368da1ff3e292e7acafcdb3566bb0ad253f62fc70f07aeee6357";

test("BIP-143 native P2WPKH example", () => {
  const transaction = parseTransaction(fromHex(UNSIGNED));
  const script = scriptOf("p2wpkh", hash160(fromHex(PUBLIC_KEY)));
  const midstate = midstateOf(transaction);
  expect(toHex(midstate.prevouts)).toBe("96b827c8483d4e9b96712b6713a7b68d6e8003a781feba36c31143470b4efd37");
  expect(toHex(midstate.sequences)).toBe("52b0a642eea2fb7ae638c36f6252b6750293dbe574a806984b8e4d8548339a3b");
  expect(toHex(midstate.outputs)).toBe("863ef3e1a92afbfdb97f31ad0fc7683ee943e9abcf2501590ff8f6551f47e5e5");
  expect(
    toHex(witnessDigest(transaction, 1, scriptCodeOf({ script, witnessScript: undefined }), 600_000_000n)),
  ).toBe("c37af31116d1b27caf68aae9e3ac82f1477929014d5b917657d0eb49478cb670");
});
