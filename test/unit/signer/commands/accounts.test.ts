/** Accounts and Safes at the signer's desk: an address proven from the pinned policy (F22), and the account for wallets that watch. */
import { CryptoHDKey } from "@keystonehq/bc-ur-registry-eth";
import { getAddress, HDNodeWallet, Mnemonic } from "ethers";
import { beforeAll, describe, expect, test } from "vitest";
import { readAccountKeys } from "../../../../src/airgap/registry/account-keys.ts";
import { UrDecoder } from "../../../../src/airgap/ur-decoder.ts";
import { documentBytes } from "../../../../src/core/document.ts";
import { assert } from "../../../../src/core/errors.ts";
import { toHex } from "../../../../src/core/hex.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { PolicyWallet } from "../../../../src/core/policy/policy.ts";
import { wordsOf } from "../../../../signer/keystore/seed.ts";
import { VAULT_ENTROPY } from "../../../factory/custody.ts";
import { evmCustody, ownAccount, ownWallet, stranger } from "../../../factory/evm-account.ts";
import { ownSafe, safeWallet } from "../../../factory/evm-safe.ts";
import { ALICE } from "../../../factory/identities.ts";
import { following, signedPolicy } from "../../../factory/policies.ts";
import { mustRun, pinnedHome, textOf, type Answer, type SignerHome } from "../../../factory/signer-home.ts";

let home: SignerHome;
const SAFE = ownSafe({ threshold: 3 });
const ACCOUNT = ownAccount();
const lookingLike =
  `${ACCOUNT.address.slice(0, 6)}${"1".repeat(32)}${ACCOUNT.address.slice(-4)}`.toLowerCase();

beforeAll(async () => {
  const pinned = await pinnedHome();
  home = pinned;
  const { policy } = pinned.custody;
  const [vault] = policy.body.wallets as [PolicyWallet];
  const chains = [...policy.body.chains, ...evmCustody().policy.body.chains];
  const account = ownWallet({ name: "ether" as Name });
  const safe = safeWallet(SAFE, { name: "safe" as Name, signers: [vault.signers[0] as Name], foreign: 2 });
  const second = signedPolicy(following(policy, { wallets: [vault, account, safe], chains }), [ALICE]);
  home.write("policy-2.json", documentBytes(second));
  await mustRun(home, [
    ...["policy", "pin", "--in", "policy-2.json", "--confirm", second.digest],
    ...["--logbook", pinned.logbook, "--passphrase-file", "pass"],
  ]);
});

const verify = (...args: readonly string[]): Promise<Answer> => home.run(["address", "verify", ...args]);

