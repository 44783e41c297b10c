/** Every kind of wallet against @scure/btc-signer: addresses, signatures byte for byte, final transactions. */
import {
  NETWORK,
  p2sh,
  p2tr,
  p2tr_ms,
  p2wpkh,
  p2wsh,
  p2ms,
  TEST_NETWORK,
  Transaction,
} from "@scure/btc-signer";
import { describe, expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { deriveAddress, type DescriptorKind } from "../../src/chains/bitcoin/descriptor.ts";
import { combine } from "../../src/chains/bitcoin/finalize.ts";
import { UNSPENDABLE_POINT } from "../../src/chains/bitcoin/internal-key.ts";
import { KINDS, walletKind } from "../../src/chains/bitcoin/kinds/table.ts";
import { partialSignatures } from "../../src/chains/bitcoin/partial.ts";
import { digests } from "../../src/chains/bitcoin/sighash.ts";
import { verifySignatures } from "../../src/chains/bitcoin/signature.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { goodPsbt, privateKeyOf, signAll, viewOf, walletOfKind } from "../bitcoin/regtest-wallet.ts";

type Payment = { readonly address?: string | undefined; readonly script: Uint8Array };

/** The output as they make it of the same keys, in the script's order. */
const THEIRS: Readonly<Record<DescriptorKind, (keys: Uint8Array[], network: typeof NETWORK) => Payment>> = {
  p2wpkh: ([key], network) => p2wpkh(key as Uint8Array, network),
  "p2sh-p2wpkh": ([key], network) => p2sh(p2wpkh(key as Uint8Array, network), network),
  p2tr: ([key], network) => p2tr((key as Uint8Array).subarray(1), undefined, network),
  "p2wsh-sortedmulti": (keys, network) => p2wsh(p2ms(2, keys), network),
  "p2sh-p2wsh-sortedmulti": (keys, network) => p2sh(p2wsh(p2ms(2, keys), network), network),
  "p2tr-sortedmulti": (keys, network) =>
    p2tr(
      fromHex(UNSPENDABLE_POINT),
      {
        script: p2tr_ms(
          2,
          keys.map((key) => key.subarray(1)),
        ).script,
      },
      network,
    ),
};

const NO_RANDOMNESS = new Uint8Array(32);

describe.each(KINDS.map(({ kind }) => kind))("%s", (kind) => {
  const wallet = walletOfKind(kind);
  const view = viewOf(wallet);
  const bytes = goodPsbt(wallet);
  const { tx, transaction } = decode(bytes, view);

  test.each([
    ["mainnet", NETWORK],
    ["testnet", TEST_NETWORK],
  ] as const)("has their addresses on %s", (network, theirs) => {
    const { descriptor } = walletOfKind(kind, { network });
    for (let index = 0; index < 5; index++) {
      const { keys, address, script } = deriveAddress(descriptor, 0, index);
      const made = THEIRS[kind](
        keys.map(({ publicKey }) => publicKey),
        theirs,
      );
      expect(made.address).toBe(address);
      expect(toHex(made.script)).toBe(toHex(script));
    }
  });

  test("they sign our PSBT with our very bytes, and finalise to our transaction", () => {
    const theirs = Transaction.fromPSBT(bytes, { lowR: true });
    // As many keys as are needed, the first in each script: those that our combination uses.
    for (const { input, keys } of digests(tx)) {
      for (const key of keys.slice(0, wallet.descriptor.threshold))
        theirs.signIdx(privateKeyOf(wallet, key), input, undefined, NO_RANDOMNESS);
    }
    const partial = partialSignatures(theirs.toPSBT());
    expect(partial.transaction).toBe(transaction);
    verifySignatures(tx, partial.signatures);
    const ours = signAll(wallet, tx);
    // Where R is high at first, Bitcoin Core and we go on with a counter from 1, they with one from 0.
    const same = partial.signatures.filter((signature) =>
      ours.some((own) => JSON.stringify(own) === JSON.stringify(signature)),
    );
    if (walletKind(kind).scheme === "schnorr") expect(same).toHaveLength(partial.signatures.length);
    else expect(same.length).toBeGreaterThan(0);
    theirs.finalize();
    expect(theirs.id).toBe(transaction);
    expect(theirs.hex).toBe(toHex(combine(tx, partial.signatures)));
  });
});
