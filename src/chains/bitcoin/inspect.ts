/**
 * A best-effort description of a bitcoin transaction or PSBT, without keys, wallet or policy. It says what the bytes
 * claim and what is proven, and names what our signer would refuse in any case.
 */
import type { Network } from "../../core/chain.ts";
import type { CustodyError } from "../../core/errors.ts";
import { declareError } from "../../core/errors.ts";
import { equalBytes, toHex } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { addressOfScript } from "./address.ts";
import { claimedId } from "./attempt.ts";
import { psbtSummary, psbtV2Summary, type PsbtSummary } from "./inspect-fields.ts";
import { amountOf, MISSING, refusalsOf, type Known } from "./inspect-refusals.ts";
import { formatKeyPath } from "../key-path.ts";
import { locksOf, signalsReplacement } from "./locks.ts";
import { messageSignedBy } from "./message-plan.ts";
import { outpointText } from "./outpoint.ts";
import { previousIds } from "./plan-attempts.ts";
import { PSBT_MAGIC } from "./psbt-codec.ts";
import { parsePsbtV2, type PsbtV2 } from "./psbt-v2.ts";
import { parsePsbt, PSBT_VERSION, psbtVersion, type Psbt, type PsbtInput } from "./psbt.ts";
import { classifyScript, isNullData, type ScriptKind } from "./script.ts";
import {
  parseTransaction,
  strippedBytes,
  transactionBytes,
  transactionId,
  type Transaction,
  type TransactionOutput,
} from "./transaction.ts";
import { virtualSizeOf } from "./weight.ts";

/** Plain JSON: amounts are decimal strings of satoshis. */
export type BitcoinSummary = {
  readonly type: "psbt" | "transaction";
  readonly network: Network;
  readonly transaction: string;
  readonly version: number;
  /** Of a PSBT alone. */
  readonly psbt?: PsbtSummary;
  /** Of a PSBT that signs one (BIP-322), as far as it says itself; whose address answers, only a wallet can say. */
  readonly message?: string;
  readonly virtualSize: number;
  readonly inputs: readonly InputSummary[];
  readonly outputs: readonly OutputSummary[];
  /** Undefined unless every input's amount is known. */
  readonly feeUnits: string | undefined;
  /** Whether every input's amount is proven by its full previous transaction. */
  readonly feeProven: boolean;
  readonly locks: readonly string[];
  readonly replaceable: boolean;
  readonly warnings: readonly string[];
  /** Rules by which no signer of ours would sign this; empty for what is already signed and complete. */
  readonly refusals: readonly { readonly rule: string; readonly why: string }[];
};

export type InputSummary = {
  readonly outpoint: string;
  readonly sequence: number;
  readonly units: string | undefined;
  readonly proven: boolean;
  readonly address: string | undefined;
  readonly keys: readonly string[];
  readonly signatures: number;
};

export type OutputSummary = {
  readonly units: string;
  readonly kind: ScriptKind | "data" | "unknown";
  readonly address: string | undefined;
  readonly script: string;
  readonly keys: readonly string[];
};

export const INSPECT_UNREADABLE = declareError(
  "INSPECT_UNREADABLE",
  "invalid",
  "Bytes are neither a bitcoin transaction nor a PSBT.",
);

const MESSAGE_CLAIMED =
  "it signs a message if its first input is no coin, which only the wallet's descriptor can say; else that coin is lost";

/**
 * Describes a raw transaction (binary or hex) or a PSBT of either version (binary, base64 or hex).
 * @throws INSPECT_UNREADABLE, and the typed errors of PSBT and transaction
 */
export function inspectBitcoin(bytes: Uint8Array, network: Network): BitcoinSummary {
  const binary = new Uint8Array(binaryOf(bytes));
  if (!equalBytes(binary.subarray(0, PSBT_MAGIC.length), PSBT_MAGIC))
    return describeTransaction(parseTransaction(binary), network);
  return psbtVersion(binary) === 2
    ? describePsbtV2(parsePsbtV2(binary), network)
    : describePsbt(parsePsbt(binary), network);
}

