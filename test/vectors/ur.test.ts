/** Published URs of devices: what is a PSBT is read, and written again letter by letter; every other type is refused (T8). */
import { expect, test } from "vitest";
import { UR_TYPE_UNKNOWN, readUrPayload, urPayload } from "../../src/airgap/ur-types.ts";
import { encodeUr, FRAGMENT_BYTES_MAX } from "../../src/airgap/ur.ts";
import { UrDecoder } from "../../src/airgap/ur-decoder.ts";
import { assert } from "../../src/core/errors.ts";
import { fromHex, toHex } from "../../src/core/hex.ts";
import { codeOf } from "../factory/thrown.ts";
import { checkCases, vectorFile } from "./folder.ts";

type Case = { readonly ur: string; readonly psbtHex?: string };

const FILE = "ur.json";
const vectors = vectorFile<Readonly<Record<string, readonly Case[]>>>(FILE);

test.skipIf(vectors === undefined)("URs of other makers", () => {
  const cases = Object.entries(vectors ?? {}).flatMap(([urType, all]) =>
    all.map((one) => ({ urType, ...one })),
  );
  checkCases(FILE, cases, ({ urType, ur, psbtHex }) => {
    const message = new UrDecoder().receive(ur);
    assert(message.type === "done", "one frame is the whole message");
    expect(message.urType).toBe(urType);
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
