/** BIP-322 version 2.0.0, basic-test-vectors.json: the virtual transactions, and signatures byte for byte. */
import { WIF } from "@scure/btc-signer";
import { decode as decodeDer } from "bitcoinjs-lib/src/bip66";
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { parseAddress } from "../../src/chains/bitcoin/address.ts";
import type { BitcoinAttempt, OwnedInput } from "../../src/chains/bitcoin/attempt.ts";
import { cursorOf, finish } from "../../src/chains/bitcoin/cursor.ts";
import { messageSignature } from "../../src/chains/bitcoin/message-signature.ts";
import { PSBT_MALFORMED } from "../../src/chains/bitcoin/psbt-codec.ts";
import { scriptCodeOf, witnessDigest } from "../../src/chains/bitcoin/sighash.ts";
import { taprootDigest } from "../../src/chains/bitcoin/taproot-sighash.ts";
import { encodeSignature, verifySignatures } from "../../src/chains/bitcoin/signature.ts";
import { takeWitness, transactionId } from "../../src/chains/bitcoin/transaction.ts";
import { messageHash, toSign, toSpend } from "../../src/chains/bitcoin/virtual-transactions.ts";
import { concatBytes, fromHex, toHex } from "../../src/core/hex.ts";
import { signLowR } from "../bitcoin/regtest-wallet.ts";
import { checkCases, vectorFile } from "./folder.ts";

type Simple = {
  readonly message: string;
  readonly private_keys: readonly string[];
  readonly address: string;
  readonly type: string;
  readonly witness_script: string;
  readonly bip322_signatures: readonly string[];
};
type Vectors = {
  readonly tx_hashes: readonly {
    readonly message: string;
    readonly address: string;
    readonly message_hash: string;
    readonly to_spend_tx_hash: string;
    readonly to_sign_tx_hash: string;
  }[];
  readonly simple: readonly Simple[];
  readonly error: readonly {
    readonly description: string;
    readonly message: string;
    readonly address: string;
    readonly signature: string;
  }[];
};

const scriptOfAddress = (address: string) => parseAddress(address, "mainnet").script;

/** Whether a `smp` signature of an ECDSA address verifies over the digest that we compute. */
function verifies(message: string, address: string, signature: string): boolean {
  const cursor = cursorOf(
    new Uint8Array(Buffer.from(signature.slice(3), "base64")),
    "signature",
    PSBT_MALFORMED,
  );
  const stack = takeWitness(cursor);
  finish(cursor);
  const script = scriptOfAddress(address);
  const multisig = script.length === 34;
  const witnessScript = multisig ? stack.at(-1) : undefined;
  const unsigned = toSign(toSpend(message, script), []);
  const code = scriptCodeOf({ script, witnessScript });
  const digest = witnessDigest(unsigned, 0, code, 0n);
  // Keys of a script stand between its m and its n, 34 bytes each with their push.
  const keys = multisig
    ? Array.from({ length: ((witnessScript?.length ?? 3) - 3) / 34 }, (_, i) =>
        witnessScript?.subarray(2 + 34 * i, 35 + 34 * i),
      )
    : stack.slice(1);
  const signatures = multisig ? stack.slice(1, -1) : stack.slice(0, 1);
  return (
    signatures.length === keys.length &&
    signatures.length > 0 &&
    signatures.every((der, i) => ecc.verify(digest, keys[i] as Uint8Array, compact(der), true))
  );
}

function compact(der: Uint8Array): Uint8Array {
  const { r, s } = decodeDer(der.subarray(0, -1));
  const scalar = (part: Uint8Array) =>
    Uint8Array.from(Buffer.from(toHex(part).padStart(64, "0").slice(-64), "hex"));
  return concatBytes(scalar(r), scalar(s));
}