/**
 * Describes a plan's base (`plan-attempts.ts`), which leaves its previous transactions out: those of `previous` that it
 * spends are put in first. Without a policy nobody can say whose keys it names.
 * @param previous without witnesses; undefined for a plan that stands alone
 * @throws as `inspectBitcoin`
 */
export function inspectBase(
  base: Uint8Array,
  previous: readonly Uint8Array[] | undefined,
  network: Network,
): BitcoinSummary {
  const psbt = parsePsbt(new Uint8Array(base), "plan.base");
  const wanted = new Set<string>(psbt.unsigned.inputs.map(({ txid }) => txid));
  const spent = new Map<string, Transaction>();
  previousIds(previous ?? []).forEach((txid, i) => {
    if (wanted.has(txid)) spent.set(txid, parseTransaction(previous?.[i] as Uint8Array, `previous[${i}]`));
  });
  const inputs = psbt.inputs.map((input, i) => ({
    ...input,
    previousTransaction: spent.get((psbt.unsigned.inputs[i] as { readonly txid: string }).txid),
  }));
  const summary = describePsbt({ ...psbt, inputs }, network);
  // A plan alone never has them: the request that carries it does, and there their absence is a refusal.
  const refusals = summary.refusals.filter(({ rule }) => previous !== undefined || rule !== MISSING);
  return { ...summary, refusals };
}

function describeTransaction(transaction: Transaction, network: Network): BitcoinSummary {
  const signed = transaction.inputs.every(
    ({ witness, scriptSig }) => witness.length > 0 || scriptSig.length > 0,
  );
  return {
    ...frame("transaction", transaction, network),
    inputs: transaction.inputs.map(({ txid, vout, sequence, witness, scriptSig }) => ({
      outpoint: outpointText({ txid, vout }),
      sequence,
      units: undefined,
      proven: false,
      address: undefined,
      keys: [],
      signatures: witness.length > 0 || scriptSig.length > 0 ? 1 : 0,
    })),
    outputs: transaction.outputs.map((output) => describeOutput(output, [], network)),
    feeUnits: undefined,
    feeProven: false,
    warnings: signed
      ? ["complete: whoever holds these bytes can broadcast them"]
      : ["a raw transaction does not say what its inputs are worth"],
    refusals: signed
      ? []
      : [
          {
            rule: "PREVIOUS_TRANSACTION_MISSING",
            why: "a raw transaction without signatures proves no amount",
          },
        ],
  };
}

function describePsbt(psbt: Psbt, network: Network): BitcoinSummary {
  const amounts = psbt.unsigned.inputs.map((input, i) =>
    amountOf(input.txid, input.vout, psbt.inputs[i] as PsbtInput),
  );
  const spent = amounts.reduce<bigint | undefined>(
    (total, { output }) => (total === undefined || output === undefined ? undefined : total + output.units),
    0n,
  );
  const paid = psbt.unsigned.outputs.reduce((total, { units }) => total + units, 0n);
  const known = spent !== undefined && spent >= paid ? spent - paid : undefined;
  const said = messageSignedBy(psbt); // its coins are only shown: what they are worth is no fee
  const fee =
    said === undefined
      ? {
          feeUnits: known?.toString(),
          feeProven: known !== undefined && amounts.every(({ proven }) => proven),
        }
      : { message: said.message, feeUnits: "0", feeProven: said.proven };
  return {
    ...frame("psbt", psbt.unsigned, network),
    transaction: claimedId(psbt),
    psbt: psbtSummary(psbt),
    inputs: psbt.unsigned.inputs.map(({ txid, vout, sequence }, i) => {
      const { derivations, finalised, ...map } = psbt.inputs[i] as PsbtInput;
      const signatures = map.signatures.length + map.taproot.signatures.length;
      const { output, proven } = amounts[i] as Known;
      return {
        outpoint: outpointText({ txid, vout }),
        sequence,
        units: output?.units.toString(),
        proven,
        address: output === undefined ? undefined : addressOfScript(output.script, network)?.address,
        keys: derivations.map(keyText),
        signatures: finalised ? Math.max(1, signatures) : signatures,
      };
    }),
    outputs: psbt.unsigned.outputs.map((output, i) =>
      describeOutput(output, psbt.outputs[i]?.derivations.map(keyText) ?? [], network),
    ),
    ...fee,
    warnings: [...(said?.proven === false ? [MESSAGE_CLAIMED] : []), ...psbtWarnings(psbt, network)],
    refusals: refusalsOf(psbt, amounts, spent, paid),
  };
}

