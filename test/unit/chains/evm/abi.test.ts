/** Calldata in the layout of Solidity's encoder, compared with ethers; every other layout refused. */
import { Interface } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CALLDATA_MALFORMED,
  calls,
  decodeCall,
  encodeCall,
  selectorOf,
  signatureOf,
  type AbiFunction,
} from "../../../../src/chains/evm/abi.ts";
import { addressOf } from "../../../../src/chains/evm/address.ts";
import { wordBytes } from "../../../../src/chains/evm/quantity.ts";
import { concatBytes, fromHex, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { fixtureBytes } from "../../../factory/identities.ts";

const EVERY = {
  name: "every",
  inputs: [
    ["who", "address"],
    ["body", "bytes"],
    ["units", "uint256"],
    ["yes", "bool"],
    ["small", "uint8"],
    ["id", "bytes4"],
    ["owners", "address[]"],
    ["hash", "bytes32"],
  ],
} as const satisfies AbiFunction;
const oracle = new Interface([`function ${signatureOf(EVERY)}`]);

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const address = bytes(20).map(addressOf);
const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const given = fc.record({
  who: address,
  body: fc.uint8Array({ maxLength: 100 }),
  units: word,
  yes: fc.boolean(),
  small: fc.bigInt({ min: 0n, max: 255n }),
  id: bytes(4),
  owners: fc.array(address, { maxLength: 4 }),
  hash: bytes(32),
});

test("ethers writes the same, and what is written is read", () => {
  fc.assert(
    fc.property(given, (values) => {
      const data = encodeCall(EVERY, values);
      const { who, body, units, yes, small, id, owners, hash } = values;
      expect(`0x${toHex(data)}`).toBe(
        oracle.encodeFunctionData("every", [who, body, units, yes, small, id, owners, hash]),
      );
      expect(decodeCall(EVERY, data)).toEqual(values);
    }),
    { numRuns: 200 },
  );
});

test("whatever is read from changed calldata is written as it stood", () => {
  fc.assert(
    fc.property(given, fc.nat(), fc.integer({ min: 1, max: 255 }), (values, place, flip) => {
      const data = encodeCall(EVERY, values);
      const changed = Uint8Array.from(data);
      changed[place % data.length] = (changed[place % data.length] as number) ^ flip;
      let read: ReturnType<typeof decodeCall<typeof EVERY>>;
      try {
        read = decodeCall(EVERY, changed);
      } catch (error) {
        expect(error).toMatchObject({ code: CALLDATA_MALFORMED.code });
        return;
      }
      expect(toHex(encodeCall(EVERY, read))).toBe(toHex(changed));
      expect(read).not.toEqual(values);
    }),
    { numRuns: 500 },
  );
});

describe("one layout alone", () => {
  const NOTE = {
    name: "note",
    inputs: [
      ["text", "bytes"],
      ["yes", "bool"],
    ],
  } as const satisfies AbiFunction;
  const good = encodeCall(NOTE, { text: fromHex("aabbcc"), yes: true });
  const [selector, text] = [good.subarray(0, 4), wordBytes(0xaabbccn << 232n)];
  const made = (...words: readonly (bigint | Uint8Array)[]) =>
    concatBytes(selector, ...words.map((one) => (typeof one === "bigint" ? wordBytes(one) : one)));
  const refused = (data: Uint8Array) => expectRefusal(() => decodeCall(NOTE, data), CALLDATA_MALFORMED);

  test("as it is, it is read", () => {
    expect(made(64n, 1n, 3n, text)).toEqual(good);
    expect(decodeCall(NOTE, good)).toEqual({ text: fromHex("aabbcc"), yes: true });
  });

  test("bytes behind the end, or missing", () => {
    refused(concatBytes(good, Uint8Array.of(0)));
    refused(made(64n, 1n, 3n, text, 0n));
    for (let length = 0; length < good.length; length += 1) refused(good.subarray(0, length));
  });

  test("offsets elsewhere: further on, back into the head, behind the end, beyond any number", () => {
    refused(made(96n, 1n, 0n, 3n, text));
    refused(made(32n, 1n, 3n, text));
    refused(made(0n, 1n, 3n, text));
    refused(made(65n, 1n, 3n, text));
    refused(made(2n ** 256n - 1n, 1n, 3n, text));
    refused(made(2n ** 64n + 64n, 1n, 3n, text));
    refused(made(64n, 1n, 2n ** 255n, text));
    refused(made(64n, 1n, 33n, text));
  });

  test("padding that is not zero, and a bool of 2", () => {
    const dirty = Uint8Array.from(good);
    dirty[good.length - 1] = 1;
    refused(dirty);
    expect(refused(made(64n, 2n, 3n, text)).field).toBe("data.yes");
  });

  test("an address with more than its twenty bytes, four bytes with a fifth", () => {
    const PAY = { name: "pay", inputs: [["to", "address"]] } as const satisfies AbiFunction;
    const KIND = { name: "kind", inputs: [["id", "bytes4"]] } as const satisfies AbiFunction;
    const to = addressOf(fixtureBytes("payee").subarray(0, 20));
    const paid = encodeCall(PAY, { to });
    for (let place = 4; place < 16; place += 1) {
      const dirty = Uint8Array.from(paid);
      dirty[place] = 1;
      expect(expectRefusal(() => decodeCall(PAY, dirty), CALLDATA_MALFORMED).field).toBe("data.to");
    }
    const kind = encodeCall(KIND, { id: fromHex("01020304") });
    kind[8] = 5;
    expect(expectRefusal(() => decodeCall(KIND, kind), CALLDATA_MALFORMED).field).toBe("data.id");
  });

  test("another function", () => {
    refused(concatBytes(selectorOf("other(bytes,bool)"), good.subarray(4)));
    expect(calls(good, NOTE)).toBe(true);
    expect(calls(good.subarray(0, 3), NOTE)).toBe(false);
    expect(calls(new Uint8Array(), NOTE)).toBe(false);
  });
});
