/**
 * T7: a sealed file whose passphrase costs nothing to guess, or so much work to try that the machine stands still. The
 * cost has a floor and, where a file is read, a ceiling; it is judged before any work is done.
 */
import { createCipheriv, scryptSync } from "node:crypto";
import { canonicalBytes, type JsonObject } from "../../src/core/canonical.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { toHex, utf8 } from "../../src/core/hex.ts";
import { unseal } from "../../src/core/sealed.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { pair } from "./pair.ts";

const PASSPHRASE = utf8("a passphrase");
const [salt, nonce] = [fixtureBytes("salt").subarray(0, 16), fixtureBytes("nonce").subarray(0, 12)];

/** A file of any cost, as an attacker makes it. @param work is skipped for costs that no machine can meet */
function sealedAt(network: "mainnet" | "regtest", costLog2: number, work: boolean): Uint8Array {
  const header: JsonObject = {
    kind: "sealed",
    version: 1,
    purpose: "seed",
    network,
    costLog2,
    salt: toHex(salt),
    nonce: toHex(nonce),
  };
  const cost = 2 ** costLog2;
  const key = work
    ? scryptSync(PASSPHRASE, salt, 32, { N: cost, r: 8, p: 1, maxmem: 2048 * cost })
    : fixtureBytes("key");
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(canonicalBytes(header));
  const box = Buffer.concat([cipher.update(utf8("secret")), cipher.final(), cipher.getAuthTag()]);
  return canonicalBytes({ ...header, box: toHex(box) });
}

function opened(file: Uint8Array, network: "mainnet" | "regtest"): string {
  try {
    unseal(file, PASSPHRASE, { purpose: "seed", network });
    return "opened";
  } catch (error) {
    if (error instanceof CustodyError) return error.code;
    // What scrypt says to a cost that it cannot meet: it was asked to.
    return "the work is begun";
  }
}

pair("T7", "a file of mainnet is sealed so cheaply that its passphrase can be guessed", {
  good: () => sealedAt("mainnet", 17, true),
  bad: () => sealedAt("mainnet", 16, true),
  judge: (file) => opened(file, "mainnet"),
  accepted: "opened",
  refused: "SEALED_MALFORMED",
  removes: ["a cost is above the floor"],
  without: "opened",
});

pair("T7", "a file demands more work than a machine can do", {
  good: () => sealedAt("regtest", 12, true),
  bad: () => sealedAt("regtest", 40, false),
  judge: (file) => opened(file, "regtest"),
  accepted: "opened",
  refused: "SEALED_MALFORMED",
  removes: ["a cost is below the ceiling"],
  without: "the work is begun",
});
