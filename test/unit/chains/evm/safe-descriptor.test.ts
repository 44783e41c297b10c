import { describe, expect, test } from "vitest";
import { descriptorChecksum } from "../../../../src/chains/descriptor-checksum.ts";
import { SAFE_DEPLOYMENTS } from "../../../../src/chains/evm/deployments.ts";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import { parseSafeDescriptor, writeSafeDescriptor } from "../../../../src/chains/evm/safe-descriptor.ts";
import type { ChainId } from "../../../../src/core/chain.ts";
import { ANVIL, ownAccount, ownWallet } from "../../../factory/evm-account.ts";
import { ownSafe, safeWallet, STRANGERS } from "../../../factory/evm-safe.ts";
import { stranger } from "../../../factory/safe-fixture.ts";
import { codeOf } from "../../../factory/thrown.ts";

const safe = ownSafe();
const sealed = (body: string) => `${body}#${descriptorChecksum(body)}`;
const body = safe.text.slice(0, safe.text.lastIndexOf("#"));
const said = (text: string) => codeOf(() => parseSafeDescriptor(text, ANVIL));

describe("a Safe's descriptor", () => {
  test("is read as it was written: contracts, threshold, owners ascending", () => {
    expect(parseSafeDescriptor(safe.text, ANVIL)).toEqual(safe);
    const low = safe.owners.map((owner) => owner.toLowerCase());
    expect(low).toEqual([...low].sort());
    expect(safe.owners).toContain(ownAccount(1).address);
    expect(said(safe.text)).toBe("none");
  });

  test.each([
    ["another version", body.replace("1.4.1", "1.2.0"), "SAFE_DESCRIPTOR_MALFORMED"],
    ["no threshold", body.replace(",2,", ",0,"), "SAFE_DESCRIPTOR_MALFORMED"],
    ["a threshold above its owners", body.replace(",2,", ",4,"), "SAFE_DESCRIPTOR_MALFORMED"],
    [
      "an address in small letters",
      body.replace(safe.address, safe.address.toLowerCase()),
      "EVM_ADDRESS_CHECKSUM",
    ],
    ["owners in another order", swapped(body), "SAFE_DESCRIPTOR_MALFORMED"],
    ["an owner twice", twice(body), "SAFE_DESCRIPTOR_MALFORMED"],
    ["an owner's key of another path", body.replace("44h/1h", "44h/60h"), "EVM_DESCRIPTOR_PATH"],
  ])("%s is refused", (_, text, code) => {
    expect(said(sealed(text))).toBe(code);
  });

  test("a mistyped one is refused by its checksum", () => {
    expect(said(safe.text.replace(/.$/, (last) => (last === "q" ? "p" : "q")))).toBe(
      "SAFE_DESCRIPTOR_CHECKSUM",
    );
  });

  test("on a public chain it names the contracts that the Safe project has published, and no others", () => {
    const sepolia = "eip155:11155111" as ChainId;
    const [, , published] = SAFE_DEPLOYMENTS;
    if (published === undefined) throw new TypeError("1.4.1 is published");
    const { version, singleton, multiSendCallOnly } = published;
    const own = { version, address: safe.address, singleton, multiSendCallOnly, threshold: 1 };
    const owners = [ownAccount(1).text];
    const write = (changes: Partial<typeof own>) =>
      codeOf(() => writeSafeDescriptor({ ...own, ...changes }, owners, sepolia));
    expect(write({})).toBe("none");
    expect(write({ singleton: published.singletonL2 })).toBe("none");
    expect(write({ singleton: stranger("singleton") })).toBe("SAFE_DEPLOYMENT_UNKNOWN");
    expect(write({ multiSendCallOnly: stranger("multi send") })).toBe("SAFE_DEPLOYMENT_UNKNOWN");
    expect(write({ version: "1.3.0" })).toBe("SAFE_DEPLOYMENT_UNKNOWN");
  });
});

describe("a policy's Safe", () => {
  const check = (...wallets: readonly ReturnType<typeof safeWallet>[]) =>
    codeOf(() => evmCodec.assertWallets(wallets, ANVIL));

  test("is what the policy says beside it: threshold, and one signer or stranger for each owner", () => {
    expect(check(safeWallet())).toBe("none");
    expect(check(safeWallet(safe, { threshold: 1 }))).toBe("EVM_WALLET_MISDESCRIBED");
    expect(check(safeWallet(safe, { foreign: 2 }))).toBe("EVM_WALLET_MISDESCRIBED");
  });

  test("stands once, and no owner's account is a wallet beside it", () => {
    const named = (wallet: ReturnType<typeof safeWallet>, name: string) => ({
      ...wallet,
      name: name as typeof wallet.name,
    });
    expect(check(safeWallet(), named(safeWallet(), "again"))).toBe("EVM_WALLET_TWICE");
    expect(check(safeWallet(), named(ownWallet({}, 1), "owner"))).toBe("EVM_WALLET_TWICE");
    expect(check(safeWallet(), named(ownWallet(), "account"))).toBe("none");
  });

  test("is shown with its version, its keys and its one address", () => {
    expect(evmCodec.walletFacts(safe.text, ANVIL)).toMatchObject({
      quorum: "2 of 3",
      kind: `Safe 1.4.1 on ${ANVIL}`,
      receive: [safe.address],
    });
    expect(evmCodec.walletFacts(safe.text, ANVIL).keys).toHaveLength(1 + STRANGERS.length);
  });
});

function swapped(text: string): string {
  const [head = "", first, second, ...rest] = text.slice(0, -1).split(/,(?=\[)/);
  return `${[head, second, first, ...rest].join(",")})`;
}

function twice(text: string): string {
  const [head = "", first, , ...rest] = text.slice(0, -1).split(/,(?=\[)/);
  return `${[head, first, first, ...rest].join(",")})`;
}
