/**
 * Sealed files: a secret under a passphrase. scrypt (RFC 7914) and AES-256-GCM (NIST SP 800-38D), with every header
 * field authenticated. The cost has a floor, so that a file is never sealed cheaply by mistake, and a ceiling on
 * reading, so that a planted file cannot demand hours of work (attack T7). Pure: salt and nonce arrive as arguments.
 */
import { createCipheriv, createDecipheriv, scryptSync } from "node:crypto";
import * as z from "zod";
import { canonicalBytes, parseCanonical } from "./canonical.ts";
import type { Network } from "./chain.ts";
import { assert, declareError } from "./errors.ts";
import { hexField, networkField } from "./fields.ts";
import { concatBytes, fromHex, toHex } from "./hex.ts";
import { LIMITS } from "./limits.ts";

export type SealedPurpose = "identity" | "seed" | "signer" | "unlock";

export const SEALED_MALFORMED = declareError(
  "SEALED_MALFORMED",
  "invalid",
  "A file is not one of our sealed files, or its cost is out of bounds.",
);
export const PASSPHRASE_WRONG = declareError(
  "PASSPHRASE_WRONG",
  "verification",
  "A passphrase does not open a sealed file, or the file was changed.",
);

/** log2 of scrypt's N. r = 8, p = 1: 2^17 takes 128 MiB and about half a second. */
const COST_LOG2 = { floor: 17, floorRegtest: 12, ceiling: 20 } as const;

const schema = z.strictObject({
  kind: z.literal("sealed"),
  version: z.literal(1),
  purpose: z.enum(["identity", "seed", "signer", "unlock"]),
  network: networkField,
  costLog2: z.number().int().min(COST_LOG2.floorRegtest).max(COST_LOG2.ceiling),
  salt: hexField,
  nonce: hexField,
  box: hexField,
});

/** The cost new files on `network` are sealed with. On regtest it is cheap, and the file says so by its cost. */
export function sealingCost(network: Network): number {
  return network === "regtest" ? COST_LOG2.floorRegtest : COST_LOG2.floor;
}

/**
 * Seals `secret`.
 * @param random 16 bytes of salt and 12 bytes of nonce from the system's generator
 * @returns the file's bytes, canonical JSON
 */
export function seal(
  secret: Uint8Array,
  passphrase: Uint8Array,
  about: { purpose: SealedPurpose; network: Network },
  random: { salt: Uint8Array; nonce: Uint8Array },
): Uint8Array {
  assert(random.salt.length === 16 && random.nonce.length === 12, "salt has 16 bytes and nonce 12");
  const header = {
    kind: "sealed",
    version: 1,
    purpose: about.purpose,
    network: about.network,
    costLog2: sealingCost(about.network),
    salt: toHex(random.salt),
    nonce: toHex(random.nonce),
  } as const;
  const key = deriveKey(passphrase, header.salt, header.costLog2);
  try {
    const cipher = createCipheriv("aes-256-gcm", key, random.nonce);
    cipher.setAAD(canonicalBytes(header));
    const box = concatBytes(cipher.update(secret), cipher.final(), cipher.getAuthTag());
    return canonicalBytes({ ...header, box: toHex(box) });
  } finally {
    key.fill(0);
  }
}

/**
 * Opens a sealed file. The caller wipes the result after use.
 * @throws SEALED_MALFORMED, PASSPHRASE_WRONG
 */
export function unseal(
  file: Uint8Array,
  passphrase: Uint8Array,
  about: { purpose: SealedPurpose; network: Network },
): Uint8Array {
  const { box, ...header } = parseSealed(file);
  if (header.purpose !== about.purpose || header.network !== about.network) {
    throw SEALED_MALFORMED(
      `sealed file holds a ${header.purpose} of ${header.network}, not a ${about.purpose} of ${about.network}`,
      {
        field: "file",
      },
    );
  }
  const sealed = fromHex(box);
  const opened: Buffer[] = [];
  const key = deriveKey(passphrase, header.salt, header.costLog2);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, fromHex(header.nonce));
    decipher.setAAD(canonicalBytes(header));
    decipher.setAuthTag(sealed.subarray(-16));
    opened.push(decipher.update(sealed.subarray(0, -16)));
    opened.push(decipher.final());
    return concatBytes(...opened);
  } catch (cause) {
    throw PASSPHRASE_WRONG("the passphrase does not open this file, or the file was changed", {
      field: "passphrase",
      hint: "try the passphrase again; nothing was changed",
      cause,
    });
  } finally {
    for (const part of opened) part.fill(0);
    key.fill(0);
  }
}

function parseSealed(file: Uint8Array): z.infer<typeof schema> {
  const parsed = schema.safeParse(parseCanonical(file, LIMITS.sealedBytesMax));
  const header = parsed.data;
  if (
    header === undefined ||
    header.salt.length !== 32 ||
    header.nonce.length !== 24 ||
    header.box.length < 32
  ) {
    throw SEALED_MALFORMED("file is not a sealed file of a cost we accept", { field: "file" });
  }
  if (header.network !== "regtest" && header.costLog2 < COST_LOG2.floor) {
    throw SEALED_MALFORMED(
      `sealed file of ${header.network} has cost 2^${header.costLog2}, below the floor 2^${COST_LOG2.floor}`,
      {
        field: "costLog2",
      },
    );
  }
  return header;
}

function deriveKey(passphrase: Uint8Array, saltHex: string, costLog2: number): Buffer {
  const cost = 2 ** costLog2;
  return scryptSync(passphrase, fromHex(saltHex), 32, { N: cost, r: 8, p: 1, maxmem: 256 * 8 * cost });
}
