/**
 * What a transaction's outputs do: payments, transfers to the receive branch of another wallet of ours, and at most one
 * change output (law 10); the last two proven by derivation. An output that claims to be ours and is not is treated as
 * an attack; one that claims nothing is a payment to its address.
 */
import type { WalletView } from "../adapter.ts";
import type { Effect } from "../effect.ts";
import { bitcoinAsset } from "../../core/asset.ts";
import type { Network } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import type { Name } from "../../core/identifier.ts";
import { addressOfScript, type Address } from "./address.ts";
import { assertOutputScripts, claimsScripts } from "./claimed-scripts.ts";
import type { Descriptor, WalletKey } from "./descriptor.ts";
import { provenKey } from "./proven-key.ts";
import type { PsbtOutput } from "./psbt-maps.ts";
import type { Psbt } from "./psbt.ts";
import { isNullData } from "./script.ts";
import type { TransactionOutput } from "./transaction.ts";
import { walletDescriptor } from "./wallet.ts";

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

/** What an output can do. */
export type OutputEffect = Exclude<Effect, { readonly type: "attest" | "control" }>;

/** An output with what it does, and the keys that own it where it is ours. */
export type ProvenOutput = { readonly effect: OutputEffect; readonly key: WalletKey | undefined };

/** Another wallet of the policy, whose descriptor is read only when an output claims to be of it. */
export type OwnWallet = { readonly name: Name; readonly text: string; readonly descriptor: () => Descriptor };

/** The policy's other wallets on the chain of the wallet that pays. */
export function ownWallets({ wallet, network, own }: WalletView): readonly OwnWallet[] {
  return own
    .filter(({ chain, name }) => chain === wallet.chain && name !== wallet.name)
    .map((other) => {
      let descriptor: Descriptor | undefined;
      return {
        name: other.name,
        text: other.descriptor,
        descriptor: () => (descriptor ??= walletDescriptor({ wallet: other, network })),
      };
    });
}

/**
 * @param own wallets to which an output may be a transfer
 * @param indexMax the highest index at which change may lie
 * @throws the errors declared above, each naming the output
 */
export function proveOutputs(
  psbt: Psbt,
  descriptor: Descriptor,
  own: readonly OwnWallet[],
  indexMax: number,
): readonly ProvenOutput[] {
  let change: number | undefined;
  return psbt.unsigned.outputs.map((output, index): ProvenOutput => {
    const where = `outputs[${index}]`;
    const { account } = payable(output, descriptor.network, where);
    const { units } = output;
    const asset = bitcoinAsset(descriptor.network);
    const claims = psbt.outputs[index] as PsbtOutput;
    if (claims.derivations.length === 0) {
      if (claimsScripts(claims)) throw falseClaim(where);
      return { effect: { type: "pay", account, asset, units }, key: undefined };
    }
    const key = provenKey(claims.derivations, output.script, descriptor);
    if (key === undefined) {
      const transfer = provenTransfer(claims, output, own, where);
      assertOutputScripts(claims, transfer.key, where);
      const { path, index: at } = transfer.key;
      return {
        effect: { type: "own", wallet: transfer.wallet, account, asset, units, path, index: at },
        key: transfer.key,
      };
    }
    assertOutputScripts(claims, key, where);
    assertChangePlace(key, indexMax, where);
    if (change !== undefined) {
      throw CHANGE_TWICE(`outputs ${change} and ${index} are both change`, {
        field: where,
        hint: "build with one change output",
      });
    }
    change = index;
    return { effect: { type: "change", account, asset, units, path: key.path, index: key.index }, key };
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

// Attack B3: a thief's output dressed up as ours. The claim is checked against the policy's descriptors alone, and only
// against those that have the fingerprint it names, so that a long policy does not make a false claim costly to refute.
function provenTransfer(
  { derivations }: PsbtOutput,
  { script }: TransactionOutput,
  own: readonly OwnWallet[],
  where: string,
): { readonly wallet: Name; readonly key: WalletKey } {
  const origin = `[${derivations[0]?.fingerprint ?? ""}/`;
  for (const { name, text, descriptor } of own) {
    const key = text.includes(origin) ? provenKey(derivations, script, descriptor()) : undefined;
    if (key === undefined) continue;
    if (key.branch === 0) return { wallet: name, key };
    throw CHANGE_BRANCH(`${where} goes to ${key.path} on the change branch of ${name}`, {
      field: where,
      hint: "transfer to an address of the other wallet's receive branch",
    });
  }
  throw falseClaim(where);
}

function falseClaim(where: string) {
  return CHANGE_FALSE(`${where} claims to be a wallet's own and is not: likely attack`, {
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
