/** Law 3: how many signers must have voided a family, so that any who could complete an attempt meet one of them. */
import { expect, test } from "vitest";
import type { VoidDocument } from "../../../src/core/documents/void.ts";
import type { Name } from "../../../src/core/identifier.ts";
import type { PolicyWallet } from "../../../src/core/policy/policy.ts";
import { openFamily, type Closing } from "../../../src/withdrawals/ending/closure.ts";
import { makeDocument } from "../../../src/core/document.ts";
import { VOID } from "../../../src/core/documents/void.ts";
import { familyOf } from "../../../src/core/documents/family.ts";
import { POLICY } from "../../../src/core/policy/policy.ts";
import { makeCustody, payout } from "../../factory/custody.ts";
import { header } from "../../factory/documents.ts";

const NAMES = ["signer-1", "signer-2", "signer-3"] as Name[];

function openWith(wallet: Pick<PolicyWallet, "foreign" | "signers" | "threshold">, count: number) {
  const [vault] = makeCustody().policy.body.wallets as [PolicyWallet];
  const { policy, id } = makeCustody({ wallets: [{ ...vault, ...wallet }] });
  const { intent } = payout({ ...makeCustody(), policy, id });
  const voids = NAMES.slice(0, count).map((signer) =>
    makeDocument(VOID, {
      ...header("void"),
      custody: id,
      family: familyOf(intent.body),
      signer,
      epoch: 1,
      policy: 1,
      attempts: [],
    }),
  );
  const ports = {
    policiesSince: () => [{ digest: policy.digest }],
    findDocuments: (_: undefined, { kind }: { kind: string }): readonly unknown[] =>
      kind === POLICY.kind ? [policy] : voids,
  } as unknown as Closing<undefined>;
  const digests = voids.map(({ digest }: VoidDocument) => digest);
  return openFamily(ports, undefined, { intent: intent.body, voids: digests, plans: [] });
}

test.each([
  ["two of three of ours", { signers: NAMES, foreign: 0, threshold: 2 }, 2],
  ["three of three of ours", { signers: NAMES, foreign: 0, threshold: 3 }, 1],
  ["one of three of ours", { signers: NAMES, foreign: 0, threshold: 1 }, 3],
  ["two of three, one of them foreign", { signers: NAMES.slice(0, 2), foreign: 1, threshold: 2 }, 2],
  ["three of four, two of them foreign", { signers: NAMES.slice(0, 2), foreign: 2, threshold: 3 }, 2],
  ["three of three, one of them foreign", { signers: NAMES.slice(0, 2), foreign: 1, threshold: 3 }, 1],
] as const)("%s", (_, wallet, needed) => {
  expect(openWith(wallet, needed - 1)).toMatch(/must void it/);
  expect(openWith(wallet, needed)).toBeUndefined();
});
