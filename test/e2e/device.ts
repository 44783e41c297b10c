/** A device of another maker: ethers and Keystone's own registry library, which know nothing of ours. */
import { ETHSignature, EthSignRequest } from "@keystonehq/bc-ur-registry-eth";
import { URDecoder } from "@ngraveio/bc-ur";
import { concat, getBytes, HDNodeWallet, type BytesLike, type SigningKey } from "ethers";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cast } from "../../demo/cast.ts";

/** What the device reads of a text, one frame a line. */
export function scanned(file: string): EthSignRequest {
  const decoder = new URDecoder();
  for (const line of readFileSync(file, "utf8").trim().split("\n")) decoder.receivePart(line);
  const { type, cbor } = decoder.resultUR();
  if (type !== "eth-sign-request") throw new Error(`the frames carry ${type}`);
  return EthSignRequest.fromCBOR(cbor);
}

/** The device's key: its owner has typed the words of `role`'s seed into it. */
export function keyOf(cast: Cast, role: string, asked: EthSignRequest): SigningKey {
  const words = readFileSync(join(cast.home(role), "..", "words"), "utf8");
  const phrase = words.match(/[a-z]{3,8}/gu)?.join(" ") ?? "";
  return HDNodeWallet.fromPhrase(phrase, "", `m/${asked.getDerivationPath()}`).signingKey;
}

/** The device's answer in a file, as text. */
export function answerFile(
  cast: Cast,
  name: string,
  {
    asked,
    key,
    hash,
  }: { readonly asked: EthSignRequest; readonly key: SigningKey; readonly hash: BytesLike },
): string {
  const { r, s, yParity } = key.sign(hash);
  const signature = getBytes(concat([r, s, Uint8Array.of(yParity)]));
  const answer = new ETHSignature(Buffer.from(signature), asked.getRequestId(), "a device");
  const file = cast.carried(`${name}.txt`);
  writeFileSync(file, `${answer.toUREncoder(1000).nextPart()}\n`);
  return file;
}
