/** What ssh-keygen writes: signature files and public keys, spoilt inside their base64 too. */
import { parseSkPublicKey } from "../../../src/core/ssh-key.ts";
import { parseSshSignature } from "../../../src/core/sshsig.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { fixtureBytes } from "../../factory/identities.ts";
import {
  armor,
  publicKeyBlob,
  publicKeyLine,
  securityKey,
  signatureBlob,
} from "../../factory/security-key.ts";
import { either, mutateBytes, mutateInside } from "../mutate-bytes.ts";
import { mutateText } from "../mutate-text.ts";
import { once, promised, textOf, type Target } from "../target.ts";

const KEYS = ["fuzz key 1", "fuzz key 2"].map((label) => securityKey(fixtureBytes(label)));
const message = utf8("what is signed");

const base64In = (text: string): Uint8Array =>
  new Uint8Array(Buffer.from(text.replace(/-----[^-]*-----|\s/g, ""), "base64"));

const signature: Target = {
  name: "ssh-signature",
  samples: once(() => KEYS.map((key) => utf8(armor(signatureBlob(message, key))))),
  mutate: either(
    mutateText,
    mutateInside(
      mutateBytes,
      (sample) => base64In(textOf(sample)),
      (blob) => utf8(armor(blob)),
    ),
  ),
  decode: (input) => {
    const { key, sig } = parseSshSignature(textOf(input));
    promised(/^[0-9a-f]{64}$/.test(key) && /^05[0-9a-f]{136}$/.test(sig), "a signature has another form");
    return undefined;
  },
  cases: 4000,
};

const publicKey: Target = {
  name: "ssh-key",
  samples: once(() => KEYS.map((key) => utf8(publicKeyLine(key)))),
  mutate: either(
    mutateText,
    mutateInside(
      mutateBytes,
      (sample) => base64In(textOf(sample).split(" ")[1] ?? ""),
      (blob) => utf8(`sk-ssh-ed25519@openssh.com ${Buffer.from(blob).toString("base64")} a`),
    ),
  ),
  decode: (input) => {
    const key = parseSkPublicKey(textOf(input));
    const blob = Buffer.from(base64In(textOf(input).split(" ")[1] ?? ""));
    promised(blob.includes(Buffer.from(key, "hex")), "a key is read that is not in the line");
    promised(blob.length === publicKeyBlob(KEYS[0] as (typeof KEYS)[0]).length, "a key of another length");
    return undefined;
  },
  cases: 2500,
};

export const SSH_TARGETS: readonly Target[] = [signature, publicKey];
