/** B5: which wallets an officer is shown when a policy follows another: all that are not the same by name and by key. */
import { describe, expect, test } from "vitest";
import type { Name } from "../../../../src/core/identifier.ts";
import type { PolicyWallet } from "../../../../src/core/policy/policy.ts";
import { newWallets } from "../../../../signer/commands/policy/wallets.ts";
import { multisigWallet, policyWallet } from "../../../bitcoin/regtest-wallet.ts";
import { makeCustody } from "../../../factory/custody.ts";
import { ALICE } from "../../../factory/identities.ts";
import { following, signedPolicy } from "../../../factory/policies.ts";

const { policy } = makeCustody();
const [vault] = policy.body.wallets as [PolicyWallet];
const shared = policyWallet(multisigWallet(), "shared");
const names = (wallets: readonly PolicyWallet[]) =>
  newWallets(signedPolicy(following(policy, { wallets: [...wallets] }), [ALICE]), policy).map(
    ({ name }) => name,
  );

test("at the genesis every wallet is shown", () => {
  expect(newWallets(policy, undefined)).toEqual(policy.body.wallets);
});

describe("later", () => {
  test("a wallet that stays as it is is not shown again, beside a new one", () => {
    expect(names([vault])).toEqual([]);
    expect(names([vault, shared])).toEqual(["shared"]);
  });

  test("other keys under a name that people know are shown", () => {
    expect(names([{ ...vault, descriptor: shared.descriptor }])).toEqual([vault.name]);
  });

  test("known keys under another name are shown: two wallets may have changed their names", () => {
    expect(names([{ ...vault, name: "hot" as Name }])).toEqual(["hot"]);
  });
});