// What the same PSBT is in version 0, with what version 2 alone says.
function describePsbtV2(psbt: PsbtV2, network: Network): BitcoinSummary {
  const summary = describePsbt(psbt.plain, network);
  const said = psbtV2Summary(psbt);
  const why = "it is a PSBT of version 2, and signers of ours read version 0 alone";
  return {
    ...summary,
    psbt: said,
    warnings: [
      ...said.modifiable.map((what) => `not final: ${what} may still be added or removed`),
      ...summary.warnings,
    ],
    refusals: [{ rule: PSBT_VERSION.code, why }, ...summary.refusals],
  };
}

function frame(type: BitcoinSummary["type"], transaction: Transaction, network: Network) {
  const stripped = strippedBytes(transaction).length;
  return {
    type,
    network,
    transaction: transactionId(transaction),
    version: transaction.version,
    virtualSize: virtualSizeOf(3 * stripped + transactionBytes(transaction).length),
    locks: locksOf(transaction),
    replaceable: signalsReplacement(transaction),
  };
}

function describeOutput(output: TransactionOutput, keys: readonly string[], network: Network): OutputSummary {
  const kind = classifyScript(output.script)?.kind ?? (isNullData(output.script) ? "data" : "unknown");
  const address = addressOfScript(output.script, network)?.address;
  return { units: output.units.toString(), kind, address, script: toHex(output.script), keys };
}

function psbtWarnings({ unknown, inputs, outputs }: Psbt, network: Network): readonly string[] {
  const warnings = unknown.slice(0, 32).map((name) => `kept and not understood: ${name}`);
  if (unknown.length > 32) warnings.push(`and ${unknown.length - 32} more unknown fields`);
  if (inputs.some(isSigned)) warnings.push("already carries signatures");
  if (outputs.some(({ derivations }) => derivations.length > 0))
    warnings.push("outputs claim keys; whether they are a wallet's own is not checked here");
  if (network !== "mainnet") warnings.push(`addresses are written for ${network}`);
  return warnings;
}

function isSigned({ finalised, signatures, taproot }: PsbtInput): boolean {
  return finalised || signatures.length > 0 || taproot.signatures.length > 0;
}

function keyText({ fingerprint, path }: { fingerprint: string; path: readonly number[] }): string {
  return `[${fingerprint}]${formatKeyPath(path).slice(1)}`;
}

// Text is recognised by its characters alone; binary transactions hold bytes that text never has.
function binaryOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 2 * LIMITS.psbtBytesMax) throw unreadable("too many bytes");
  if (bytes.length === 0) throw unreadable("nothing");
  const isText = bytes.every(
    (byte) => (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09,
  );
  if (!isText) return bytes;
  const text = Buffer.from(bytes).toString("latin1").replace(/\s+/g, "");
  if (/^(?:[0-9a-fA-F]{2})+$/.test(text)) return new Uint8Array(Buffer.from(text, "hex"));
  const decoded = Buffer.from(text, "base64");
  if (decoded.toString("base64") === text) return new Uint8Array(decoded);
  throw unreadable("text that is neither hex nor base64");
}

function unreadable(what: string): CustodyError {
  return INSPECT_UNREADABLE(`the input is ${what}, not a bitcoin transaction or PSBT`, {
    field: "in",
    hint: "give a PSBT (binary or base64) or a raw transaction (hex)",
  });
}
