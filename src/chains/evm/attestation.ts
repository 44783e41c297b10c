/**
 * What an account's key says for itself: a text, as typed data of one fixed type in one fixed domain (EIP-712), so that it is over
 * nothing that moves money and can be shown by any wallet. It crosses the gap as a byte that begins no transaction, and the
 * text; it has no nonce, and nothing to send.
 */
import { accountId } from "../../core/account.ts";
import type { ChainId } from "../../core/chain.ts";
import { conflictKey } from "../../core/conflict-key.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { concatBytes, fromBase64, toBase64, toHex, utf8 } from "../../core/hex.ts";
import { isSignableMessage } from "../../core/signed-message.ts";
import type {
  BuildTask,
  BuiltPlan,
  DecodedAttempt,
  DecodedAttempts,
  PlanBytes,
  WalletView,
} from "../adapter.ts";
import { formatKeyPath } from "../key-path.ts";
import type { Address } from "./address.ts";
import type { MessageAttempt } from "./attempt.ts";
import { parseSignature, recoverAddress } from "./signature.ts";
import { chainIdOf } from "./transaction.ts";
import { hashTypedData, type TypedData } from "./typed-data.ts";
import { walletAccount } from "./wallet.ts";

export const ATTESTATION_MALFORMED = declareError(
  "EVM_ATTESTATION_MALFORMED",
  "denied",
  "A plan that shall sign a text holds another one than people can read, has several rungs, or states a fee.",
);
export const ATTESTS_NO_COINS = declareError(
  "EVM_ATTESTS_NO_COINS",
  "usage",
  "An account has a balance and no coins: none can be shown beside what its key says.",
);

const TYPES = {
  Attestation: [
    { type: "address", name: "account" },
    { type: "string", name: "message" },
  ],
} as const;
const DOMAIN = { name: "Custody attestation", version: "1" } as const;
/** No transaction begins with it: EIP-712's own prefix, kept free of transactions by EIP-191 and EIP-2718. */
const FIRST_BYTE = 0x19;

/** What is signed, for whoever shows or verifies it. */
export function attestationOf(account: Address, message: string, chain: ChainId): TypedData {
  const domain = { ...DOMAIN, chainId: chainIdOf(chain) };
  return { types: TYPES, primaryType: "Attestation", domain, message: { account, message } };
}

/**
 * Whose key has said `message` on `chain` for `account`; undefined where nobody's can have.
 * @param signature r, s and v in 65 bytes, v 27 or 28 @throws EVM_SIGNATURE_MALFORMED
 */
export function attestedBy(
  {
    account,
    message,
    chain,
  }: { readonly account: Address; readonly message: string; readonly chain: ChainId },
  signature: Uint8Array,
): Address | undefined {
  const { digest } = hashTypedData(attestationOf(account, message, chain));
  return recoverAddress(digest, parseSignature(signature));
}

/** Whether the bytes of an account's plan are a text to sign. */
export function isAttestation(bytes: Uint8Array): boolean {
  return bytes[0] === FIRST_BYTE;
}

/** @throws EVM_ATTESTS_NO_COINS */
export function buildAttestation(
  { message, coins }: Extract<BuildTask, { readonly type: "attest" }>,
  view: WalletView,
): BuiltPlan {
  if (coins)
    throw ATTESTS_NO_COINS(`wallet ${view.wallet.name} is an account`, {
      field: "--coins",
      hint: "leave --coins out: a balance is the chain's to say",
    });
  const base = packed(message);
  const { conflictKeys } = decodeAttestation(base, view);
  return {
    base: toBase64(base),
    rungs: [{ feeUnits: "0" }],
    conflictKeys: [...conflictKeys],
    previous: [],
    changeIndex: undefined,
  };
}

/** @throws EVM_ATTESTATION_MALFORMED */
export function decodeAttestations(
  { base, rungs, cancel }: PlanBytes,
  view: WalletView,
): DecodedAttempts<MessageAttempt> {
  if (rungs.length !== 1 || rungs[0]?.feeUnits !== "0" || cancel !== undefined)
    throw malformed("plan.rungs", "are not one that costs nothing");
  return { rungs: [decodeAttestation(fromBase64(base, "plan.base"), view)], cancel: undefined };
}

/** @throws EVM_ATTESTATION_MALFORMED */
export function decodeAttestation(bytes: Uint8Array, view: WalletView): DecodedAttempt<MessageAttempt> {
  const { chain } = view.wallet;
  const account = walletAccount(view);
  const message = new TextDecoder().decode(bytes.subarray(1));
  if (!isAttestation(bytes) || !isSignableMessage(message) || toHex(packed(message)) !== toHex(bytes))
    throw malformed("plan.base", "is not plain text of one line");
  const { digest } = hashTypedData(attestationOf(account.address, message, chain));
  const transaction = toHex(digest) as Digest;
  // What it competes for is nothing: the very text may be signed again.
  const key = conflictKey(chain, "attestation", `${account.address}:${transaction}`);
  return {
    tx: { kind: "message", message, chain, account, hash: digest },
    transaction,
    conflictKeys: [key],
    inputs: [{ conflictKey: key, units: "0", path: formatKeyPath(account.key.path) }],
    effects: [{ type: "attest", account: accountId(chain, account.address), message }],
    fee: { units: 0n, rateMilli: 0n, virtualSize: 1 },
    locks: [],
    warnings: [],
  };
}

const packed = (message: string): Uint8Array => concatBytes(Uint8Array.of(FIRST_BYTE), utf8(message));

function malformed(field: string, why: string) {
  return ATTESTATION_MALFORMED(`${field} ${why}`, {
    field,
    hint: "do not sign: somebody changed the message or the plan",
  });
}
