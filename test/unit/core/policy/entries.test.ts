/** What a policy does not name has no default: it is refused. */
import { describe, expect, test } from "vitest";
import { BITCOIN_CHAINS } from "../../../../src/core/chain.ts";
import {
  findRules,
  findSigner,
  findWallet,
  rulesFor,
  walletNamed,
} from "../../../../src/core/policy/entries.ts";
import { policyBody } from "../../../factory/documents.ts";
import { codeOf } from "../../../factory/thrown.ts";

const policy = policyBody();
const [wallet, signer] = [policy.wallets[0], policy.signers[0]];
const another = BITCOIN_CHAINS.mainnet;

describe("what it names", () => {
  test("is found by its whole name", () => {
    expect(rulesFor(policy, BITCOIN_CHAINS.regtest)).toBe(policy.chains[0]);
    expect(walletNamed(policy, "vault")).toBe(wallet);
    expect(findWallet(policy, "vault")).toBe(wallet);
    expect(findSigner([policy], { signer: signer?.name ?? "", epoch: signer?.epoch ?? 0 })).toBe(signer);
  });

  test("a signer is its name and its epoch: a restored one has another key", () => {
    const of = { signer: signer?.name ?? "", epoch: (signer?.epoch ?? 0) + 1 };
    expect(findSigner([policy], of)).toBeUndefined();
    const restored = { ...(signer as NonNullable<typeof signer>), epoch: of.epoch };
    expect(findSigner([{ ...policy, signers: [restored] }, policy], of)).toBe(restored);
    expect(findSigner([], of)).toBeUndefined();
  });
});

describe("what it does not name", () => {
  test("a chain has neither depth nor caps", () => {
    expect(codeOf(() => rulesFor(policy, another))).toBe("CHAIN_NOT_IN_POLICY");
    expect(findRules(policy, another)).toBeUndefined();
  });

  test.each(["vaul", "vault-2", "", "Vault"])("a wallet called %j", (name) => {
    expect(codeOf(() => walletNamed(policy, name))).toBe("WALLET_NOT_IN_POLICY");
    expect(findWallet(policy, name)).toBeUndefined();
  });
});
