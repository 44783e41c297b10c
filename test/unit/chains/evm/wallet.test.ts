import { expect, test } from "vitest";
import { evmCodec } from "../../../../src/chains/evm/index.ts";
import { accountId } from "../../../../src/core/account.ts";
import type { ChainId } from "../../../../src/core/chain.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import { ANVIL, ownAccount, ownWallet } from "../../../factory/evm-account.ts";
import { codeOf } from "../../../factory/thrown.ts";

const check = (...wallets: Parameters<typeof evmCodec.assertWallets>[0]) =>
  codeOf(() => evmCodec.assertWallets(wallets, ANVIL));
const other = ownWallet({ name: "other" as Name }, 1);

test("two accounts are two wallets; one account under two names is refused", () => {
  expect(check(ownWallet(), other)).toBe("none");
  expect(check(ownWallet(), ownWallet({ name: "again" as Name }))).toBe("EVM_WALLET_TWICE");
});

test("an account has one key, which the policy must say (B5)", () => {
  const signers = [...ownWallet().signers, "second" as Name];
  expect(check(ownWallet({ threshold: 2, signers }))).toBe("EVM_WALLET_MISDESCRIBED");
  expect(check(ownWallet({ foreign: 1 }))).toBe("EVM_WALLET_MISDESCRIBED");
  expect(check(ownWallet({ signers }))).toBe("EVM_WALLET_MISDESCRIBED");
});

test("its descriptor stands in our spelling, on a chain of this family, and on this one", () => {
  expect(check(ownWallet({ descriptor: ownAccount().text.replace("44h", "44'") }))).toBe(
    "EVM_DESCRIPTOR_CHECKSUM",
  );
  expect(check(ownWallet({ chain: "eip155:11155111" as ChainId }))).toBe("EVM_WALLET_MISMATCH");
  expect(check(ownWallet({ chain: BITCOIN_CHAINS.regtest }))).toBe("EVM_WALLET_MISMATCH");
});

test("gives out its one address, and no other", () => {
  const at = evmCodec.ownAccounts(ownAccount().text, ANVIL);
  expect(at(0, 0)).toEqual({ account: accountId(ANVIL, ownAccount().address), path: "m/44h/1h/0h/0/0" });
  expect(codeOf(() => at(0, 1))).toBe("EVM_ONE_ADDRESS");
  expect(codeOf(() => at(1, 0))).toBe("EVM_ONE_ADDRESS");
});
