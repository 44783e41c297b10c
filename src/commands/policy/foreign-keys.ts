/**
 * Keys of a wallet that are not ours, as their devices show them: text, a key record of BSMS, or UR. Whatever the way, a
 * key is only what it says of itself; its owner compares it where the policy is pinned (attack B5).
 */
import { decodeCbor } from "../../airgap/cbor.ts";
import { holdsAccountKeys, readAccountKeys, type AccountKey } from "../../airgap/registry/account-keys.ts";
import type { UrMessage } from "../../airgap/ur.ts";
import { UR_TYPE_UNKNOWN } from "../../airgap/ur-types.ts";
import { isBsms, keyExpressionOf, readBsmsKey } from "../../chains/bitcoin/index.ts";
import type { Network } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { readAcross } from "../../terminal/carried.ts";
import { optionalFlag, repeatedFlag, type Call } from "../../terminal/command.ts";

export const FOREIGN_KEY_UNCLEAR = declareError(
  "FOREIGN_KEY_UNCLEAR",
  "invalid",
  "What a device has shown holds no key, or several, of the kind that a wallet needs.",
);

const FIELD = "--foreign-key";

/** The script functions under which an account lists a cosigner's key (BCR-2020-015), by the wallet's kind. */
const SCRIPTS: Readonly<Record<string, string>> = {
  "p2wsh-sortedmulti": "wsh",
  "p2sh-p2wsh-sortedmulti": "sh,wsh",
};

/**
 * `--foreign-key` as key expressions: a value that begins with @ is a file, picture or folder, or `@scan`.
 * @throws FOREIGN_KEY_UNCLEAR, and as the readers of each form
 */
export async function readForeignKeys(
  { io, flags }: Pick<Call, "io" | "flags">,
  network: Network,
): Promise<readonly string[]> {
  const keys: string[] = [];
  // As `vaultOf` has it where no kind is asked for.
  const kind = optionalFlag(flags, "kind") ?? "p2wsh-sortedmulti";
  for (const value of repeatedFlag(flags, "foreignKey")) {
    if (!value.startsWith("@")) {
      keys.push(value);
      continue;
    }
    const across = await readAcross(io, value.slice(1), LIMITS.smallDocumentBytesMax, FIELD);
    keys.push(
      across.carrier === "ur" ? keyInUr(across, network, kind) : keyInText(textOf(across.bytes), network),
    );
  }
  return keys;
}

function keyInUr(message: UrMessage, network: Network, kind: string): string {
  if (holdsAccountKeys(message.urType))
    return keyExpressionOf(chosen(readAccountKeys(message), kind), network, FIELD);
  // BIP-129 sends its records as UR bytes; every other type is named by the reader of keys.
  const value = message.urType === "bytes" ? decodeCbor(message.cbor) : undefined;
  if (value instanceof Uint8Array) return keyInText(textOf(value), network);
  throw UR_TYPE_UNKNOWN("the code holds no account key", {
    field: FIELD,
    hint: "let the device export its key for multisig as crypto-account, crypto-hdkey or text",
  });
}

// A device that shows several accounts says what each is for; one that shows a key alone leaves that to people.
function chosen(keys: readonly AccountKey[], kind: string) {
  const fitting = keys.filter(({ scripts }) => scripts === undefined || scripts.join() === SCRIPTS[kind]);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only.key;
  throw FOREIGN_KEY_UNCLEAR(`the device shows ${fitting.length} keys for ${kind}, one is needed`, {
    field: FIELD,
    hint: "let the device export one key for multisig alone, as crypto-hdkey or as text [fingerprint/path]xpub",
  });
}

function keyInText(text: string, network: Network): string {
  if (isBsms(text)) return readBsmsKey(text, network, FIELD);
  return text.trim().replace(/\/<0;1>\/\*$/, "");
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
