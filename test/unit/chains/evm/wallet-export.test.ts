/** Accounts and Safes in formats of others (EIP-55, EIP-681), against ethers: which fits what, and what each one holds. */
import { getAddress, HDNodeWallet, Mnemonic } from "ethers";
import { describe, expect, test } from "vitest";
import { describeAccount } from "../../../../src/chains/evm/account-descriptor.ts";
import { addressAsked } from "../../../../src/chains/evm/payment-uri.ts";
import { writeSafeDescriptor } from "../../../../src/chains/evm/safe-descriptor.ts";
import { exportEvmWallet, type EvmExportAsked } from "../../../../src/chains/evm/wallet-export.ts";
import { EXPORT_UNFIT } from "../../../../src/chains/export-unfit.ts";
import { parseSteps } from "../../../../src/chains/key-path.ts";
import { exportWallet } from "../../../../src/chains/wallet-export.ts";
import { parseCanonical } from "../../../../src/core/canonical.ts";
import { BITCOIN_CHAINS, type ChainId } from "../../../../src/core/chain.ts";
import { assert } from "../../../../src/core/errors.ts";
import { fromHex, utf8 } from "../../../../src/core/hex.ts";
import { VAULT_DESCRIPTOR } from "../../../factory/documents.ts";
import { ANVIL } from "../../../factory/evm-account.ts";
import { ownSafe } from "../../../factory/evm-safe.ts";
import { caught, codeOf } from "../../../factory/thrown.ts";

const MAINNET = "eip155:1" as ChainId;
/** BIP-39's first words, whose first account every wallet shows as 0x9858…da94. */
const THEIRS = HDNodeWallet.fromMnemonic(
  Mnemonic.fromPhrase(`${"abandon ".repeat(11)}about`),
  "m/44'/60'/0'/0/0",
);
const PATH = parseSteps("44h/60h/0h/0/0") as readonly number[];
const PUBLIC = fromHex(THEIRS.publicKey.slice(2));
const account = describeAccount({ fingerprint: "73c5da0a", path: PATH, publicKey: PUBLIC }, MAINNET);
const safe = ownSafe();

function unfit(act: () => unknown) {
  const refused = caught(act);
  expect(refused.code).toBe(EXPORT_UNFIT.code);
  return refused;
}

const asked = (format: string, more: Partial<EvmExportAsked> = {}): EvmExportAsked => ({
  format,
  branch: undefined,
  name: "ether",
  ...more,
});
const ofAccount = (format: string, more: Partial<EvmExportAsked> = {}) =>
  exportEvmWallet(account.text, MAINNET, asked(format, more));
const ofSafe = (format: string, more: Partial<EvmExportAsked> = {}) =>
  exportEvmWallet(safe.text, ANVIL, asked(format, more));

describe("an account", () => {
  test("as its address: EIP-55's spelling, and the URI that names the chain", () => {
    const exported = ofAccount("address");
    expect(exported).toEqual({
      type: "text",
      text: "0x9858EfFD232B4033E47d90003D41EC34EcaEda94\n",
      uri: "ethereum:0x9858EfFD232B4033E47d90003D41EC34EcaEda94@1",
    });
    expect(exported).toMatchObject({ text: `${THEIRS.address}\n` });
    assert(exported.type === "text" && exported.uri !== undefined, "an address has a URI");
    expect(addressAsked(exported.uri)).toEqual({ address: THEIRS.address, chain: "1" });
  });

  test("as its key: the one that is pinned, where it lies, and a name; nothing to derive by", () => {
    expect(ofAccount("hdkey")).toEqual({
      type: "derivedKey",
      key: { publicKey: PUBLIC, origin: { path: PATH, fingerprint: "73c5da0a" }, name: "ether" },
    });
  });

  test.each(["a", "Ether desk 2", "a".repeat(32)])("its key may be called %j", (name) => {
    expect(ofAccount("hdkey", { name })).toMatchObject({ key: { name } });
  });

  test.each(["", " ", "a ", "a".repeat(33), "a\nb", "éther", "a\u202eb"])("and not %j", (name) => {
    const refused = unfit(() => ofAccount("hdkey", { name }));
    expect(refused.field).toBe("--called");
    // The address has no name.
    expect(ofAccount("address", { name })).toMatchObject({ type: "text" });
  });

  test.each(["safe", "descriptor", "crypto-hdkey", "crypto-account", "", "ADDRESS"])(
    "as %j is refused, with what fits",
    (format) => {
      const refused = unfit(() => ofAccount(format));
      expect([refused.field, refused.hint]).toEqual(["--as", "give one of: address, hdkey"]);
    },
  );
});

