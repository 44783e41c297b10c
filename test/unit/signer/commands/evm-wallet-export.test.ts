/** Accounts and Safes of the pinned policy, given to other makers: an address to be paid at, a key to watch, who commands a Safe. */
import { CryptoHDKey } from "@keystonehq/bc-ur-registry-eth";
import { computeAddress } from "ethers";
import { beforeAll, describe, expect, test } from "vitest";
import { pngOfMatrix } from "../../../../src/airgap/png-write.ts";
import { qrTextMatrix } from "../../../../src/airgap/qr-matrix.ts";
import { readQrCodes } from "../../../../src/airgap/qr-read.ts";
import { UrDecoder } from "../../../../src/airgap/ur-decoder.ts";
import { documentBytes } from "../../../../src/core/document.ts";
import { assert } from "../../../../src/core/errors.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { PolicyWallet } from "../../../../src/core/policy/policy.ts";
import { evmCustody, ownAccount, ownWallet } from "../../../factory/evm-account.ts";
import { ownSafe, safeWallet } from "../../../factory/evm-safe.ts";
import { ALICE } from "../../../factory/identities.ts";
import { pictureOf } from "../../../factory/pictures.ts";
import { following, signedPolicy } from "../../../factory/policies.ts";
import { mustRun, pinnedHome, textOf, type SignerHome } from "../../../factory/signer-home.ts";

let home: SignerHome;
const SAFE = ownSafe({ threshold: 3 });
const ACCOUNT = ownAccount();
const URI = `ethereum:${ACCOUNT.address}@31337`;

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

const exporting = (...args: readonly string[]) => home.run(["wallet", "export", ...args]);
const shown = (...args: readonly string[]) => home.terminal(["wallet", "export", ...args], []);

