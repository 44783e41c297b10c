/** A wallet's descriptor may be written otherwise under its name only where it is a contract that stays where it is. */
import { describe, expect, test } from "vitest";
import { isSameWallet } from "../../../src/chains/same-wallet.ts";
import { assertFollows } from "../../../src/core/policy/following.ts";
import type { Policy, PolicyWallet } from "../../../src/core/policy/policy.ts";
import { makeCustody } from "../../factory/custody.ts";
import { ownAccount, ownWallet } from "../../factory/evm-account.ts";
import { ownSafe, safeCustody, safeWallet, STRANGERS, strangeOwner } from "../../factory/evm-safe.ts";
import { following, signedPolicy } from "../../factory/policies.ts";
import { stranger } from "../../factory/safe-fixture.ts";
import { codeOf } from "../../factory/thrown.ts";

const SAFE = safeWallet();
const [one, two] = STRANGERS;
const three = strangeOwner("three");
const ours = ownAccount(1).text;

/** Written otherwise, at the same place. */
const OTHERS: readonly (readonly [string, PolicyWallet])[] = [
  ["another threshold", safeWallet(ownSafe({ threshold: 3 }))],
  ["another owner", safeWallet(ownSafe({}, [ours, one.text, three.text]))],
  ["one owner more", safeWallet(ownSafe({}, [ours, one.text, two.text, three.text]))],
];
/** At another place, or with other code. */
const ELSEWHERE: readonly (readonly [string, PolicyWallet])[] = [
  ["another Safe", safeWallet(ownSafe({ address: stranger("another safe") }))],
  ["another singleton", safeWallet(ownSafe({ singleton: stranger("another singleton") }))],
  ["another batcher", safeWallet(ownSafe({ multiSendCallOnly: stranger("another batcher") }))],
  ["another version", safeWallet(ownSafe({ version: "1.3.0" }))],
  ["an account", ownWallet({ name: SAFE.name })],
  ["a wallet of another chain", { ...makeCustody().wallet, name: SAFE.name }],
];

test("the same descriptor is the same wallet, of every chain", () => {
  for (const wallet of [SAFE, ownWallet(), makeCustody().wallet])
    expect(isSameWallet(wallet, wallet)).toBe(true);
});

test.each(OTHERS)("%s: the same Safe", (_, wallet) => {
  expect(wallet.descriptor).not.toBe(SAFE.descriptor);
  expect(isSameWallet(SAFE, wallet)).toBe(true);
});

test.each(ELSEWHERE)("%s: no", (_, wallet) => {
  expect(isSameWallet(SAFE, wallet)).toBe(false);
  expect(isSameWallet(wallet, SAFE)).toBe(false);
});

describe("a policy that follows", () => {
  const { policy } = safeCustody();
  const judge = (wallet: PolicyWallet, changes: Partial<Policy> = {}, same = isSameWallet) =>
    codeOf(() =>
      assertFollows(
        policy,
        signedPolicy(following(policy, { wallets: [wallet], approvalsSince: 2, ...changes }), []),
        same,
      ),
    );

  test.each(OTHERS)("may say %s of the Safe, once approvals begin anew", (_, wallet) => {
    expect(judge(wallet)).toBe("none");
    expect(judge(wallet, { approvalsSince: 1 })).toBe("POLICY_NOT_NEXT");
  });

  test.each(ELSEWHERE.slice(0, 4))("may not say %s", (_, wallet) => {
    expect(judge(wallet)).toBe("POLICY_NOT_NEXT");
  });

  test("who does not ask which wallets are the same refuses every other descriptor", () => {
    for (const [, wallet] of OTHERS) expect(judge(wallet, {}, () => false)).toBe("POLICY_NOT_NEXT");
    expect(judge(SAFE, {}, () => false)).toBe("none");
  });
});