describe("a Safe", () => {
  test("as its address", () => {
    expect(ofSafe("address")).toEqual({
      type: "text",
      text: `${getAddress(safe.address)}\n`,
      uri: `ethereum:${safe.address}@31337`,
    });
  });

  test("as who commands it: canonical, and enough to write the pinned descriptor again", () => {
    const exported = ofSafe("safe");
    assert(exported.type === "text", "a Safe is text");
    expect(exported.uri).toBeUndefined();
    expect(exported.text.endsWith("}\n")).toBe(true);
    const read = parseCanonical(utf8(exported.text.trimEnd())) as unknown as Omit<typeof safe, "owners"> & {
      readonly owners: readonly Record<"address" | "fingerprint" | "path" | "publicKey", string>[];
    };
    expect(read).toMatchObject({ chain: ANVIL, address: safe.address, version: "1.4.1", threshold: 2 });
    expect(read.owners.map(({ address }) => address)).toEqual(safe.owners);
    const accounts = read.owners.map(
      ({ fingerprint, path, publicKey }) =>
        describeAccount(
          {
            fingerprint,
            path: parseSteps(path.slice(2)) as readonly number[],
            publicKey: fromHex(publicKey),
          },
          ANVIL,
        ).text,
    );
    expect(writeSafeDescriptor(read, accounts, ANVIL).text).toBe(safe.text);
  });

  test("another threshold or owner is another text", () => {
    const texts = [
      safe,
      ownSafe({ threshold: 1 }),
      ownSafe(
        {},
        safe.keys.slice(1).map(({ text }) => text),
      ),
    ].map(({ text }) => exportEvmWallet(text, ANVIL, asked("safe")));
    expect(new Set(texts.map((exported) => JSON.stringify(exported))).size).toBe(3);
  });

  test.each(["hdkey", "descriptor", "Safe"])("as %j is refused, with what fits", (format) => {
    const refused = unfit(() => ofSafe(format));
    expect([refused.field, refused.hint]).toEqual(["--as", "give one of: address, safe"]);
  });
});

test("neither has branches", () => {
  for (const exporting of [
    () => ofAccount("address", { branch: "receive" }),
    () => ofSafe("safe", { branch: "change" }),
  ])
    expect(unfit(exporting).field).toBe("--branch");
});

test("the chain decides whose formats they are: bitcoin's are no account's, an account's are not bitcoin's", () => {
  const bitcoin = { chain: BITCOIN_CHAINS.regtest, descriptor: VAULT_DESCRIPTOR };
  const ether = { chain: MAINNET, descriptor: account.text };
  expect(exportWallet(bitcoin, asked("descriptor"))).toEqual({ type: "text", text: `${VAULT_DESCRIPTOR}\n` });
  expect(exportWallet(ether, asked("address"))).toMatchObject({ text: `${account.address}\n` });
  unfit(() => exportWallet(ether, asked("descriptor")));
  unfit(() => exportWallet(bitcoin, asked("address")));
  const bitcoins = { ...ether, chain: BITCOIN_CHAINS.regtest };
  expect(codeOf(() => exportWallet(bitcoins, asked("descriptor")))).toMatch(/^DESCRIPTOR_/);
  const ethers = { ...bitcoin, chain: MAINNET };
  expect(codeOf(() => exportWallet(ethers, asked("address")))).toBe("EVM_DESCRIPTOR_MALFORMED");
  // A key of the main network's path is no account of a test network (B19).
  expect(codeOf(() => exportWallet({ ...ether, chain: ANVIL }, asked("address")))).toBe(
    "EVM_DESCRIPTOR_PATH",
  );
});
