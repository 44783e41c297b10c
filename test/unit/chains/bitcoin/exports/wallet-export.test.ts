import { describe, expect, test } from "vitest";
import { accountCbor, outputCbor, readAccountKeys } from "../../../../../src/airgap/registry/account-keys.ts";
import { readOutput } from "../../../../../src/airgap/registry/output.ts";
import { decodeCbor, encodeCbor, type Cbor, type CborTag } from "../../../../../src/airgap/cbor.ts";
import {
  deriveAddress,
  writeDescriptor,
  type Descriptor,
  type DescriptorKind,
} from "../../../../../src/chains/bitcoin/descriptor.ts";
import { descriptorChecksum } from "../../../../../src/chains/descriptor-checksum.ts";
import {
  BSMS_MALFORMED,
  BSMS_SIGNATURE,
  readBsmsKey,
} from "../../../../../src/chains/bitcoin/exports/bsms-key.ts";
import { keyExpressionOf, registryKey } from "../../../../../src/chains/bitcoin/exports/registry-key.ts";
import { EXPORT_UNFIT } from "../../../../../src/chains/export-unfit.ts";
import {
  EXPORT_FORMATS,
  exportWallet,
  readExportOptions,
  type ExportFormat,
} from "../../../../../src/chains/bitcoin/exports/wallet-export.ts";
import {
  DESCRIPTOR_MALFORMED,
  DESCRIPTOR_NETWORK,
  formatKeyExpression,
} from "../../../../../src/chains/bitcoin/key-expression.ts";
import { assert } from "../../../../../src/core/errors.ts";
import { expectRefusal } from "../../../../bitcoin/refusal.ts";
import { testSeed } from "../../../../bitcoin/regtest-wallet.ts";
import { ACCOUNT, DESCRIPTOR_V3 } from "../../../airgap/registry/published.ts";
import { BSMS_KEY, BSMS_KEYS, BSMS_RECORD } from "./published.ts";

const PATHS: Readonly<Record<DescriptorKind, readonly number[]>> = {
  p2wpkh: [84, 1, 0],
  "p2sh-p2wpkh": [49, 1, 0],
  p2tr: [86, 1, 0],
  "p2wsh-sortedmulti": [48, 1, 0, 2],
  "p2sh-p2wsh-sortedmulti": [48, 1, 0, 1],
  "p2tr-sortedmulti": [48, 1, 0, 3],
};
const KINDS = Object.keys(PATHS) as readonly DescriptorKind[];

const wallets = new Map<DescriptorKind, Descriptor>();

function walletOf(kind: DescriptorKind): Descriptor {
  const made = wallets.get(kind) ?? makeWallet(kind);
  wallets.set(kind, made);
  return made;
}

function makeWallet(kind: DescriptorKind): Descriptor {
  const several = kind.endsWith("sortedmulti");
  const sentences = several ? ["cosigner one", "cosigner two", "cosigner three"] : ["one"];
  const keys = sentences.map((sentence) => testSeed(sentence, PATHS[kind]).key);
  return writeDescriptor({ kind, threshold: several ? 2 : 1, keys }, "regtest");
}

function exported(kind: DescriptorKind, format: ExportFormat, branch?: string, name = "vault") {
  return exportWallet(walletOf(kind), readExportOptions({ format, branch, name }));
}

function textOf(...asked: Parameters<typeof exported>): string {
  const given = exported(...asked);
  assert(given.type === "text", "this format is text");
  return given.text;
}

test("which kinds each format holds; every other is refused by name", () => {
  const held = EXPORT_FORMATS.map((format) => [
    format,
    KINDS.filter((kind) => {
      try {
        return exported(kind, format) !== undefined;
      } catch (error) {
        expectRefusal(() => {
          throw error;
        }, EXPORT_UNFIT);
        return false;
      }
    }),
  ]);
  const nested = "p2sh-p2wsh-sortedmulti";
  expect(Object.fromEntries(held)).toEqual({
    descriptor: KINDS,
    coldcard: ["p2wsh-sortedmulti", nested],
    bsms: ["p2wsh-sortedmulti", nested, "p2tr-sortedmulti"],
    "crypto-output": ["p2wpkh", "p2sh-p2wpkh", "p2tr", "p2wsh-sortedmulti", nested],
    "crypto-account": ["p2wpkh", "p2sh-p2wpkh", "p2tr"],
  });
});

