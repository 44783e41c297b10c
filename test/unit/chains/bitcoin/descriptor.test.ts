import { BIP32Factory } from "bip32";
import { mnemonicToSeedSync } from "bip39";
import * as ecc from "tiny-secp256k1";
import { describe, expect, test } from "vitest";
import { descriptorChecksum } from "../../../../src/chains/descriptor-checksum.ts";
import {
  deriveAddress,
  DESCRIPTOR_PRIVATE,
  parseDescriptor,
  writeDescriptor,
} from "../../../../src/chains/bitcoin/descriptor.ts";
import {
  DESCRIPTOR_KIND,
  DESCRIPTOR_MALFORMED,
  DESCRIPTOR_NETWORK,
} from "../../../../src/chains/bitcoin/key-expression.ts";
import { HARDENED } from "../../../../src/chains/key-path.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { testWallet } from "../../../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const body = wallet.descriptor.text.split("#")[0] as string;
const sealed = (text: string) => `${text}#${descriptorChecksum(text)}`;
const tpub = wallet.account.neutered().toBase58();

describe("BIP-84 test vectors", () => {
  const mnemonic = `${"abandon ".repeat(11)}about`;
  const root = BIP32Factory(ecc).fromSeed(mnemonicToSeedSync(mnemonic));
  const origin = { fingerprint: toHex(root.fingerprint), path: [84 + HARDENED, HARDENED, HARDENED] };
  const xpub = root.derivePath("m/84'/0'/0'").neutered().toBase58();
  const key = `[${origin.fingerprint}/84h/0h/0h]${xpub}`;
  const descriptor = writeDescriptor({ kind: "p2wpkh", threshold: 1, keys: [key] }, "mainnet");

  test.each([
    [
      0,
      0,
      "bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu",
      "0330d54fd0dd420a6e5f8d3624f5f3482cae350f79d5f0753bf5beef9c2d91af3c",
    ],
    [
      0,
      1,
      "bc1qnjg0jd8228aq7egyzacy8cys3knf9xvrerkf9g",
      "03e775fd51f0dfb8cd865d9ff1cca2a158cf651fe997fdc9fee9c1d3b5e995ea77",
    ],
    [
      1,
      0,
      "bc1q8c6fshw2dlwun7ekn9qwf37cu2rn755upcp6el",
      "03025324888e429ab8e3dbaf1f7802648b9cd01e9b418485c5fa4c1b9b5700e1a6",
    ],
  ] as const)("branch %i index %i is %s", (branch, index, address, publicKey) => {
    const derived = deriveAddress(descriptor, branch, index);
    expect([derived.address, toHex(derived.keys[0]?.publicKey as Uint8Array)]).toEqual([address, publicKey]);
    expect(derived.path).toBe(`m/84h/0h/0h/${branch}/${index}`);
    expect(derived.keys[0]?.path).toEqual([...origin.path, branch, index]);
    expect(descriptor.keys[0]?.origin.fingerprint).toBe("73c5da0a");
  });
});

describe("descriptors", () => {
  test("BIP-380: ' and h both harden; the canonical form writes h", () => {
    const apostrophes = sealed(body.replaceAll("h/", "'/").replace("0h]", "0']"));
    expect(apostrophes).toContain("84'/1'/0'");
    expect(parseDescriptor(apostrophes, "regtest").text).toBe(wallet.descriptor.text);
    expect(parseDescriptor(wallet.descriptor.text, "regtest")).toEqual(wallet.descriptor);
  });

  test.each([
    "sh(pkh(",
    "sh(wsh(multi(1,",
    "sh(sortedmulti(1,",
    "wsh(multi(1,",
    "wsh(pkh(",
    "pkh(",
    "rawtr(",
  ])("refuses %s… by name", (start) => {
    const inner = body.slice("wpkh(".length, -1);
    const closing = ")".repeat(start.split("(").length - 1);
    const error = expectRefusal(
      () => parseDescriptor(sealed(`${start}${inner}${closing}`), "regtest"),
      DESCRIPTOR_KIND,
    );
    expect(error.message).toContain(`is ${start.replace(/\(1?,?$/, "")}(`);
  });

  test.each([
    ["without origin", `wpkh(${tpub}/<0;1>/*)`],
    ["one branch", body.replace("<0;1>", "0")],
    ["other branches", body.replace("<0;1>", "<0;2>")],
    ["swapped branches", body.replace("<0;1>", "<1;0>")],
    ["hardened range", body.replace("/*)", "/*h)")],
    ["no range", body.replace("/*)", ")")],
    ["two keys", body.replace("/*)", `/*,${tpub}/<0;1>/*)`)],
  ])("refuses %s", (_name, text) => {
    expectRefusal(() => parseDescriptor(sealed(text), "regtest"), DESCRIPTOR_KIND);
  });

  test("refuses private keys without repeating them", () => {
    const tprv = wallet.account.toBase58();
    const wif = wallet.account.toWIF();
    for (const secret of [tprv, wif, tprv.replace("tprv", "vprv")]) {
      const error = expectRefusal(
        () =>
          parseDescriptor(
            sealed(`wpkh([${wallet.origin.fingerprint}/84h/1h/0h]${secret}/<0;1>/*)`),
            "regtest",
          ),
        DESCRIPTOR_PRIVATE,
      );
      expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain(secret.slice(4, 20));
      expectRefusal(() => parseDescriptor(sealed(`wpkh(${secret})`), "regtest"), DESCRIPTOR_PRIVATE);
    }
  });

  test("B19: binds key version and coin type to the network", () => {
    expectRefusal(() => parseDescriptor(wallet.descriptor.text, "mainnet"), DESCRIPTOR_NETWORK);
    expect(parseDescriptor(wallet.descriptor.text, "testnet").network).toBe("testnet");
    expectRefusal(
      () => parseDescriptor(sealed(body.replace("84h/1h/0h", "84h/0h/0h")), "regtest"),
      DESCRIPTOR_NETWORK,
    );
    expectRefusal(
      () => parseDescriptor(sealed(body.replace(tpub, `vpub${tpub.slice(4)}`)), "regtest"),
      DESCRIPTOR_KIND,
    );
  });

  test("refuses origins that do not lead to the key", () => {
    for (const path of [
      "84h/1h",
      "84h/1h/1h",
      "84h/1h/0",
      "84h/1h/0h/0",
      "2147483648",
      "84h/1h/4294967296h",
    ]) {
      expectRefusal(
        () => parseDescriptor(sealed(body.replace("84h/1h/0h", path)), "regtest"),
        DESCRIPTOR_MALFORMED,
      );
    }
    const deep = Array.from({ length: 11 }, () => "0").join("/");
    expectRefusal(
      () => parseDescriptor(sealed(body.replace("84h/1h/0h", deep)), "regtest"),
      DESCRIPTOR_MALFORMED,
    );
  });

  test("refuses a damaged key and endless text", () => {
    expectRefusal(
      () =>
        parseDescriptor(
          sealed(body.replace(tpub, `${tpub.slice(0, -1)}${tpub.endsWith("1") ? "2" : "1"}`)),
          "regtest",
        ),
      DESCRIPTOR_MALFORMED,
    );
    expectRefusal(() => parseDescriptor("(".repeat(5000), "regtest"), DESCRIPTOR_MALFORMED);
    expectRefusal(() => parseDescriptor(sealed("hello"), "regtest"), DESCRIPTOR_MALFORMED);
  });
});
