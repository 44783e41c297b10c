import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { encodeCbor } from "../../../src/airgap/cbor.ts";
import { UrDecoder } from "../../../src/airgap/ur-decoder.ts";
import { readUrPayload, urPayload, urTypeOf, UR_TYPE_UNKNOWN } from "../../../src/airgap/ur-types.ts";
import { encodeUr } from "../../../src/airgap/ur.ts";
import { assert } from "../../../src/core/errors.ts";
import { concatBytes, fromHex, utf8 } from "../../../src/core/hex.ts";
import { LIMITS } from "../../../src/core/limits.ts";
import { codeOf } from "../../factory/thrown.ts";
import { wolfBytes } from "../../factory/ur-frames.ts";

/** BCR-2020-006, "Partially Signed Bitcoin Transaction", test vector. */
const PSBT = {
  hex: "70736274ff01009a020000000258e87a21b56daf0c23be8e7070456c336f7cbaa5c8757924f545887bb2abdd750000000000ffffffff838d0427d0ec650a68aa46bb0b098aea4422c071b2ca78352a077959d07cea1d0100000000ffffffff0270aaf00800000000160014d85c2b71d0060b09c9886aeb815e50991dda124d00e1f5050000000016001400aea9a2e5f0f876a588df5546e8742d1d87008f000000000000000000",
  ur: "ur:crypto-psbt/hdosjojkidjyzmadaenyaoaeaeaeaohdvsknclrejnpebncnrnmnjojofejzeojlkerdonspkpkkdkykfelokgprpyutkpaeaeaeaeaezmzmzmzmlslgaaditiwpihbkispkfgrkbdaslewdfycprtjsprsgksecdratkkhktikewdcaadaeaeaeaezmzmzmzmaojopkwtayaeaeaeaecmaebbtphhdnjstiambdassoloimwmlyhygdnlcatnbggtaevyykahaeaeaeaecmaebbaeplptoevwwtyakoonlourgofgvsjydpcaltaemyaeaeaeaeaeaeaeaeaebkgdcarh",
};

const document = utf8(JSON.stringify({ kind: "request", text: "ab".repeat(2000) }));

test("a PSBT is the published UR, both ways", () => {
  expect(encodeUr("crypto-psbt", urPayload("crypto-psbt", fromHex(PSBT.hex)), 400).single).toBe(PSBT.ur);
  const message = new UrDecoder().receive(PSBT.ur);
  assert(message.type === "done", "one frame is the whole message");
  expect(readUrPayload(message)).toEqual({ urType: "crypto-psbt", content: fromHex(PSBT.hex) });
});

test.each(["custody-request", "custody-receipt", "custody-void", "custody-journal"] as const)(
  "%s carries a document, deflated",
  (urType) => {
    const cbor = urPayload(urType, document);
    expect(cbor.length).toBeLessThan(document.length / 10);
    expect(readUrPayload({ urType, cbor })).toEqual({ urType, content: document });
  },
);

describe("what a deflated document may not be", () => {
  const read = (bytes: Uint8Array) =>
    codeOf(() => readUrPayload({ urType: "custody-request", cbor: encodeCbor(bytes) }));
  const deflated = (length: number) => new Uint8Array(deflateRawSync(new Uint8Array(length), { level: 9 }));

  test("larger than the limit", () => {
    expect(read(deflated(LIMITS.urContentBytesMax))).toBe("none");
    expect(read(deflated(LIMITS.urContentBytesMax + 1))).toBe(UR_TYPE_UNKNOWN.code);
  });

  test.each([
    ["cut off", deflated(1000).subarray(0, -1)],
    ["followed by more", concatBytes(deflated(1000), Uint8Array.of(0))],
    ["not deflated at all", wolfBytes(100)],
    ["nothing", new Uint8Array()],
  ])("%s", (_, bytes) => {
    expect(read(bytes)).toBe(UR_TYPE_UNKNOWN.code);
  });
});

test("a document crosses under its kind, and what has no type does not", () => {
  expect(urTypeOf("halt")).toBe("custody-halt");
  expect(["evidence", "plan", "psbt", "", "__proto__"].map(urTypeOf)).toEqual(Array(5).fill(undefined));
});
