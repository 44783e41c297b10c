/**
 * The roles of BIP-174 over our reader and writer, for the published role vectors: legacy and nested multisig of which our
 * own signer makes neither. Digests are bitcoinjs-lib's; signatures are RFC 6979 with low S and without a low R.
 */
import { TEST_NETWORK, WIF } from "@scure/btc-signer";
import { crypto, payments, script as scripts, Transaction as OracleTransaction } from "bitcoinjs-lib";
import * as ecc from "tiny-secp256k1";
import { parseAddress } from "../../src/chains/bitcoin/address.ts";
import { cursorOf } from "../../src/chains/bitcoin/cursor.ts";
import { PSBT_MALFORMED, psbtBytes, type PsbtField } from "../../src/chains/bitcoin/psbt-codec.ts";
import { INPUT_FIELD } from "../../src/chains/bitcoin/psbt-fields.ts";
import { newPsbt, parsePsbt, type Psbt, type PsbtInput } from "../../src/chains/bitcoin/psbt.ts";
import {
  strippedBytes,
  takeWitness,
  transactionBytes,
  witnessBytes,
  type TransactionOutput,
} from "../../src/chains/bitcoin/transaction.ts";
import { parseDigest } from "../../src/core/digest.ts";
import { assert } from "../../src/core/errors.ts";
import { toHex } from "../../src/core/hex.ts";
import { field } from "./edit-psbt.ts";

/** A PSBT with nothing but its transaction: version 2, final sequences, no lock time. Amounts are satoshis. */
export function createPsbt(
  inputs: readonly { readonly txid: string; readonly vout: number }[],
  outputs: readonly { readonly address: string; readonly units: bigint }[],
): Uint8Array {
  const unsigned = {
    version: 2,
    inputs: inputs.map(({ txid, vout }) => ({
      txid: parseDigest(txid),
      vout,
      scriptSig: new Uint8Array(),
      sequence: 0xffff_ffff,
      witness: [],
    })),
    outputs: outputs.map(({ address, units }) => ({
      units,
      script: parseAddress(address, "regtest").script,
    })),
    lockTime: 0,
  };
  const none = { derivations: [] };
  return newPsbt(
    unsigned,
    inputs.map(() => none),
    outputs.map(() => none),
  );
}

/** Signs every input that has a key origin of one of `keys` (WIF), as the input's sighash type says. */
export function signPsbt(bytes: Uint8Array, keys: readonly string[]): Uint8Array {
  const psbt = parsePsbt(bytes);
  const privates = keys.map((wif) => WIF(TEST_NETWORK).decode(wif));
  return rewritten(psbt, (input, index) => [
    ...input.fields,
    ...privates.flatMap((key) => {
      const publicKey = ecc.pointFromScalar(key, true) as Uint8Array;
      if (!input.derivations.some((origin) => toHex(origin.publicKey) === toHex(publicKey))) return [];
      const type = input.sighashType ?? OracleTransaction.SIGHASH_ALL;
      const signature = ecc.sign(digestOf(psbt, index, type), key);
      return [field(INPUT_FIELD.partialSignature, scripts.signature.encode(signature, type), publicKey)];
    }),
  ]);
}

/** One PSBT with the fields of all, which are of one transaction. */
export function combinePsbts(all: readonly Uint8Array[]): Uint8Array {
  const [first, ...more] = all.map((bytes) => parsePsbt(bytes));
  assert(first !== undefined, "there is something to combine");
  for (const { unsigned } of more)
    assert(toHex(strippedBytes(unsigned)) === toHex(strippedBytes(first.unsigned)), "of one transaction");
  const union = (pick: (psbt: Psbt) => readonly PsbtField[]) =>
    sorted([
      ...new Map(
        [first, ...more].flatMap(pick).map((each) => [`${each.type}:${toHex(each.keyData)}`, each]),
      ).values(),
    ]);
  return psbtBytes([
    union(({ fields }) => fields),
    ...first.inputs.map((_, i) => union(({ inputs }) => inputs[i]?.fields ?? [])),
    ...first.outputs.map((_, i) => union(({ outputs }) => outputs[i]?.fields ?? [])),
  ]);
}