/** What our signer would give for a vector's keys. @param sign ours grinds for a low R, whoever made some vectors does not */
function signed(
  { message, address, private_keys: wifs, witness_script: hex }: Simple,
  sign: typeof signLowR,
): string {
  const script = scriptOfAddress(address);
  const secrets = wifs.map((wif) => WIF().decode(wif));
  const witnessScript = hex === "" ? undefined : fromHex(hex);
  const keys = secrets.map((secret) => ({
    publicKey: ecc.pointFromScalar(secret, true) as Uint8Array,
    fingerprint: "",
    path: [],
  }));
  const unsigned = toSign(toSpend(message, script), []);
  const input = { units: 0n, script, witnessScript, keys } as unknown as OwnedInput;
  const attempt = {
    id: transactionId(unsigned),
    unsigned,
    inputs: [input],
    descriptor: {
      threshold: keys.length,
      kind: witnessScript === undefined ? "p2wpkh" : "p2wsh-sortedmulti",
    },
    message,
  } as unknown as BitcoinAttempt;
  const digest = witnessDigest(unsigned, 0, scriptCodeOf(input), 0n);
  const signatures = keys.map(({ publicKey }, i) => ({
    input: 0,
    key: toHex(publicKey),
    signature: encodeSignature(sign(digest, secrets[i] as Uint8Array)),
  }));
  verifySignatures(attempt, signatures);
  return messageSignature(attempt, signatures);
}

/** The version before prefixes: the witness stack alone. Schnorr over our digest of a key-path input (BIP-341). */
function verifiesTaproot({ message, address, bip322_signatures: all }: Simple): boolean {
  const script = scriptOfAddress(address);
  const unsigned = toSign(toSpend(message, script), []);
  const digest = taprootDigest(unsigned, 0, [{ units: 0n, script }]);
  return all.every((signature) => {
    const cursor = cursorOf(new Uint8Array(Buffer.from(signature, "base64")), "signature", PSBT_MALFORMED);
    const [schnorr, ...rest] = takeWitness(cursor);
    finish(cursor);
    return rest.length === 0 && ecc.verifySchnorr(digest, script.subarray(2), schnorr as Uint8Array);
  });
}

const FILE = "bips/bip-0322/basic-test-vectors.json";

describe("BIP-322 vectors", () => {
  const vectors = vectorFile<Vectors>(FILE);

  test.skipIf(vectors === undefined)("message hash and virtual transactions", () => {
    const check = ({ message, address, ...expected }: Vectors["tx_hashes"][number]) => {
      const spend = toSpend(message, scriptOfAddress(address));
      expect({
        message_hash: toHex(messageHash(message)),
        to_spend_tx_hash: transactionId(spend),
        to_sign_tx_hash: transactionId(toSign(spend, [])),
      }).toEqual(expected);
      return "passed" as const;
    };
    checkCases(FILE, vectors?.tx_hashes ?? [], check, "tx_hashes");
  });

  test.skipIf(vectors === undefined)("every published signature is over our digest", () => {
    const check = (simple: Simple) => {
      const { message, address, type, bip322_signatures: all } = simple;
      const good = type.startsWith("p2tr")
        ? verifiesTaproot(simple)
        : all.every((signature) => verifies(message, address, signature));
      expect(good).toBe(true);
      expect(all).not.toEqual([]);
      // The maker of the wsh case does not grind for a low R, as ours does.
      if (message === "Hello World") expect(all).toContain(signed(simple, signLowR));
      if (type === "p2wsh-multisig-3of3") expect(all).toContain(signed(simple, ecc.sign));
      return "passed" as const;
    };
    checkCases(FILE, vectors?.simple ?? [], check, "simple");
  });

  test.skipIf(vectors === undefined)("another message or address is over another digest", () => {
    const check = ({ description, message, address, signature }: Vectors["error"][number]) => {
      // The others are about the text of a signature, which we write and never read.
      if (!/^wrong (message|address)/.test(description)) return "not ours" as const;
      expect(verifies(message, address, signature)).toBe(false);
      return "passed" as const;
    };
    checkCases(FILE, vectors?.error ?? [], check, "error");
  });
});
