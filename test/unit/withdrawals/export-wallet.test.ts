/** What no signer could take does not leave: the policy in force must name the wallet that a plan pays from. */
import { expect, test } from "vitest";
import { approval } from "../../factory/documents.ts";
import { ANNA, BEN } from "../../factory/identities.ts";
import { codeOf } from "../../factory/thrown.ts";
import { ask, build, decide, exported, makeDesk, type Desk } from "../../attack/online.ts";
import type { Id, Name } from "../../../src/core/identifier.ts";

function planned(): { readonly desk: Desk; readonly plan: Id } {
  const desk = makeDesk();
  const { intent } = ask(desk, "one", 20_000_000n);
  decide(desk, approval(intent, [ANNA, BEN], { custody: desk.custody.id }));
  return { desk, plan: build(desk).plan.id };
}

/** The next policy has given the wallet up: another stands in its place. */
function withoutVault({ custody, store }: Desk): Desk {
  const { body } = custody.policy;
  const wallets = body.wallets.map((wallet) => ({ ...wallet, name: "cellar" as Name }));
  return { store, custody: { ...custody, policy: { ...custody.policy, body: { ...body, wallets } } } };
}

test("a plan leaves, and leaves again, while the policy names its wallet", () => {
  const { desk, plan } = planned();
  const first = exported(desk, plan);
  expect(exported(desk, plan).request.digest).toBe(first.request.digest);
});

test("neither the first time nor again does it leave for a wallet that the policy names no more", () => {
  const { desk, plan } = planned();
  expect(codeOf(() => exported(withoutVault(desk), plan))).toBe("WALLET_NOT_IN_POLICY");
  exported(desk, plan);
  expect(codeOf(() => exported(withoutVault(desk), plan))).toBe("WALLET_NOT_IN_POLICY");
});
