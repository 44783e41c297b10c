/** What a hostile endpoint can put into a header that hashes to itself, results and envelopes: each is refused, none is a fault of ours. */
import { describe, expect, test } from "vitest";
import { movementsOf } from "../../../../src/chains/stellar/applied.ts";
import { accountIdOf } from "../../../../src/chains/stellar/address.ts";
import { assertAllOf, codeInWords, readHeader, readOutcome } from "../../../../src/chains/stellar/ledger.ts";
import { HEADER_ENTRY } from "../../../../src/chains/stellar/xdr/ledger.ts";
import { encodeXdr, type ValueOf } from "../../../../src/chains/stellar/xdr/type.ts";
import { sha256, type Digest } from "../../../../src/core/digest.ts";
import { concatBytes, fromHex, toHex } from "../../../../src/core/hex.ts";
import { LOCAL, ONE, ownStellar } from "../../../factory/stellar-account.ts";

type Header = ValueOf<typeof HEADER_ENTRY>["header"];
const ZERO = new Uint8Array(32);
const HEADER: Header = {
  ledgerVersion: 23,
  previousLedgerHash: ZERO,
  scpValue: { txSetHash: ZERO, closeTime: 1_800_000_000n, upgrades: [], ext: { type: "basic" } },
  txSetResultHash: ZERO,
  bucketListHash: ZERO,
  ledgerSeq: 7,
  totalCoins: 1n,
  feePool: 0n,
  inflationSeq: 0,
  idPool: 0n,
  baseFee: 100n,
  baseReserve: 5_000_000n,
  maxTxSetSize: 1000,
  skipList: { first: ZERO, second: ZERO, third: ZERO, fourth: ZERO },
  ext: { type: "none" },
};
const malformed = expect.objectContaining({ code: "STELLAR_LEDGER_MALFORMED" });

/** With the hash that it has. */
function entry(changes: Partial<Header> = {}): Uint8Array {
  const header = { ...HEADER, ...changes };
  const bare = encodeXdr(HEADER_ENTRY, { hash: ZERO, header, ext: { type: "none" } });
  const hash = sha256(bare.slice(32, -4));
  return concatBytes(hash, bare.slice(32));
}

describe("a header", () => {
  test("says of its ledger what its hash covers", () => {
    const read = readHeader(entry());
    expect(read).toMatchObject({ height: 7, time: "2027-01-15T08:00:00Z", reserveUnits: 5_000_000n });
    expect(read.hash).toBe(toHex(entry().slice(0, 32)));
  });

  test("is refused with another hash, and with a time that no clock shows", () => {
    const other = entry();
    other[0] = (other[0] ?? 0) ^ 1;
    expect(() => readHeader(other)).toThrow(malformed);
    const late = { ...HEADER.scpValue, closeTime: 2n ** 63n };
    expect(() => readHeader(entry({ scpValue: late }))).toThrow(malformed);
  });

  test("F11: commits to all results in their order", () => {
    const results = [1, 2].map((byte) => ({
      id: byte.toString(16).padStart(64, "0") as Digest,
      result: Uint8Array.of(byte, 0, 0, 0),
    }));
    const set = concatBytes(
      Uint8Array.of(0, 0, 0, 2),
      ...results.flatMap(({ id, result }) => [fromHex(id), result]),
    );
    const header = readHeader(entry({ txSetResultHash: sha256(set) }));
    expect(() => assertAllOf(header, results)).not.toThrow();
    for (const wrong of [[], results.slice(1), results.toReversed(), [...results, ...results]])
      expect(() => assertAllOf(header, wrong)).toThrow(malformed);
    expect(() => assertAllOf(readHeader(entry()), [])).not.toThrow();
    expect(() => assertAllOf(readHeader(entry()), results)).toThrow(malformed);
  });
});

describe("a result", () => {
  const result = (fee: bigint, code: number) => {
    const bytes = new Uint8Array(16);
    const view = new DataView(bytes.buffer);
    view.setBigInt64(0, fee);
    view.setInt32(8, code);
    return bytes;
  };

  test("says whether there was an effect, and what was paid for it", () => {
    expect(readOutcome(result(100n, 0))).toEqual({ succeeded: true, feeUnits: 100n, code: 0 });
    expect(readOutcome(result(100n, 1)).succeeded).toBe(true);
    expect([-1, -13, -5, 99].map((code) => codeInWords(readOutcome(result(1n, code))))).toEqual([
      "txFAILED",
      "txFEE_BUMP_INNER_FAILED",
      "txBAD_SEQ",
      "code 99",
    ]);
    expect([-1, -13, -5, 99].some((code) => readOutcome(result(1n, code)).succeeded)).toBe(false);
  });

  test("is refused where it gives a fee instead of taking one", () => {
    expect(() => readOutcome(result(-1n, 0))).toThrow(malformed);
  });
});

describe("what was paid", () => {
  const own = ownStellar().address;
  const paying = (units: bigint) => ({
    id: "00" as Digest,
    name: "00" as Digest,
    source: own,
    feePayer: own,
    transaction: {
      source: { type: "ed25519", value: accountIdOf(own).value },
      fee: 100n,
      sequence: 1n,
      preconditions: { type: "none" },
      memo: { type: "none" },
      operations: [
        {
          source: undefined,
          body: { type: "createAccount", value: { destination: accountIdOf(own), startingBalance: units } },
        },
      ],
      ext: { type: "none" },
    } as const,
  });
  const outcome = { succeeded: true, feeUnits: 100n, code: 0 };
  const books = { chain: LOCAL, accounts: [own], tokens: [] };

  test("is told where it is something; of nothing there is nothing to tell, and less is refused", () => {
    expect(movementsOf(paying(ONE), outcome, books)).toMatchObject({ pays: [{}], takes: [{}, {}] });
    expect(movementsOf(paying(0n), outcome, books)).toMatchObject({ pays: [], takes: [{}] });
    expect(() => movementsOf(paying(-1n), outcome, books)).toThrow(malformed);
  });
});
