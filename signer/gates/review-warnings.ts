/** What an officer should wonder at, though no rule forbids it. */
import { splitAccount } from "../../src/core/account.ts";
import { contractAt, type BeneficiaryDocument } from "../../src/core/documents/beneficiary.ts";
import type { Effect } from "../../src/chains/effect.ts";
import { rungName, type Rung } from "../../src/chains/attempts.ts";
import type { PolicyWallet } from "../../src/core/policy/policy.ts";

/**
 * Law 10 lets change follow the inputs; an input far up, which anybody can plant, is for the officer to wonder at (B7).
 * @param highest change index that this signer has signed for, -1 for none
 */
export function farChange(
  effects: readonly Effect[],
  { indexGap }: PolicyWallet,
  highest: number,
): readonly string[] {
  return effects.flatMap((effect) =>
    effect.type === "change" && effect.index > highest + indexGap
      ? [`change goes to index ${effect.index}; the highest that this signer has signed for is ${highest}`]
      : [],
  );
}

/** A contract runs code of its own when it is paid, and nobody here can read that. */
export function calledContracts(
  destinations: readonly (BeneficiaryDocument | undefined)[],
): readonly string[] {
  return destinations.flatMap((one) => {
    const contract = one && contractAt(one);
    if (one === undefined || contract === undefined) return [];
    const { address } = splitAccount(one.body.account);
    return [`${address} is a contract: its code ${contract.codeHash} runs when it is paid`];
  });
}

/**
 * Each warning once, with the attempts that it is about unless it is about all of them.
 */
export function mergedWarnings(attempts: readonly (readonly [Rung, readonly string[]])[]): string[] {
  const nameOf = (rung: Rung) => (rung === "cancel" ? rung : rungName(rung));
  return [...new Set(attempts.flatMap(([, warnings]) => warnings))]
    .map((warning) => {
      const about = attempts.flatMap(([rung, warnings]) => (warnings.includes(warning) ? [rung] : []));
      return about.length === attempts.length ? warning : `${about.map(nameOf).join(", ")}: ${warning}`;
    })
    .slice(0, 64);
}