/** The text of the code that a terminal shows. */
async function codeIn(screen: string): Promise<string | undefined> {
  const rows = screen
    .split("\n")
    .filter((line) => line.startsWith("\u001b[38"))
    .map((line) => [...line.replace(/\u001b\[[0-9;]*m/gu, "")]);
  const modules = rows.flatMap((row) => [
    row.map((letter) => letter === "▀" || letter === "█"),
    row.map((letter) => letter === "▄" || letter === "█"),
  ]);
  return (await readQrCodes(pictureOf(modules.slice(0, rows[0]?.length), 3)))[0];
}

describe("the address of an account or a Safe", () => {
  test("is a line of its own, and the answer has its URI", async () => {
    expect((await shown("ether", "--as", "address")).stdout).toBe(`${ACCOUNT.address}\n`);
    expect(await exporting("ether", "--as", "address")).toMatchObject({
      exit: 0,
      data: { type: "bytes", text: `${ACCOUNT.address}\n`, uri: URI },
    });
    expect(await exporting("safe", "--as", "address")).toMatchObject({
      data: { text: `${SAFE.address}\n`, uri: `ethereum:${SAFE.address}@31337` },
    });
  });

  test("is drawn as a code of that URI, which the signer proves again", async () => {
    const { stdout } = await shown("ether", "--as", "address", "--qr");
    expect(stdout.startsWith(`${ACCOUNT.address}\n`)).toBe(true);
    expect(await codeIn(stdout)).toBe(URI);
  });

  test("is drawn beneath the facts where it goes to a file", async () => {
    const { stdout } = await shown("ether", "--as", "address", "--qr", "--out", "ether.txt");
    expect(Buffer.from(home.read("ether.txt")).toString()).toBe(`${ACCOUNT.address}\n`);
    expect(stdout).toContain("account on eip155:31337");
    expect(await codeIn(stdout)).toBe(URI);
  });

  test("is drawn at a terminal alone, and nothing else is: no file is written before that is known", async () => {
    const asked = ["ether", "--as", "address", "--qr", "--out", "unseen.txt"];
    expect(await exporting(...asked)).toMatchObject({ exit: 2, error: { code: "USAGE" } });
    expect((await shown("ether", "--as", "hdkey", "--qr", "--out", "unseen.txt")).exit).toBe(2);
    expect((await shown("safe", "--as", "safe", "--qr", "--out", "unseen.txt")).exit).toBe(2);
    expect(() => home.read("unseen.txt")).toThrow(/ENOENT/u);
  });
});

describe("what is exported is proven", () => {
  const verify = (...args: readonly string[]) => home.run(["address", "verify", ...args]);

  test("from a file, a picture of its code, and a scanner", async () => {
    home.write("plain.txt", `${ACCOUNT.address}\n`);
    home.write("uri.png", pngOfMatrix(qrTextMatrix(URI, "M"), 4));
    for (const file of ["plain.txt", "uri.png"])
      expect(await verify("--in", file, "--wallet", "ether")).toMatchObject({
        exit: 0,
        data: { wallet: "ether", kind: "account" },
      });
    for (const typed of [ACCOUNT.address, URI]) {
      const scanned = await home.terminal(
        ["address", "verify", "--in", "scan", "--wallet", "ether"],
        [typed],
      );
      expect([scanned.exit, scanned.stdout]).toEqual([
        0,
        expect.stringContaining("an account on eip155:31337"),
      ]);
      expect(scanned.stdout).toContain("m/44h/1h/0h/0/0");
    }
  });

  test("not in small letters, nor as another wallet's", async () => {
    expect(await verify(ACCOUNT.address.toLowerCase())).toMatchObject({
      exit: 3,
      error: { code: "EVM_ADDRESS_CHECKSUM" },
    });
    expect(await verify(URI.toLowerCase())).toMatchObject({
      exit: 3,
      error: { code: "EVM_ADDRESS_CHECKSUM" },
    });
    expect(await verify(URI, "--wallet", "safe")).toMatchObject({
      exit: 7,
      error: { code: "ADDRESS_NOT_OURS" },
    });
  });
});

describe("an account's key", () => {
  const keyIn = (text: string): CryptoHDKey => {
    const message = new UrDecoder().receive(text.trim());
    assert(message.type === "done" && message.urType === "crypto-hdkey", "one part of crypto-hdkey");
    return CryptoHDKey.fromCBOR(Buffer.from(message.cbor));
  };

  test("is the pinned one, as Keystone's library reads it and ethers makes its address; no chain code goes with it", async () => {
    const answer = await exporting("ether", "--as", "hdkey");
    expect(answer).toMatchObject({ exit: 0, data: { type: "crypto-hdkey" } });
    const read = keyIn(textOf(answer, "text"));
    expect(computeAddress(`0x${read.getKey().toString("hex")}`)).toBe(ACCOUNT.address);
    expect(read.getOrigin().getPath()).toBe("44'/1'/0'/0/0");
    expect(read.getOrigin().getSourceFingerprint()?.toString("hex")).toBe(ACCOUNT.key.fingerprint);
    expect([read.getName(), read.getChainCode(), read.getChildren()]).toEqual([
      "ether",
      undefined,
      undefined,
    ]);
  });

  test("has another name where one is given, and goes as pictures of codes", async () => {
    const answer = await exporting("ether", "--as", "hdkey", "--called", "Desk", "--ur", "--frames", "codes");
    expect(answer).toMatchObject({ exit: 0 });
    expect(keyIn(textOf(answer, "text")).getName()).toBe("Desk");
    expect((answer.data["codes"] as readonly string[]).length).toBeGreaterThan(0);
    expect(await exporting("ether", "--as", "hdkey", "--called", "D".repeat(33))).toMatchObject({
      exit: 2,
      error: { code: "EXPORT_UNFIT", field: "--called" },
    });
  });

  test("does not go by BBQr, which has no such type", async () => {
    expect(await exporting("ether", "--as", "hdkey", "--bbqr", "--frames", "b1")).toMatchObject({
      exit: 2,
      error: { field: "--bbqr", hint: "give --ur" },
    });
    expect(await exporting("ether", "--as", "address", "--bbqr", "--frames", "b2")).toMatchObject({
      exit: 0,
    });
  });
});

test("a Safe's text says who commands it, in the chain's own words", async () => {
  const answer = await exporting("safe", "--as", "safe");
  const { owners, ...read } = JSON.parse(textOf(answer, "text"));
  expect(read).toEqual({
    chain: "eip155:31337",
    address: SAFE.address,
    version: SAFE.version,
    singleton: SAFE.singleton,
    multiSendCallOnly: SAFE.multiSendCallOnly,
    threshold: 3,
  });
  expect(owners).toHaveLength(3);
  for (const { address, publicKey } of owners) expect(computeAddress(`0x${publicKey}`)).toBe(address);
});

test("what does not fit is refused, with what does", async () => {
  const refused = (hint: string) => ({ exit: 2, error: { code: "EXPORT_UNFIT", field: "--as", hint } });
  expect(await exporting("ether", "--as", "safe")).toMatchObject(refused("give one of: address, hdkey"));
  expect(await exporting("ether", "--as", "descriptor")).toMatchObject(
    refused("give one of: address, hdkey"),
  );
  expect(await exporting("safe", "--as", "hdkey")).toMatchObject(refused("give one of: address, safe"));
  const bitcoins = "give one of: descriptor, coldcard, bsms, crypto-output, crypto-account";
  expect(await exporting("vault", "--as", "address")).toMatchObject(refused(bitcoins));
  expect(await exporting("vault", "--as", "descriptor")).toMatchObject({ exit: 0 });
  expect(await exporting("ether", "--as", "address", "--branch", "change")).toMatchObject({
    exit: 2,
    error: { code: "EXPORT_UNFIT", field: "--branch" },
  });
  const unknown = await exporting("cold", "--as", "address");
  expect(unknown).toMatchObject({ exit: 5, error: { code: "WALLET_NOT_PINNED" } });
  expect(unknown.error.hint).toBe("its wallets: vault, ether, safe");
});