describe("an address of an account or a Safe", () => {
  test("is proven with wallet, chain and the keys that command it", async () => {
    const { fingerprint } = ACCOUNT.key;
    expect(await verify(ACCOUNT.address)).toMatchObject({
      exit: 0,
      data: {
        wallet: "ether",
        kind: "account",
        chain: "eip155:31337",
        threshold: 1,
        keys: [{ fingerprint, path: "m/44h/1h/0h/0/0" }],
      },
    });
    const { data } = await verify(SAFE.address, "--wallet", "safe");
    expect(data).toMatchObject({ wallet: "safe", kind: "Safe", threshold: 3 });
    expect(data["keys"]).toHaveLength(3);
  });

  test("is read from an ethereum: URI, whose chain must be the wallet's", async () => {
    for (const text of [
      `ethereum:${ACCOUNT.address}`,
      `ethereum:pay-${ACCOUNT.address}@31337`,
      `ethereum:${ACCOUNT.address}@31337?value=1e18&gas=21000`,
    ])
      expect(await verify(text)).toMatchObject({ exit: 0, data: { wallet: "ether" } });
    const elsewhere = await verify(`ethereum:${ACCOUNT.address}@1`);
    expect(elsewhere).toMatchObject({ exit: 7, error: { code: "ADDRESS_NOT_OURS" } });
    expect(elsewhere.error.message).toContain("eip155:31337");
  });

  test.each([
    `ethereum:${SAFE.address}/transfer?address=${ACCOUNT.address}&uint256=1`,
    `ethereum:${ACCOUNT.address}?address=${SAFE.address}`,
    "ethereum:vault.eth",
    `ethereum:${ACCOUNT.address}@0x1`,
    `ethereum:${ACCOUNT.address}@31337#x`,
  ])("%s is no plain address", async (text) => {
    expect(await verify(text)).toMatchObject({ error: { code: "EVM_URI_UNREAD" } });
  });

  test("F22: a stranger's, and one that only looks like ours", async () => {
    const other = stranger().split(":")[2] as string;
    const refused = await verify(other);
    expect(refused).toMatchObject({ exit: 7, error: { code: "ADDRESS_NOT_OURS" } });
    expect(refused.error.message).not.toContain("looks like");
    const alike = await verify(getAddress(lookingLike));
    expect(alike).toMatchObject({ exit: 7, error: { code: "ADDRESS_NOT_OURS" } });
    expect(alike.error.message).toContain("looks like wallet ether");
  });

  test("with wrong capitals, under another wallet's name, or at an index", async () => {
    const swapped = ACCOUNT.address.replace(/[a-f]/u, (letter) => letter.toUpperCase());
    expect(await verify(swapped)).toMatchObject({ error: { code: "EVM_ADDRESS_CHECKSUM" } });
    expect(await verify(ACCOUNT.address, "--wallet", "safe")).toMatchObject({ exit: 7 });
    expect(await verify(ACCOUNT.address, "--wallet", "vault")).toMatchObject({
      error: { code: "WALLET_NOT_PINNED" },
    });
    for (const flags of [["--index", "0"], ["--within", "5"], ["--change"]])
      expect(await verify(ACCOUNT.address, ...flags)).toMatchObject({ exit: 2 });
  });

  test("is drawn as a code at a terminal", async () => {
    const { exit, stdout } = await home.terminal(["address", "verify", ACCOUNT.address, "--qr"], []);
    expect(exit).toBe(0);
    expect(stdout).toContain("an account on eip155:31337");
    expect(stdout).toMatch(/[▀▄█]/u);
  });
});

describe("keys export --as crypto-hdkey", () => {
  const exporting = (...args: readonly string[]) =>
    home.run(["keys", "export", "--passphrase-file", "pass", ...args]);
  /** The extended key as ethers derives it from the words. */
  const account = () => HDNodeWallet.fromMnemonic(Mnemonic.fromPhrase(wordsOf(VAULT_ENTROPY)), "m/44'/1'/0'");

  test("is the key from which others derive our account, as Keystone's library reads it", async () => {
    const answer = await exporting("--as", "crypto-hdkey");
    expect(answer).toMatchObject({ exit: 0, data: { type: "crypto-hdkey" } });
    const message = new UrDecoder().receive(textOf(answer, "text").trim());
    assert(message.type === "done", "the text is one part");
    const read = CryptoHDKey.fromCBOR(Buffer.from(message.cbor));
    expect(toHex(read.getKey())).toBe(account().publicKey.slice(2));
    expect(toHex(read.getChainCode())).toBe(account().chainCode.slice(2));
    expect([read.getOrigin().getPath(), read.getChildren().getPath()]).toEqual(["44'/1'/0'", "0/*"]);
    expect(toHex(read.getOrigin().getSourceFingerprint() ?? new Uint8Array())).toBe(ACCOUNT.key.fingerprint);
    expect(toHex(read.getParentFingerprint())).toBe(account().parentFingerprint.slice(2));
    const first = HDNodeWallet.fromExtendedKey(read.getBip32Key()).derivePath("0/0");
    expect(first.address).toBe(ACCOUNT.address);
  });

  test("is no key for a bitcoin wallet: what reads those refuses its coin", async () => {
    const answer = await exporting("--as", "crypto-hdkey");
    const message = new UrDecoder().receive(textOf(answer, "text").trim());
    assert(message.type === "done", "the text is one part");
    expect(() => readAccountKeys(message)).toThrow(/coin/u);
  });

  test("of a master that the signer has", async () => {
    expect(await exporting("--as", "crypto-hdkey", "--fingerprint", ACCOUNT.key.fingerprint)).toMatchObject({
      exit: 0,
    });
    expect(await exporting("--as", "crypto-hdkey", "--fingerprint", "00000000")).toMatchObject({ exit: 2 });
  });
});
