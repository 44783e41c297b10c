/**
 * Everybody's key lies in this one process, and each word that is signed reads it anew, which takes longer than signing.
 * The few seeds of the fixtures are read once.
 */
import crypto, { type KeyObject } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const { createPrivateKey } = crypto;
const known = new Map<string, KeyObject>();

/** Imported for its effect. */
crypto.createPrivateKey = ((from: { readonly key: Buffer }) => {
  const name = from.key.toString("hex");
  const key = known.get(name) ?? createPrivateKey(from);
  known.set(name, key);
  return key;
}) as typeof createPrivateKey;
syncBuiltinESMExports();
