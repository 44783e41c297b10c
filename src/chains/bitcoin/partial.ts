/**
 * What another maker's signer hands back: partial signatures in a PSBT (BIP-174 PSBT_IN_PARTIAL_SIG; BIP-371
 * PSBT_IN_TAP_KEY_SIG and PSBT_IN_TAP_SCRIPT_SIG), in the one form that our documents have.
 */
import type { Digest } from "../../core/digest.ts";
import type { InputSignature } from "../../core/documents/receipt.ts";
import { declareError } from "../../core/errors.ts";
import { toHex } from "../../core/hex.ts";
import { claimedId } from "./attempt.ts";
import { PSBT_MAGIC } from "./psbt-codec.ts";
import type { PsbtInput } from "./psbt-maps.ts";
import { parsePsbt } from "./psbt.ts";
import { lifted } from "./taproot.ts";

export const PSBT_UNSIGNED = declareError(
  "PSBT_UNSIGNED",
  "pending",
  "A PSBT holds no partial signatures to take over.",
);

export const PSBT_SIGNATURE_NAMELESS = declareError(
  "PSBT_SIGNATURE_NAMELESS",
  "invalid",
  "A PSBT holds a taproot key signature and does not say which key made it.",
);

export type PartialSignatures = {
  /** The id that the transaction will have once signed. */
  readonly transaction: Digest;
  readonly signatures: readonly InputSignature[];
};

/** Whether `bytes` begin as a binary PSBT does. */
export function isPsbt(bytes: Uint8Array): boolean {
  return PSBT_MAGIC.every((byte, index) => bytes[index] === byte);
}

/**
 * Reads the signatures of a binary PSBT; nothing else in it is believed or kept. That a redeem script is claimed decides
 * only which transaction is looked for.
 * @throws PSBT_UNSIGNED, PSBT_SIGNATURE_NAMELESS, and the typed errors of the parser
 */
export function partialSignatures(bytes: Uint8Array): PartialSignatures {
  const psbt = parsePsbt(bytes);
  const { inputs } = psbt;
  const signatures = inputs.flatMap((map, input) => [
    ...map.signatures.map(({ publicKey, signature }) => given(input, publicKey, signature)),
    ...map.taproot.signatures.map(({ leafKey, signature }) =>
      given(input, lifted(leafKey ?? internalKeyOf(map, input)), signature),
    ),
  ]);
  if (signatures.length > 0) return { transaction: claimedId(psbt), signatures };
  const finalised = inputs.some((input) => input.finalised);
  throw PSBT_UNSIGNED(
    finalised ? "the PSBT is finalised: its partial signatures are gone" : "the PSBT holds no signatures",
    { field: "PSBT", hint: "sign it with the other maker's signer and save it without finalising" },
  );
}

function given(input: number, key: Uint8Array, signature: Uint8Array): InputSignature {
  return { input, key: toHex(key), signature: toHex(signature) };
}

// A taproot key signature's field names no key: it is the internal one, which stands beside it or alone has no leaf hash.
function internalKeyOf({ taproot, derivations }: PsbtInput, input: number): Uint8Array {
  const key =
    taproot.internalKey ?? derivations.find(({ leafHashes }) => leafHashes?.length === 0)?.publicKey;
  if (key !== undefined) return key;
  throw PSBT_SIGNATURE_NAMELESS(`input ${input} has a taproot key signature and no internal key`, {
    field: `inputs[${input}].tapInternalKey`,
    hint: "export the PSBT again with PSBT_IN_TAP_INTERNAL_KEY (BIP-371)",
  });
}
