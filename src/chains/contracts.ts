/**
 * How a contract may be paid: as people have signed it, in a plan of its own. Its code runs with the gas that a payment
 * gives it, and may do what nobody foresees; a plain account's, which has none, is given none.
 */
import { contractAt, type BeneficiaryDocument } from "../core/documents/beneficiary.ts";
import type { Effect } from "./effect.ts";

export type ContractFault = { readonly rule: "NOT_ALONE" | "GAS"; readonly why: string };

/**
 * Why an attempt may not pay its destinations so; undefined where it may. Judged by signers and by the auditor.
 * @param destinations of the plan's intents, one for each; undefined for an intent of our own
 */
export function contractFault(
  destinations: readonly (BeneficiaryDocument | undefined)[],
  effects: readonly Effect[],
): ContractFault | undefined {
  const [contract] = destinations.flatMap((one) => (one && contractAt(one)) ?? []);
  if (contract !== undefined && destinations.length > 1)
    return { rule: "NOT_ALONE", why: "it pays a contract beside others" };
  for (const effect of effects) {
    if (effect.type !== "pay" || effect.gas === undefined) continue;
    const { gas, account } = effect;
    if (contract === undefined)
      return { rule: "GAS", why: `it gives ${gas} gas to ${account}, which is signed as no contract` };
    if (gas > contract.gasLimit)
      return { rule: "GAS", why: `it gives ${gas} gas to a contract, ${contract.gasLimit} are signed` };
  }
  return undefined;
}
