/**
 * What a transaction's outputs do: payments, and at most one change output proven by derivation (law 10). An output
 * that claims to be ours and is not is treated as an attack; one that claims nothing is a payment to its address.
 */
import type { Effect } from "../adapter.ts";
import type { Network } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { addressOfScript, type Address } from "./address.ts";
import type { Descriptor, WalletKey } from "./descriptor.ts";
import { provenKey } from "./proven-key.ts";
import type { Psbt, PsbtOutput } from "./psbt.ts";
import { isNullData } from "./script.ts";
import type { TransactionOutput } from "./transaction.ts";

export const OUTPUT_UNKNOWN = declareError(
  "OUTPUT_UNKNOWN",
  "denied",
  "An output's script has no address, so nobody can say whom it pays.",
);
export const OUTPUT_ZERO = declareError("OUTPUT_ZERO", "denied", "An output pays nothing.");
export const CHANGE_FALSE = declareError(
  "CHANGE_FALSE",
  "denied",
  "An output claims to be the wallet's own and does not derive from it: likely attack.",
);
export const CHANGE_BRANCH = declareError(
  "CHANGE_BRANCH",
  "denied",
  "An output goes to the wallet's own receive branch: that is a transfer, not change.",
);
export const CHANGE_INDEX = declareError(
  "CHANGE_INDEX",
  "denied",
  "A change output lies further ahead than the wallet's index gap allows.",
);
export const CHANGE_TWICE = declareError(
  "CHANGE_TWICE",
  "denied",
  "A transaction has more than one change output.",
);

/**
 * @param indexMax the highest index at which change may lie
 * @throws the errors declared above, each naming the output
 */
export function proveOutputs(psbt: Psbt, descriptor: Descriptor, indexMax: number): readonly Effect[] {
  let change: number | undefined;
  return psbt.unsigned.outputs.map((output, index) => {
    const where = `outputs[${index}]`;
    const address = payable(output, descriptor.network, where);
    const claims = psbt.outputs[index] as PsbtOutput;
    if (claims.derivations.length === 0)
      return { type: "pay", account: address.account, units: output.units };
    const key = provenChange(claims, output, descriptor, where);
    assertChangePlace(key, indexMax, where);
    if (change !== undefined) {
      throw CHANGE_TWICE(`outputs ${change} and ${index} are both change`, {
        field: where,
        hint: "build with one change output",
      });
    }
    change = index;
    return {
      type: "change",
      account: address.account,
      units: output.units,
      path: key.path,
      index: key.index,
    };
  });
}

// Attack B20: value on OP_RETURN is destroyed, and an unknown script can hide anything.
function payable({ units, script }: TransactionOutput, network: Network, where: string): Address {
  const address = addressOfScript(script, network);
  if (address === undefined) {
    const what = isNullData(script)
      ? "is an OP_RETURN output"
      : "has a script that is not P2PKH, P2SH, P2WPKH, P2WSH or P2TR";
    throw OUTPUT_UNKNOWN(`${where} ${what} with ${units} sat`, { field: where, hint: "pay to an address" });
  }
  if (units === 0n)
    throw OUTPUT_ZERO(`${where} pays nothing to ${address.address}`, {
      field: where,
      hint: "leave the output out",
    });
  return address;
}

// Attack B3: a thief's output dressed up as our change. The claim is checked against our own descriptor alone.
function provenChange(
  { derivations }: PsbtOutput,
  output: TransactionOutput,
  descriptor: Descriptor,
  where: string,
): WalletKey {
  const key = provenKey(derivations, output.script, descriptor);
  if (key !== undefined) return key;
  throw CHANGE_FALSE(`${where} claims to be the wallet's own and is not: likely attack`, {
    field: `${where}.bip32Derivation`,
    hint: "stop, and look at the machine that built this",
  });
}

// Attack B7: change at an index that no scan reaches is as good as stolen, and can be held for ransom.
function assertChangePlace({ branch, index, path }: WalletKey, indexMax: number, where: string): void {
  if (branch !== 1) {
    throw CHANGE_BRANCH(`${where} goes to ${path} on the receive branch`, {
      field: where,
      hint: "pay ourselves through a transfer intent",
    });
  }
  if (index > indexMax) {
    throw CHANGE_INDEX(`${where} goes to ${path}, the highest index allowed is ${indexMax}`, {
      field: where,
      hint: "use the wallet's next unused change address",
    });
  }
}
