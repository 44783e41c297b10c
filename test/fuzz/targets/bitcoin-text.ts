/** What people and programs write of Bitcoin as text: addresses, key expressions, descriptors. */
import { parseAddress } from "../../../src/chains/bitcoin/address.ts";
import { descriptorChecksum } from "../../../src/chains/descriptor-checksum.ts";
import { deriveAddress, parseDescriptor, writeDescriptor } from "../../../src/chains/bitcoin/descriptor.ts";
import { formatKeyExpression, parseKeyExpression } from "../../../src/chains/bitcoin/key-expression.ts";
import { NETWORKS } from "../../../src/core/chain.ts";
import { concatBytes, utf8 } from "../../../src/core/hex.ts";
import { isError } from "../../../src/core/errors.ts";
import { cosignerKey, masterOf } from "../../../signer/keystore/seed.ts";
import { ADDRESS_NETWORK } from "../../../src/chains/bitcoin/address.ts";
import type { Random } from "../../attack/bench/random.ts";
import { OTHER_PAYEE, PAYEE } from "../../factory/custody.ts";
import { VAULT_DESCRIPTOR } from "../../factory/documents.ts";
import { fixtureBytes } from "../../factory/identities.ts";
import { base58Check, bech32, fromBase58Check } from "../base58.ts";
import { mutateBytes, withRepair } from "../mutate-bytes.ts";
import { mutateText } from "../mutate-text.ts";
import { once, promised, textOf, type Mutate, type Target } from "../target.ts";

const ADDRESSES = [
  PAYEE,
  OTHER_PAYEE,
  "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
  "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4",
  "tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7",
  "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0",
  "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
  "3P14159f73E4gFr7JterCCQh9QjiTjiZrG",
  "mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn",
  "2MzQwSSnBHWHqSAqtTVQ6v47XtaisrJa1Vc",
];

/** A segwit address of groups of any number and version, or base58 of any bytes: all with a checksum that fits. */
const encodedAddress: Mutate = (random, sample) => {
  const text = textOf(sample);
  if (!/^(bc|tb|bcrt)1/i.test(text)) {
    const payload = mutateBytes(random, fromBase58Check(text), [fromBase58Check(text)]).subarray(0, 40);
    return utf8(base58Check(payload));
  }
  const [prefix = "bc"] = text.toLowerCase().split("1");
  const groups = Array.from({ length: random.of([1, 6, 8, 33, 53, 54, 65, 84]) }, () => random.below(32));
  groups[0] = random.of([0, 1, 2, 16, 17, 31]);
  return utf8(
    bech32(random.chance(90) ? prefix : random.of(["ltc", "b", "bcr"]), groups, random.of([1, 0x2bc830a3])),
  );
};

const address: Target = {
  name: "address",
  samples: once(() => ADDRESSES.map(utf8)),
  mutate: (random, sample, samples) =>
    (random.chance(60) ? encodedAddress : mutateText)(random, sample, samples),
  decode: (input) => {
    const text = textOf(input);
    const network = NETWORKS.find((name) => isHome(text, name)) ?? "mainnet";
    const read = parseAddress(text, network);
    promised(
      read.address === text || read.address === text.toLowerCase(),
      "an address is read as another one",
    );
    promised(parseAddress(read.address, network).account === read.account, "an address has two accounts");
    return undefined;
  },
  cases: 3000,
};

/** Whether `text` is refused on `name` for nothing but its network. */
function isHome(text: string, name: (typeof NETWORKS)[number]): boolean {
  try {
    parseAddress(text, name);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "CustodyError") return !isError(error, ADDRESS_NETWORK);
    throw error;
  }
}

function cosigner(label: string): string {
  return cosignerKey(masterOf(fixtureBytes(label).subarray(0, 32), "regtest"), "regtest");
}

const KEYS = ["fuzz one", "fuzz two", "fuzz three"].map(cosigner);

/** One of each kind of wallet. */
export const DESCRIPTORS: readonly string[] = [
  VAULT_DESCRIPTOR,
  ...(["p2sh-p2wpkh", "p2tr"] as const).map(
    (kind) => writeDescriptor({ kind, threshold: 1, keys: KEYS.slice(0, 1) }, "regtest").text,
  ),
  ...(["p2wsh-sortedmulti", "p2sh-p2wsh-sortedmulti", "p2tr-sortedmulti"] as const).map(
    (kind) => writeDescriptor({ kind, threshold: 2, keys: KEYS }, "regtest").text,
  ),
];

/** Another key inside the base58 of an extended key: version, depth, number, chain code, point. */
function withOtherKey(random: Random, text: string): string {
  const keys = [...text.matchAll(/[1-9A-HJ-NP-Za-km-z]{100,120}/g)];
  if (keys.length === 0) return text;
  const found = random.of(keys);
  const bytes = mutateBytes(random, fromBase58Check(found[0]), [fromBase58Check(found[0])]).subarray(0, 90);
  return (
    text.slice(0, found.index) + base58Check(concatBytes(bytes)) + text.slice(found.index + found[0].length)
  );
}

function withChecksum(text: string): string {
  const body = text.split("#")[0] ?? "";
  return `${body}#${descriptorChecksum(body) ?? ""}`;
}

const descriptor: Target = {
  name: "descriptor",
  samples: once(() => DESCRIPTORS.map(utf8)),
  mutate: withRepair(
    (random, sample, samples) =>
      random.chance(40)
        ? utf8(withOtherKey(random, textOf(sample)))
        : mutateText(random, sample, samples).subarray(0, 8192),
    (bytes) => utf8(withChecksum(textOf(bytes))),
  ),
  decode: (input) => {
    const read = parseDescriptor(textOf(input), "regtest");
    promised(
      parseDescriptor(read.text, "regtest").text === read.text,
      "the canonical form is read otherwise",
    );
    deriveAddress(read, 0, 7);
    return undefined;
  },
  cases: 700,
};

const keyExpression: Target = {
  name: "key-expression",
  samples: once(() => KEYS.map(utf8)),
  mutate: (random, sample, samples) =>
    random.chance(50) ? utf8(withOtherKey(random, textOf(sample))) : mutateText(random, sample, samples),
  decode: (input) => {
    const { key } = parseKeyExpression(textOf(input), "regtest");
    const text = formatKeyExpression(key);
    promised(
      formatKeyExpression(parseKeyExpression(text, "regtest").key) === text,
      "a key is written otherwise",
    );
    return undefined;
  },
  cases: 3000,
};

export const BITCOIN_TEXT_TARGETS: readonly Target[] = [address, descriptor, keyExpression];
