/** Published URs of devices: what is a PSBT is read, and written again letter by letter; every other type is refused (T8). */
import { expect, test } from "vitest";
import {
  ethSignRequestCbor,
  readEthSignRequest,
  type EthSignRequest,
} from "../../src/airgap/registry/eth-sign-request.ts";
import { UR_TYPE_UNKNOWN, readUrPayload, urPayload } from "../../src/airgap/ur-types.ts";
import { encodeUr, FRAGMENT_BYTES_MAX } from "../../src/airgap/ur.ts";
import { UrDecoder } from "../../src/airgap/ur-decoder.ts";
import { parseSteps } from "../../src/chains/key-path.ts";
import { assert } from "../../src/core/errors.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { codeOf } from "../factory/thrown.ts";
import { checkCases, vectorFile } from "./folder.ts";

type Asked = {
  readonly rlpHex: string;
  readonly path: string;
  readonly sourceFingerprint: string;
  readonly requestId: string;
  readonly chainId: number;
  readonly origin: string;
};
type Case = { readonly ur: string; readonly psbtHex?: string } & Partial<Asked>;

const FILE = "ur.json";
const vectors = vectorFile<Readonly<Record<string, readonly Case[]>>>(FILE);

test.skipIf(vectors === undefined)("URs of other makers", () => {
  const cases = Object.entries(vectors ?? {}).flatMap(([urType, all]) =>
    all.map((one) => ({ urType, ...one })),
  );
  checkCases(FILE, cases, ({ urType, ur, psbtHex, ...asked }) => {
    const message = new UrDecoder().receive(ur);
    assert(message.type === "done", "one frame is the whole message");
    expect(message.urType).toBe(urType);
    if (urType === "eth-sign-request") askedAlike(message.cbor, asked as Asked);
    if (psbtHex === undefined) {
      expect(codeOf(() => readUrPayload(message))).toBe(UR_TYPE_UNKNOWN.code);
      return "passed";
    }
    expect(toHex(readUrPayload(message).content)).toBe(psbtHex);
    const cbor = urPayload("crypto-psbt", fromHex(psbtHex));
    expect(encodeUr(urType, cbor, FRAGMENT_BYTES_MAX).single).toBe(ur.toLowerCase());
    return "passed";
  });
});

// We write such requests, and take none: ours to read is what a device answers.
function askedAlike(cbor: Uint8Array, { rlpHex, path, sourceFingerprint, ...asked }: Asked): void {
  const request: EthSignRequest = {
    requestId: fromHex(asked.requestId.replaceAll("-", "")),
    signData: fromHex(rlpHex),
    dataType: "legacy",
    chainId: asked.chainId,
    path: { path: parseSteps(path.replace(/^m\//, "")) ?? [], fingerprint: sourceFingerprint },
    origin: asked.origin,
  };
  expect(readEthSignRequest(cbor)).toEqual(request);
  expect(toHex(ethSignRequestCbor(request))).toBe(toHex(cbor));
}
