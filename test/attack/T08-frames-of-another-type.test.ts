/**
 * T8: a QR code of one type that is read as another. The CBOR tags 401 to 403 are requests of Ethereum devices to
 * Keystone's registry, and Bitcoin scripts to BCR-2020-010; the name of the UR type decides, and the tag must be its own.
 */
import { describe, expect, test } from "vitest";
import { CBOR_MALFORMED, encodeCbor, type Cbor } from "../../src/airgap/cbor.ts";
import { UrDecoder } from "../../src/airgap/ur-decoder.ts";
import { readUrPayload, urPayload, UR_TYPE_UNKNOWN } from "../../src/airgap/ur-types.ts";
import { utf8 } from "../../src/core/hex.ts";
import { codeOf } from "../factory/thrown.ts";
import { pair } from "./pair.ts";
import { vectorFile } from "../vectors/folder.ts";

const bytes = utf8("psbt\u00ff of no meaning here");
const read = (urType: string, value: Cbor) => readUrPayload({ urType, cbor: encodeCbor(value) });
const refusal = (urType: string, value: Cbor) => codeOf(() => read(urType, value));

pair("T8", "a PSBT stands under a tag that means an Ethereum request to others", {
  good: () => 310,
  bad: () => 401,
  judge: (tag) => refusal("crypto-psbt", { tag, value: bytes }),
  accepted: "none",
  refused: "UR_TYPE_UNKNOWN",
  removes: ["a tag is the type's own"],
  without: "none",
});

describe("a PSBT", () => {
  test.each(["crypto-psbt", "psbt"])(
    "is read as %s without a tag, and with that of either version",
    (urType) => {
      const expected = { urType, content: bytes };
      expect(read(urType, bytes)).toEqual(expected);
      expect(read(urType, { tag: 310, value: bytes })).toEqual(expected);
      expect(read(urType, { tag: 40310, value: bytes })).toEqual(expected);
    },
  );

  test.each([401, 402, 403, 308, 309, 311, 40308, 40311])("is not read out of tag %i", (tag) => {
    expect(refusal("crypto-psbt", { tag, value: bytes })).toBe(UR_TYPE_UNKNOWN.code);
  });

  test("is not read out of two tags, of text or of a list", () => {
    const twice = { tag: 310, value: { tag: 310, value: bytes } };
    for (const value of [twice, "psbt", [bytes], new Map([[1, bytes]]), 310, true])
      expect(refusal("crypto-psbt", value)).toBe(UR_TYPE_UNKNOWN.code);
  });
});

test("what is ours has no tag", () => {
  const cbor = urPayload("custody-request", bytes);
  expect(readUrPayload({ urType: "custody-request", cbor }).content).toEqual(bytes);
  expect(refusal("custody-request", { tag: 310, value: bytes })).toBe(UR_TYPE_UNKNOWN.code);
});

test.each(["bytes", "crypto-seed", "eth-sign-request", "crypto-psbtx", "constructor", "toString"])(
  "type %s is not read, whatever it holds",
  (urType) => {
    expect(refusal(urType, bytes)).toBe(UR_TYPE_UNKNOWN.code);
  },
);

test("bytes after the value are not read", () => {
  const cbor = Uint8Array.from([...encodeCbor(bytes), 0]);
  expect(codeOf(() => readUrPayload({ urType: "psbt", cbor }))).toBe(CBOR_MALFORMED.code);
});

type Vectors = { readonly [urType: string]: readonly { readonly ur: string; readonly psbtHex?: string }[] };
const vectors = vectorFile<Vectors>("ur.json");

test.skipIf(vectors === undefined)(
  "of the published URs, the PSBT is read and the others are refused",
  () => {
    for (const [urType, cases] of Object.entries(vectors ?? {})) {
      for (const { ur, psbtHex } of cases) {
        const message = new UrDecoder().receive(ur);
        expect(message).toMatchObject({ type: "done", urType });
        if (message.type !== "done") continue;
        if (psbtHex === undefined) expect(codeOf(() => readUrPayload(message))).toBe(UR_TYPE_UNKNOWN.code);
        else expect(Buffer.from(readUrPayload(message).content).toString("hex")).toBe(psbtHex);
      }
    }
  },
);
