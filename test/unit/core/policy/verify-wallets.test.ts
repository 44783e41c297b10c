import { describe, expect, test } from "vitest";

import type { Name } from "../../../../src/core/identifier.ts";

import { type Policy, type PolicyRow } from "../../../../src/core/policy/policy.ts";
import { assertConsistent } from "../../../../src/core/policy/verify.ts";
import { policyBody, row } from "../../../factory/documents.ts";
import { SIGNER } from "../../../factory/identities.ts";
import { signerNamed, walletOf } from "../../../factory/policies.ts";
import { codeOf } from "../../../factory/thrown.ts";

const GOOD = policyBody();
const [WALLET] = GOOD.wallets as [Policy["wallets"][number]];
const [CHAIN] = GOOD.chains as [Policy["chains"][number]];
const [S1, S2, S3, S4] = ["s1", "s2", "s3", "s4"] as const;
const SIGNERS = [S1, S2, S3, S4].map((name) => signerNamed(name));
/** Two wallets that one row of withdrawals allows. */
const twoWallets = (
  a: ReturnType<typeof walletOf>,
  b: ReturnType<typeof walletOf>,
  changes: Partial<PolicyRow> = {},
): Partial<Policy> => ({
  signers: SIGNERS,
  wallets: [a, b],
  rows: [row("a", "0", "10", 1, { wallets: [a.name, b.name], ...changes })],
});
const oneWallet = (wallet: ReturnType<typeof walletOf>): Partial<Policy> => ({
  signers: SIGNERS,
  wallets: [wallet],
});

/** Fields that contradict, by the field that the error names; beside them the nearest policy that is in order. */
const CASES: readonly { name: string; field: string; bad: Partial<Policy>; twin: Partial<Policy> }[] = [
  {
    name: "a wallet whose signer is not named",
    field: "wallets.vault.signers",
    bad: { wallets: [{ ...WALLET, signers: [SIGNER.name, "ghost" as Name] }] },
    twin: { wallets: [{ ...WALLET, signers: [SIGNER.name] }] },
  },
  {
    name: "a wallet whose chain has no rules",
    field: "wallets.vault.chain",
    bad: { chains: [] },
    twin: { chains: [CHAIN] },
  },
  {
    name: "a signer with two keys of one wallet",
    field: "wallets.vault.signers",
    bad: oneWallet(walletOf("vault", 2, [S1, S1])),
    twin: oneWallet(walletOf("vault", 2, [S1, S2])),
  },
  {
    name: "a threshold above the keys",
    field: "wallets.vault.threshold",
    bad: oneWallet(walletOf("vault", 3, [S1, S2])),
    twin: oneWallet(walletOf("vault", 3, [S1, S2], { foreign: 1 })),
  },
  {
    name: "strangers' keys that reach the threshold, whoever watches over exactly once",
    field: "wallets.vault.foreign",
    bad: oneWallet(walletOf("vault", 2, [S1, S2], { foreign: 2, exactlyOnce: "online" })),
    twin: oneWallet(walletOf("vault", 3, [S1, S2], { foreign: 2, exactlyOnce: "online" })),
  },
  {
    name: "one of two keys, each of which could pay alone (F3)",
    field: "wallets.vault.threshold",
    bad: oneWallet(walletOf("vault", 1, [S1, S2])),
    twin: oneWallet(walletOf("vault", 2, [S1, S2])),
  },
  {
    name: "two of four keys (F3)",
    field: "wallets.vault.threshold",
    bad: oneWallet(walletOf("vault", 2, [S1, S2, S3, S4])),
    twin: oneWallet(walletOf("vault", 2, [S1, S2, S3, S4], { exactlyOnce: "online" })),
  },
  {
    name: "two of three keys, one of them not ours: 2m - n = f (F3)",
    field: "wallets.vault.threshold",
    bad: oneWallet(walletOf("vault", 2, [S1, S2], { foreign: 1 })),
    twin: oneWallet(walletOf("vault", 2, [S1, S2, S3])),
  },
  {
    name: "one row, two wallets of one signer each (F3)",
    field: "rows.a.wallets",
    bad: twoWallets(walletOf("east", 1, [S1]), walletOf("west", 1, [S2])),
    twin: twoWallets(walletOf("east", 1, [S1]), walletOf("west", 1, [S1])),
  },
  {
    name: "one row, two wallets of which one alone is left to the online host (F3)",
    field: "rows.a.wallets",
    bad: twoWallets(walletOf("east", 1, [S1]), walletOf("west", 1, [S2], { exactlyOnce: "online" })),
    twin: twoWallets(
      walletOf("east", 1, [S1], { exactlyOnce: "online" }),
      walletOf("west", 1, [S2], { exactlyOnce: "online" }),
    ),
  },
  {
    name: "one row, 2 of 3 and 2 of 3 with four signers in all (F3)",
    field: "rows.a.wallets",
    bad: twoWallets(walletOf("east", 2, [S1, S2, S3]), walletOf("west", 2, [S2, S3, S4])),
    twin: twoWallets(walletOf("east", 2, [S1, S2, S3]), walletOf("west", 3, [S2, S3, S4])),
  },
  {
    name: "a withdrawal from wallets whose signers never meet; a transfer names the one that pays (F3)",
    field: "rows.a.wallets",
    bad: twoWallets(walletOf("east", 1, [S1]), walletOf("west", 1, [S2])),
    twin: twoWallets(walletOf("east", 1, [S1]), walletOf("west", 1, [S2]), { type: "transfer" }),
  },
];

describe("POLICY_INCONSISTENT: wallets whose keys do not add up, or whose signers need not meet", () => {
  test.each(CASES)("$name", ({ field, bad, twin }) => {
    expect(() => assertConsistent(policyBody(bad))).toThrow(
      expect.objectContaining({ code: "POLICY_INCONSISTENT", field }),
    );
    expect(codeOf(() => assertConsistent(policyBody(twin)))).toBe("none");
  });
});