test("a format or branch that does not exist, and one branch of what holds both, are refused", () => {
  const asked = (format: string, branch?: string) => readExportOptions({ format, branch, name: "vault" });
  expectRefusal(() => asked("electrum"), EXPORT_UNFIT);
  expectRefusal(() => asked("descriptor", "both"), EXPORT_UNFIT);
  for (const format of ["coldcard", "bsms"] as const)
    expectRefusal(() => exported("p2wsh-sortedmulti", format, "receive"), EXPORT_UNFIT);
  expectRefusal(() => exported("p2wpkh", "crypto-account", "change"), EXPORT_UNFIT);
});

describe.each(KINDS)("descriptor text of %s", (kind) => {
  test("is ours for both branches, and has a checksum of its own for each alone", () => {
    const { text } = walletOf(kind);
    expect(textOf(kind, "descriptor")).toBe(`${text}\n`);
    for (const [branch, path] of [
      ["receive", "/0/*"],
      ["change", "/1/*"],
    ] as const) {
      const [body, checksum] = textOf(kind, "descriptor", branch).trim().split("#") as [string, string];
      expect(body).toBe((text.split("#")[0] as string).replaceAll("/<0;1>/*", path));
      expect(checksum).toBe(descriptorChecksum(body));
      expect(text).not.toContain(checksum);
    }
  });
});

test("Coldcard's multisig file: name, policy, format, and each key under its own path", () => {
  const { keys } = walletOf("p2wsh-sortedmulti");
  const lines = textOf("p2wsh-sortedmulti", "coldcard").split("\n");
  expect(lines.slice(0, 3)).toEqual(["Name: vault", "Policy: 2 of 3", "Format: P2WSH"]);
  expect(lines.slice(3)).toEqual([
    ...keys.flatMap(({ origin, xpub }) => [
      "",
      "Derivation: m/48'/1'/0'/2'",
      `${origin.fingerprint.toUpperCase()}: ${xpub}`,
    ]),
    "",
  ]);
  expect(textOf("p2sh-p2wsh-sortedmulti", "coldcard")).toContain("\nFormat: P2SH-P2WSH\n");
  const longest = "a".repeat(20);
  expect(textOf("p2wsh-sortedmulti", "coldcard", undefined, longest)).toContain(`Name: ${longest}\n`);
  for (const name of [`${longest}b`, "", "vault\nPolicy: 1 of 3", "a # b", "vaült"])
    expectRefusal(() => exported("p2wsh-sortedmulti", "coldcard", undefined, name), EXPORT_UNFIT);
});

describe("BSMS (BIP-129)", () => {
  test("the BIP's own record of a 2-of-2 wallet, byte for byte", () => {
    const wallet = writeDescriptor({ kind: "p2wsh-sortedmulti", threshold: 2, keys: BSMS_KEYS }, "mainnet");
    const options = { format: "bsms", branches: "both", name: "" } as const;
    expect(exportWallet(wallet, options)).toEqual({ type: "text", text: BSMS_RECORD });
  });

  test("a taproot record keeps the internal key and names the first address", () => {
    const wallet = walletOf("p2tr-sortedmulti");
    const [, template, paths, address] = textOf("p2tr-sortedmulti", "bsms").split("\n");
    expect(template).toMatch(/^tr\(50929b74[0-9a-f]{56},sortedmulti_a\(2,.*\/\*\*\)\)$/);
    expect(paths).toBe("/0/*,/1/*");
    expect(address).toBe(deriveAddress(wallet, 0, 0).address);
  });

  const [first, second] = BSMS_KEY;
  test("the BIP's key records are read, with a last line end or without", () => {
    expect(readBsmsKey(first, "mainnet", "key")).toBe(BSMS_KEYS[0]);
    expect(
      readBsmsKey(`${second}\r\n`.replaceAll("\n", "\r\n").replace("\r\r", "\r"), "mainnet", "key"),
    ).toBe(BSMS_KEYS[1]);
  });

  test("B5: a key that somebody put into another's record is refused", () => {
    const [ours, theirs] = [first, second].map((record) => record.split("\n")[2] as string) as [
      string,
      string,
    ];
    const swapped = first.replace(ours, theirs);
    expect(swapped).not.toBe(first);
    expectRefusal(() => readBsmsKey(swapped, "mainnet", "key"), BSMS_SIGNATURE);
    expectRefusal(() => readBsmsKey(first.replace("1cf0bf7e", "1cf0bf7f"), "mainnet", "key"), BSMS_SIGNATURE);
    expectRefusal(
      () => readBsmsKey(first.replace("Signer 1 key", "Signer 2 key"), "mainnet", "key"),
      BSMS_SIGNATURE,
    );
    const signature = first.split("\n")[4] as string;
    for (const other of [
      "AAAA",
      Buffer.alloc(65, 31).toString("base64"),
      Buffer.alloc(65).toString("base64"),
    ])
      expectRefusal(() => readBsmsKey(first.replace(signature, other), "mainnet", "key"), BSMS_SIGNATURE);
  });

  test("what is encrypted, of another version or another network is refused", () => {
    expectRefusal(
      () => readBsmsKey(first.replace("\n00\n", "\na54044308ceac9b7\n"), "mainnet", "key"),
      BSMS_MALFORMED,
    );
    expectRefusal(() => readBsmsKey(first.replace("1.0", "2.0"), "mainnet", "key"), BSMS_MALFORMED);
    expectRefusal(() => readBsmsKey(`${first}\nmore`, "mainnet", "key"), BSMS_MALFORMED);
    const long = first.replace("Signer 1 key", "x".repeat(81));
    expectRefusal(() => readBsmsKey(long, "mainnet", "key"), BSMS_MALFORMED);
    expectRefusal(() => readBsmsKey(first, "regtest", "key"), DESCRIPTOR_NETWORK);
  });
});

