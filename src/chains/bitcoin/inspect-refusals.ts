/** What of a PSBT no signer of ours would sign in any case, whoever's keys it names. */
import { hash160 } from "bitcoinjs-lib/src/crypto";
import { sha256 } from "../../core/digest.ts";
import { equalBytes } from "../../core/hex.ts";
import { carriesMessage, messageSignedBy } from "./message-plan.ts";
import { outpointText } from "./outpoint.ts";
import type { PsbtInput } from "./psbt-maps.ts";
import type { Psbt } from "./psbt.ts";
import { classifyScript, scriptOf } from "./script.ts";
import { SIGHASH_ALL } from "./sighash.ts";
import { SIGHASH_DEFAULT } from "./taproot-sighash.ts";
import { transactionId, type TransactionOutput } from "./transaction.ts";

export type Refusal = { readonly rule: string; readonly why: string };

/** What is known of the coin that an input spends. */
export type Known = {
  readonly output: TransactionOutput | undefined;
  readonly proven: boolean;
  readonly contradicted: boolean;
};

// A full previous transaction with the right hash proves an amount; a bare previous output only claims it.
export function amountOf(
  txid: string,
  vout: number,
  { previousTransaction, previousOutput }: PsbtInput,
): Known {
  if (previousTransaction === undefined)
    return { output: previousOutput, proven: false, contradicted: false };
  const output = previousTransaction.outputs[vout];
  const fits = transactionId(previousTransaction) === txid && output !== undefined;
  const agrees =
    fits &&
    (previousOutput === undefined ||
      (previousOutput.units === output.units && equalBytes(previousOutput.script, output.script)));
  return { output: fits ? output : previousOutput, proven: agrees, contradicted: !agrees };
}

/** The rule that a plan alone breaks always, and its request does not. */
export const MISSING = "PREVIOUS_TRANSACTION_MISSING";

/** @param paid satoshis of all outputs @param spent of all inputs, where they are known */
export function refusalsOf(
  psbt: Psbt,
  amounts: readonly Known[],
  spent: bigint | undefined,
  paid: bigint,
): readonly Refusal[] {
  const { unsigned, inputs } = psbt;
  const refusals: { rule: string; why: string }[] = [];
  const refuse = (rule: string, why: string) => refusals.push({ rule, why });
  const signsMessage = messageSignedBy(psbt) !== undefined;
  if (!signsMessage && carriesMessage(psbt))
    refuse("MESSAGE_TRANSACTION", "a message stands beside what does not sign it: likely attack");
  const outpoints = unsigned.inputs.map(outpointText);
  if (new Set(outpoints).size !== outpoints.length) refuse("INPUT_DUPLICATE", "one coin is spent twice");
  if (unsigned.inputs.length === 0 || unsigned.outputs.length === 0)
    refuse("TRANSACTION_EMPTY", "there are no inputs or no outputs");
  inputs.forEach(({ sighashType, previousTransaction }, i) => {
    const kind = classifyScript(amounts[i]?.output?.script ?? NOTHING)?.kind;
    if (sighashType !== undefined && sighashType !== (kind === "p2tr" ? SIGHASH_DEFAULT : SIGHASH_ALL))
      refuse("SIGHASH_REFUSED", `input ${i} asks for sighash type 0x${sighashType.toString(16)}`);
    const virtual = signsMessage && i === 0;
    if (previousTransaction === undefined && !virtual)
      refuse(MISSING, `input ${i} has no full previous transaction`);
    if (amounts[i]?.contradicted === true)
      refuse("PREVIOUS_OUTPUT_MISMATCH", `input ${i} contradicts its previous transaction: likely attack`);
    const script = scriptMismatch(inputs[i] as PsbtInput, amounts[i]?.output?.script);
    if (script !== undefined)
      refuse(script, `input ${i} has a script that its coin does not commit to: likely attack`);
  });
  unsigned.outputs.forEach(({ script, units }, i) => {
    if (signsMessage) return;
    if (classifyScript(script) === undefined)
      refuse("OUTPUT_UNKNOWN", `output ${i} has no address and ${units} sat`);
    else if (units === 0n) refuse("OUTPUT_ZERO", `output ${i} pays nothing`);
  });
  if (spent !== undefined && paid > spent)
    refuse("OUTPUTS_EXCEED_INPUTS", `outputs add up to ${paid} sat, inputs to ${spent} sat`);
  return refusals;
}

// BIP-174's two checks (attack B14). A false redeem script would make the id that is shown here false as well.
function scriptMismatch(
  { redeemScript, witnessScript }: PsbtInput,
  spent: Uint8Array | undefined,
): string | undefined {
  if (spent === undefined) return undefined;
  if (redeemScript !== undefined && !equalBytes(spent, scriptOf("p2sh", hash160(redeemScript))))
    return "REDEEM_SCRIPT_MISMATCH";
  const program = redeemScript ?? spent;
  if (witnessScript !== undefined && !equalBytes(program, scriptOf("p2wsh", sha256(witnessScript))))
    return "WITNESS_SCRIPT_MISMATCH";
  return undefined;
}

const NOTHING = new Uint8Array();
