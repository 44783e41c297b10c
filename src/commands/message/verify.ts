import { parseAddress, type Address } from "../../chains/evm/address.ts";
import { attestedBy } from "../../chains/evm/attestation.ts";
import { signerOfMessage } from "../../chains/evm/personal-message.ts";
import { parseChain } from "../../core/chain.ts";
import { declareError } from "../../core/errors.ts";
import { fromHex, utf8 } from "../../core/hex.ts";
import { LIMITS } from "../../core/limits.ts";
import { visibleText } from "../../core/text.ts";
import { FLAG_MALFORMED, optionalFlag, requiredFlag, type Call, type Run } from "../../terminal/command.ts";
import { readInput } from "../../terminal/files.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";

export const MESSAGE_SIGNED_OTHERWISE = declareError(
  "MESSAGE_SIGNED_OTHERWISE",
  "verification",
  "A message is not signed by the account that is said to have signed it.",
);

/** Recovers who signed, and compares. The text is shown as it was hashed, with what cannot be seen written out. */
export const run: Run = async (call) => {
  const { flags } = call;
  const address = parseAddress(requiredFlag(flags, "address"), "--address");
  const message = await messageIn(call);
  const signature = fromHex(requiredFlag(flags, "signature").replace(/^0x/, ""), "--signature");
  const said = new TextDecoder().decode(message);
  const signer = signerOf(call, { account: address, message: said, bytes: message }, signature);
  const matches = signer === address;
  const text = visibleText(said);
  return {
    data: {
      address,
      ...(signer === undefined ? {} : { signer }),
      matches,
      message: text,
      bytes: message.length,
    },
    text: drawFacts([
      ["message", text],
      ["bytes", String(message.length)],
      ["said to be by", grouped(address)],
      ["signed by", signer === undefined ? "nobody's key" : grouped(signer)],
      ["verdict", matches ? "that account has signed this very text" : "NOT signed by that account"],
    ]),
    failure: matches
      ? undefined
      : MESSAGE_SIGNED_OTHERWISE(`the message is not signed by ${address}`, {
          field: "--signature",
          hint: "compare the text byte by byte: an end of line is part of it",
        }),
  };
};

// With a chain it is what a wallet of a custody has said, by an intent: typed data of one fixed type (EIP-712).
function signerOf(
  { flags }: Call,
  { bytes, ...said }: { readonly account: Address; readonly message: string; readonly bytes: Uint8Array },
  signature: Uint8Array,
): Address | undefined {
  const chain = optionalFlag(flags, "chain");
  if (chain === undefined) return signerOfMessage(bytes, signature);
  return attestedBy({ ...said, chain: parseChain(chain, "--chain") }, signature);
}

async function messageIn({ flags, io }: Call): Promise<Uint8Array> {
  const text = optionalFlag(flags, "message");
  const path = optionalFlag(flags, "in");
  if (text !== undefined && path === undefined) return utf8(text);
  if (path !== undefined && text === undefined)
    return readInput(io, path, LIMITS.signedMessageBytesMax, "--in");
  throw FLAG_MALFORMED("the message is given by one of --message and --in", {
    field: "--message",
    hint: '--message "…", or --in FILE',
  });
}