describe("UR", () => {
  test.each(KINDS.filter((kind) => kind !== "p2tr-sortedmulti"))(
    "crypto-output of %s holds the wallet's very keys, paths and branches",
    (kind) => {
      const { keys, threshold } = walletOf(kind);
      const given = exported(kind, "crypto-output");
      assert(given.type === "output", "this format is an output");
      const read = readOutput(decodeCbor(outputCbor(given.output)));
      expect(read.keys.map((key) => keyExpressionOf(key, "regtest", "key"))).toEqual(
        keys.map(formatKeyExpression),
      );
      expect(read.threshold).toBe(kind.endsWith("sortedmulti") ? threshold : undefined);
      expect(read.keys.every(({ branches, testnet }) => branches === "both" && testnet)).toBe(true);
      const receive = exported(kind, "crypto-output", "receive");
      assert(receive.type === "output", "this format is an output");
      expect(new Set(receive.output.keys.map(({ branches }) => branches))).toEqual(new Set(["receive"]));
    },
  );

  test("crypto-account of a wallet of one key", () => {
    const [key] = walletOf("p2tr").keys;
    const given = exported("p2tr", "crypto-account");
    assert(given.type === "account" && key !== undefined, "this format is an account");
    const [entry, ...others] = readAccountKeys({
      urType: "crypto-account",
      cbor: accountCbor(given.account),
    });
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ scripts: ["tr"], key: { branches: "unsaid" } });
    expect(given.account.fingerprint).toBe(key.origin.fingerprint);
  });

  test("keys of the standards' examples become the xpubs that the same standards print", () => {
    const keys = readAccountKeys({ urType: "crypto-account", cbor: Buffer.from(ACCOUNT.hex, "hex") });
    const named = (scripts: string) => keys.find((entry) => entry.scripts?.join() === scripts)?.key as never;
    expect(keyExpressionOf(named("wpkh"), "mainnet", "key")).toBe(ACCOUNT.wpkh);
    expect(keyExpressionOf(named("wsh"), "mainnet", "key")).toBe(ACCOUNT.wshCosigner);
    const wallet = decodeCbor(Buffer.from(DESCRIPTOR_V3.hex, "hex")) as CborTag;
    const [first] = (wallet.value as ReadonlyMap<number, Cbor>).get(2) as readonly Cbor[];
    const [second] = readAccountKeys({ urType: "hdkey", cbor: encodeCbor(first as Cbor) });
    expect(keyExpressionOf(second?.key as never, "mainnet", "key")).toBe(DESCRIPTOR_V3.firstKey);
  });

  test("a key of another network, or whose way from its master is not whole, is refused", () => {
    const [key] = walletOf("p2wpkh").keys;
    assert(key !== undefined, "a wallet has a key");
    const whole = registryKey(key, "regtest", "both");
    expect(keyExpressionOf(whole, "regtest", "key")).toBe(formatKeyExpression(key));
    expectRefusal(() => keyExpressionOf(whole, "mainnet", "key"), DESCRIPTOR_NETWORK);
    const { origin } = whole;
    for (const change of [
      { parentFingerprint: undefined },
      { origin: { ...origin, fingerprint: undefined } },
      { origin: { ...origin, depth: 5 } },
      { origin: { ...origin, path: [], depth: undefined } },
    ])
      expectRefusal(() => keyExpressionOf({ ...whole, ...change }, "regtest", "key"), DESCRIPTOR_MALFORMED);
  });
});
