/**
 * Everybody's key lies in these few processes, and each word that is signed or verified reads it anew, which takes longer
 * than the signature. The few keys of the fixtures are read once in each.
 */
import crypto, { type KeyObject } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const { createPrivateKey, createPublicKey } = crypto;
const privateKeys = new Map<string, KeyObject>();
const publicKeys = new Map<string, KeyObject>();
const publicOf = new WeakMap<KeyObject, KeyObject>();

type Der = { readonly key: Buffer };

/** Imported for its effect. */
crypto.createPrivateKey = ((from: Der) => {
  const name = from.key.toString("latin1");
  const key = privateKeys.get(name) ?? createPrivateKey(from);
  privateKeys.set(name, key);
  return key;
}) as typeof createPrivateKey;

crypto.createPublicKey = ((from: KeyObject | Der) => {
  if (!("key" in from)) {
    const key = publicOf.get(from) ?? exportedOnce(createPublicKey(from));
    publicOf.set(from, key);
    return key;
  }
  const name = from.key.toString("latin1");
  const key = publicKeys.get(name) ?? createPublicKey(from);
  publicKeys.set(name, key);
  return key;
}) as typeof createPublicKey;
syncBuiltinESMExports();

/** A public key that is always asked for in the same form. */
function exportedOnce(key: KeyObject): KeyObject {
  const der = key.export({ format: "der", type: "spki" });
  key.export = (() => Buffer.from(der)) as typeof key.export;
  return key;
}
