import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "../../src/chains/bitcoin/decode.ts";
import { deriveKey, parseDescriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { descriptorChecksum } from "../../src/chains/descriptor-checksum.ts";
import { psbtBytes, type PsbtField } from "../../src/chains/bitcoin/psbt-codec.ts";
import { asPsbtV0, asPsbtV2 } from "../../src/chains/bitcoin/psbt-v2-convert.ts";
import { parsePsbtV2, serialisePsbtV2 } from "../../src/chains/bitcoin/psbt-v2.ts";
import { parsePsbt, serialisePsbt } from "../../src/chains/bitcoin/psbt.ts";
import { inspectBitcoin } from "../../src/chains/bitcoin/inspect.ts";
import {
  parseTransaction,
  strippedBytes,
  transactionBytes,
  transactionId,
  type Transaction,
} from "../../src/chains/bitcoin/transaction.ts";
import { parseDigest } from "../../src/core/digest.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { toHex } from "../../src/core/hex.ts";
import { goodPsbt, testWallet, viewOf } from "../bitcoin/regtest-wallet.ts";

const wallet = testWallet();
const view = viewOf(wallet);
const good = goodPsbt(wallet);

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((each) => parseDigest(toHex(each)));

const transaction: fc.Arbitrary<Transaction> = fc.record({
  version: uint32,
  inputs: fc.array(
    fc.record({
      txid: digest,
      vout: uint32,
      scriptSig: bytes(80),
      sequence: uint32,
      witness: fc.array(bytes(300), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  outputs: fc.array(fc.record({ units: fc.bigInt(0n, 2_100_000_000_000n), script: bytes(300) }), {
    minLength: 1,
    maxLength: 5,
  }),
  lockTime: uint32,
});

/** One change to a file: a byte, a cut, an insertion. */
const mutation = fc.oneof(
  fc
    .record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) })
    .map(({ at, byte }) => (file: Uint8Array) => {
      const changed = Uint8Array.from(file);
      changed[at % file.length] = byte;
      return changed;
    }),
  fc
    .record({ at: fc.nat(), count: fc.integer({ min: 1, max: 40 }) })
    .map(({ at, count }) => (file: Uint8Array) => {
      const start = at % file.length;
      return Uint8Array.from([...file.subarray(0, start), ...file.subarray(start + count)]);
    }),
  fc
    .record({ at: fc.nat(), extra: fc.uint8Array({ minLength: 1, maxLength: 9 }) })
    .map(({ at, extra }) => (file: Uint8Array) => {
      const start = at % (file.length + 1);
      return Uint8Array.from([...file.subarray(0, start), ...extra, ...file.subarray(start)]);
    }),
);

/** The result of `action`, or undefined when it refused with a typed error; anything else is thrown on. */
function attempted<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

describe("round trips", () => {
  test("transactions", () => {
    fc.assert(
      fc.property(transaction, (each) => {
        const parsed = parseTransaction(transactionBytes(each));
        expect(parsed).toEqual(each);
        expect(transactionId(parseTransaction(strippedBytes(each)))).toBe(transactionId(each));
      }),
    );
  });

  test("PSBTs keep every field that nobody knows, in order", () => {
    const unknown = fc.uniqueArray(
      fc.record({
        type: fc.integer({ min: 0x80, max: 0xf9 }),
        keyData: bytes(20),
        value: bytes(300),
      }) as fc.Arbitrary<PsbtField>,
      { maxLength: 6, selector: ({ type, keyData }) => `${type}/${toHex(keyData)}` },
    );
    fc.assert(
      fc.property(unknown, unknown, unknown, (global, input, output) => {
        const psbt = parsePsbt(good);
        const [firstIn, ...inputs] = psbt.inputs.map(({ fields }) => fields);
        const [firstOut, ...outputs] = psbt.outputs.map(({ fields }) => fields);
        const file = psbtBytes([
          [...global, ...psbt.fields],
          [...(firstIn ?? []), ...input],
          ...inputs,
          [...output, ...(firstOut ?? [])],
          ...outputs,
        ]);
        const parsed = parsePsbt(file);
        expect(toHex(serialisePsbt(parsed))).toBe(toHex(file));
        expect(parsed.unknown).toHaveLength(global.length + input.length + output.length);
      }),
    );
  });

  test("descriptors: one changed character is noticed", () => {
    const { text } = wallet.descriptor;
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom(..."0123456789abcdefghxyz()[]/<>*#'"),
        (at, character) => {
          const changed = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
          const parsed = attempted(() => parseDescriptor(changed, "regtest"));
          expect(parsed === undefined || changed === text).toBe(true);
        },
      ),
    );
    expect(descriptorChecksum(text.split("#")[0] as string)).toBe(text.split("#")[1]);
  });

  test("derived keys match bip32's own derivation", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0 as const, 1 as const),
        fc.integer({ min: 0, max: 10_000_000 }),
        (branch, index) => {
          const { publicKey } = wallet.account.derive(branch).derive(index);
          const [derived] = deriveKey(wallet.descriptor, branch, index).keys;
          expect(toHex(derived?.publicKey as Uint8Array)).toBe(toHex(publicKey));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe("mutated bytes", () => {
  test("a mutated PSBT is refused with a typed error, or its effects are another transaction's", () => {
    const original = decode(good, view);
    let refused = 0;
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
        const file = mutations.reduce((each, mutate) => mutate(each), good);
        const decoded = attempted(() => decode(file, view));
        if (decoded === undefined) refused += 1;
        // What passes with the same id does the same; with another id it is shown as what it does.
        else if (decoded.transaction === original.transaction) expect(decoded).toEqual(original);
        else expect(decoded.inputs).toEqual(original.inputs);
        attempted(() => inspectBitcoin(file, "regtest"));
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(250);
  });

  test("a mutated PSBT of version 2 is refused with a typed error, or read the same in both versions", () => {
    const version2 = asPsbtV2(good);
    const seen = { refused: 0, read: 0 };
    fc.assert(
      fc.property(mutation, (mutate) => {
        const file = mutate(version2);
        const psbt = attempted(() => parsePsbtV2(file));
        seen[psbt === undefined ? "refused" : "read"] += 1;
        attempted(() => inspectBitcoin(file, "regtest"));
        if (psbt === undefined) return;
        expect(toHex(serialisePsbtV2(psbt))).toBe(toHex(file));
        expect(parsePsbt(asPsbtV0(file)).unsigned).toEqual(psbt.plain.unsigned);
        expect(asPsbtV0(asPsbtV2(asPsbtV0(file)))).toEqual(asPsbtV0(file));
      }),
      { numRuns: 200, seed: 370 },
    );
    expect(seen.refused).toBeGreaterThan(50);
    expect(seen.read).toBeGreaterThan(10);
  });

  test("random bytes never crash a reader", () => {
    fc.assert(
      fc.property(bytes(200), (file) => {
        attempted(() => parseTransaction(file));
        attempted(() => parsePsbt(file));
        attempted(() => parsePsbt(Uint8Array.from([...good.subarray(0, 5), ...file])));
        attempted(() => inspectBitcoin(file, "mainnet"));
      }),
      { numRuns: 500 },
    );
  });
});
