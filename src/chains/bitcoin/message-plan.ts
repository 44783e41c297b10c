/**
 * A plan that signs a message (BIP-322), read as strictly as a payment (attack B24). Its base is `to_sign` as a PSBT that
 * carries the message. The address that answers is always the wallet's first receive address, so that nobody chooses it;
 * `to_spend` is computed here from the message and our own descriptor, never read.
 */
import type { DecodedAttempt, PlanBytes } from "../adapter.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { isSignableMessage } from "../../core/signed-message.ts";
import { addressOfScript, type Address } from "./address.ts";
import { assertMessageFields } from "./allowed-fields.ts";
import { signedId, type BitcoinAttempt, type OwnedInput } from "./attempt.ts";
import { deriveKey, type Descriptor, type WalletKey } from "./descriptor.ts";
import { feeFacts } from "./fee.ts";
import { outpointKey } from "./outpoint.ts";
import { assertWorth, proveCompactInputs } from "./owned-inputs.ts";
import { GLOBAL_FIELD } from "./psbt-fields.ts";
import type { Psbt } from "./psbt.ts";
import { transactionId, type Transaction } from "./transaction.ts";
import { hasFormOfToSign, toSpend } from "./virtual-transactions.ts";
import { transactionWeight, virtualSizeOf } from "./weight.ts";

export const MESSAGE_REFUSED = declareError(
  "MESSAGE_REFUSED",
  "denied",
  "A PSBT carries a message that is not plain text which people can read as one thing alone.",
);
export const MESSAGE_TRANSACTION = declareError(
  "MESSAGE_TRANSACTION",
  "denied",
  "A transaction carries a message and is not the one that signs it (BIP-322): likely attack.",
);
export const MESSAGE_RUNGS = declareError(
  "MESSAGE_RUNGS",
  "denied",
  "A plan that signs a message has a fee, a second rung or a cancel rung, as if something moved.",
);

/** The key that answers for a wallet's messages. */
export function answeringKey(descriptor: Descriptor): WalletKey {
  return deriveKey(descriptor, 0, 0);
}

/** Whether a base has PSBT_GLOBAL_GENERIC_SIGNED_MESSAGE, so that it is a message or nothing. */
export function carriesMessage({ fields }: Psbt): boolean {
  return fields.some(({ type }) => type === GLOBAL_FIELD.signedMessage);
}

/**
 * The message of a PSBT that signs one, as far as the PSBT says: all hangs on what its first input spends. `proven` when it
 * names the script that answers and the input is `to_spend` of message and script, which no block can hold. Not proven when
 * it names none. Undefined for any other PSBT: one that names what a coin pays would spend that coin (attack B24).
 */
export function messageSignedBy({
  fields,
  unsigned,
  inputs,
}: Psbt): { readonly message: string; readonly proven: boolean } | undefined {
  const value = fields.find(({ type }) => type === GLOBAL_FIELD.signedMessage)?.value ?? new Uint8Array();
  const message = textOf(value);
  const [spends] = unsigned.inputs;
  if (!isSignableMessage(message) || !hasFormOfToSign(unsigned) || spends?.vout !== 0) return undefined;
  const output = inputs[0]?.previousTransaction?.outputs[0] ?? inputs[0]?.previousOutput;
  if (output === undefined) return { message, proven: false };
  const virtual = transactionId(toSpend(message, output.script)) === spends.txid;
  return virtual ? { message, proven: true } : undefined;
}

/**
 * @param previous what its coins come from, by the ids that were computed from their bytes
 * @returns the one attempt, and `previous` with `to_spend`
 * @throws the errors declared above, PSBT_FIELD_REFUSED, INPUT_…, PREVIOUS_TRANSACTION_…
 */
export function decodeMessage(
  plan: PlanBytes,
  psbt: Psbt,
  previous: ReadonlyMap<string, Transaction>,
  descriptor: Descriptor,
): { readonly attempt: DecodedAttempt<BitcoinAttempt>; readonly spent: ReadonlyMap<string, Transaction> } {
  assertMessageFields(psbt, descriptor.kind);
  assertOneRung(plan);
  const message = messageOf(psbt);
  const key = answeringKey(descriptor);
  const spend = toSpend(message, key.script);
  const id = transactionId(spend);
  assertToSign(psbt.unsigned, id);
  // One spelling: what the signer computes is not carried.
  if (previous.has(id)) throw notToSign("comes with the virtual transaction that it spends", "previous");
  const spent = new Map([...previous, [id, spend]]);
  const inputs = proveCompactInputs(psbt, spent, descriptor);
  assertWorth(inputs.slice(1), 1);
  const { account } = addressOfScript(key.script, descriptor.network) as Address;
  return { attempt: describeMessage(psbt.unsigned, inputs, descriptor, { account, message }), spent };
}

function describeMessage(
  unsigned: Transaction,
  inputs: readonly OwnedInput[],
  descriptor: Descriptor,
  said: { readonly account: Address["account"]; readonly message: string },
): DecodedAttempt<BitcoinAttempt> {
  const id = signedId(unsigned, inputs);
  const keys = unsigned.inputs.map((input) => outpointKey(input, descriptor.network));
  const scripts = unsigned.outputs.map(({ script }) => script);
  const size = virtualSizeOf(transactionWeight(inputs.length, descriptor, scripts));
  return {
    tx: { id, unsigned, inputs, descriptor, message: said.message },
    transaction: id,
    // Coins behind the first input are shown, not spent: they stay free for whatever spends them.
    conflictKeys: keys.slice(0, 1),
    inputs: inputs.map(({ units, path }, i) => ({
      conflictKey: keys[i] as string,
      units: units.toString(),
      path,
    })),
    effects: [{ type: "attest", ...said }],
    // Nothing moves, so what the coins are worth is no fee.
    fee: feeFacts(0n, size),
    locks: [],
    warnings: [],
  };
}

function messageOf({ fields }: Psbt): string {
  const value = fields.find(({ type }) => type === GLOBAL_FIELD.signedMessage)?.value ?? new Uint8Array();
  const message = textOf(value);
  if (isSignableMessage(message)) return message;
  throw MESSAGE_REFUSED(`the message of ${value.length} bytes is not plain text of one line`, {
    field: "plan.base",
    hint: "do not sign: somebody changed the message or the plan",
  });
}

// A character for each byte, so that no byte is read as nothing; what is not ASCII is refused. Of what is too long in any
// case no more is read than shows that it is.
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, LIMITS.messageCharactersMax + 1)).toString("latin1");
}

function assertOneRung({ rungs, cancel }: PlanBytes): void {
  if (rungs.length === 1 && rungs[0]?.feeUnits === "0" && cancel === undefined) return;
  throw MESSAGE_RUNGS("the plan signs a message, which has one rung without a fee and no cancel rung", {
    field: "plan.rungs",
    hint: "do not sign: somebody changed the plan",
  });
}

function assertToSign(unsigned: Transaction, spend: string): void {
  if (!hasFormOfToSign(unsigned)) {
    throw notToSign(
      "has another version, lock time, sequence or output than what signs a message",
      "plan.base",
    );
  }
  const [first] = unsigned.inputs;
  if (first?.txid === spend && first.vout === 0) return;
  throw notToSign("does not answer for its message at the wallet's first receive address", "inputs[0]");
}

function notToSign(what: string, field: string) {
  return MESSAGE_TRANSACTION(`the transaction ${what}`, {
    field,
    hint: "do not sign, and look at the machine that built this",
  });
}