/** Scripts and witnesses of multisig inputs (P2SH, and P2WSH in P2SH) in the place of what they are made from. */
export function finalizePsbt(bytes: Uint8Array): Uint8Array {
  return rewritten(parsePsbt(bytes), (input) => {
    const witnessScript = input.witnessScript;
    const redeemScript = valueOf(input, INPUT_FIELD.redeemScript);
    const kept = input.fields.filter(
      ({ type }) => type === INPUT_FIELD.previousTransaction || type === INPUT_FIELD.previousOutput,
    );
    const script = witnessScript ?? redeemScript;
    const { m = 0, pubkeys = [] } = payments.p2ms({ output: script });
    const signedBy = (key: Uint8Array) =>
      input.signatures.filter(({ publicKey }) => toHex(publicKey) === toHex(key));
    const signatures = pubkeys
      .flatMap(signedBy)
      .slice(0, m)
      .map(({ signature }) => signature);
    const stack = [new Uint8Array(), ...signatures, script];
    if (witnessScript === undefined) return [...kept, field(INPUT_FIELD.finalScriptSig, pushes(stack))];
    return [
      ...kept,
      field(INPUT_FIELD.finalScriptSig, pushes([redeemScript])),
      field(INPUT_FIELD.finalWitness, witnessBytes(stack)),
    ];
  });
}

/** The transaction's bytes, once every input is final. */
export function extractTransaction(bytes: Uint8Array): Uint8Array {
  const { unsigned, inputs } = parsePsbt(bytes);
  assert(
    inputs.every(({ finalised }) => finalised),
    "every input is final",
  );
  return transactionBytes({
    ...unsigned,
    inputs: unsigned.inputs.map((input, i) => {
      const map = inputs[i] as PsbtInput;
      const witness = valueOf(map, INPUT_FIELD.finalWitness);
      return {
        ...input,
        scriptSig: valueOf(map, INPUT_FIELD.finalScriptSig),
        witness: witness.length === 0 ? [] : takeWitness(cursorOf(witness, "witness", PSBT_MALFORMED)),
      };
    }),
  });
}

function digestOf({ unsigned, inputs }: Psbt, index: number, type: number): Uint8Array {
  const oracle = OracleTransaction.fromBuffer(strippedBytes(unsigned));
  const input = inputs[index] as PsbtInput;
  const redeemScript = valueOf(input, INPUT_FIELD.redeemScript);
  if (input.witnessScript === undefined) return oracle.hashForSignature(index, redeemScript, type);
  const { units } = input.previousOutput as TransactionOutput;
  return oracle.hashForWitnessV0(index, input.witnessScript, units, type);
}

const valueOf = ({ fields }: PsbtInput, type: number): Uint8Array =>
  fields.find((each) => each.type === type)?.value ?? new Uint8Array();

const pushes = (items: readonly Uint8Array[]): Uint8Array =>
  scripts.compile(items.map((item) => (item.length === 0 ? 0 : item)));

// Ascending by key as Bitcoin Core, which made the vectors, writes them: its partial signatures go by the key's hash.
const sorted = (fields: readonly PsbtField[]): PsbtField[] =>
  [...fields].sort((a, b) => a.type - b.type || Buffer.compare(rank(a), rank(b)));

const rank = ({ type, keyData }: PsbtField): Uint8Array =>
  type === INPUT_FIELD.partialSignature ? crypto.hash160(keyData) : keyData;

function rewritten(
  { fields, inputs, outputs }: Psbt,
  change: (input: PsbtInput, index: number) => readonly PsbtField[],
): Uint8Array {
  return psbtBytes([
    fields,
    ...inputs.map((input, i) => sorted(change(input, i))),
    ...outputs.map((output) => output.fields),
  ]);
}
