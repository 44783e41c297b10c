import { describe, expect, test } from "vitest";
import { asPsbtV0, asPsbtV2 } from "../../src/chains/bitcoin/psbt-v2-convert.ts";
import { PSBT_LOCK_TIME } from "../../src/chains/bitcoin/psbt-v2-lock-time.ts";
import { parsePsbtV2, serialisePsbtV2 } from "../../src/chains/bitcoin/psbt-v2.ts";
import { parsePsbt, psbtVersion, serialisePsbt } from "../../src/chains/bitcoin/psbt.ts";
import { CustodyError } from "../../src/core/errors.ts";
import { fromBase64, fromHex, toBase64, toHex } from "../../src/core/hex.ts";
import {
  combinePsbts,
  createPsbt,
  extractTransaction,
  finalizePsbt,
  signPsbt,
} from "../bitcoin/psbt-roles.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { checkCases, vectorFile } from "./folder.ts";

type PsbtVectors = {
  readonly invalid: readonly string[];
  readonly valid: readonly string[];
  readonly locktimes: readonly (readonly [psbt: string, lockTime: number])[];
  readonly conflicting_locktimes: readonly string[];
  readonly creator: readonly {
    readonly inputs: readonly { readonly txid: string; readonly vout: number }[];
    /** Bitcoin, as the node's interface has it. */
    readonly outputs: readonly Readonly<Record<string, number>>[];
    readonly result: string;
  }[];
  readonly signer: readonly {
    readonly privkeys: readonly string[];
    readonly psbt: string;
    readonly result: string;
  }[];
  readonly combiner: readonly { readonly combine: readonly string[]; readonly result: string }[];
  readonly finalizer: readonly { readonly finalize: string; readonly result: string }[];
  readonly extractor: readonly { readonly extract: string; readonly result: string }[];
};

/** Not `fromBase64`: some of the invalid cases are no base64 that we would read. */
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

/** What our reader says to a case: the code of its refusal, or that it wrote the same bytes again. */
function outcome(base64: string): string {
  try {
    const bytes = bytesOf(base64);
    const version = psbtVersion(bytes);
    const written = version === 0 ? serialisePsbt(parsePsbt(bytes)) : serialisePsbtV2(parsePsbtV2(bytes));
    return toBase64(written) === base64 ? `same bytes, version ${version}` : "other bytes";
  } catch (error) {
    if (error instanceof CustodyError) return error.code;
    throw error;
  }
}

const FILE = "bips/psbt.json";
const vectors = vectorFile<PsbtVectors>(FILE);
const without = vectors === undefined;

describe("bips/psbt.json: the format (BIP-174, 370, 371, 373)", () => {
  test.skipIf(without)("invalid: every case is refused with a typed error", () => {
    const check = (base64: string) => {
      expect(outcome(base64)).toMatch(/^(PSBT|TRANSACTION)_MALFORMED$/);
      return "passed" as const;
    };
    checkCases(FILE, vectors?.invalid ?? [], check, "invalid");
  });

  test.skipIf(without)("valid: every case is written back byte for byte", () => {
    const check = (base64: string) => {
      expect(outcome(base64)).toMatch(/^same bytes, version [02]$/);
      // In the other version and back it keeps its transaction and its fields.
      const plain = asPsbtV0(bytesOf(base64));
      const again = parsePsbtV2(asPsbtV2(plain)).plain;
      expect(toHex(serialisePsbt(again))).toBe(toHex(plain));
      return "passed" as const;
    };
    checkCases(FILE, vectors?.valid ?? [], check, "valid");
  });

  test.skipIf(without)("locktimes: the lock time is the one that BIP-370 determines", () => {
    const check = ([psbt, lockTime]: PsbtVectors["locktimes"][number]) => {
      expect(parsePsbtV2(bytesOf(psbt)).plain.unsigned.lockTime).toBe(lockTime);
      return "passed" as const;
    };
    checkCases(FILE, vectors?.locktimes ?? [], check, "locktimes");
    const conflict = (psbt: string) => {
      expectRefusal(() => parsePsbtV2(bytesOf(psbt)), PSBT_LOCK_TIME);
      return "passed" as const;
    };
    checkCases(FILE, vectors?.conflicting_locktimes ?? [], conflict, "conflicting_locktimes");
  });
});

describe("bips/psbt.json: the roles (BIP-174), byte for byte", () => {
  test.skipIf(without)("creator", () => {
    const check = ({ inputs, outputs, result }: PsbtVectors["creator"][number]) => {
      const paid = outputs.flatMap((output) =>
        Object.entries(output).map(([address, bitcoin]) => ({
          address,
          units: BigInt(Math.round(bitcoin * 1e8)),
        })),
      );
      expect(toBase64(createPsbt(inputs, paid))).toBe(result);
      return "passed" as const;
    };
    checkCases(FILE, vectors?.creator ?? [], check, "creator");
  });

  test.skipIf(without)("signer", () => {
    const check = ({ privkeys, psbt, result }: PsbtVectors["signer"][number]) => {
      expect(toBase64(signPsbt(fromBase64(psbt), privkeys))).toBe(result);
      return "passed" as const;
    };
    checkCases(FILE, vectors?.signer ?? [], check, "signer");
  });

  test.skipIf(without)("combiner, in either order", () => {
    const check = ({ combine, result }: PsbtVectors["combiner"][number]) => {
      const all = combine.map((base64) => fromBase64(base64));
      expect(toBase64(combinePsbts(all))).toBe(result);
      expect(toBase64(combinePsbts([...all].reverse()))).toBe(result);
      return "passed" as const;
    };
    checkCases(FILE, vectors?.combiner ?? [], check, "combiner");
  });

  test.skipIf(without)("finalizer", () => {
    const check = ({ finalize, result }: PsbtVectors["finalizer"][number]) => {
      expect(toBase64(finalizePsbt(fromBase64(finalize)))).toBe(result);
      return "passed" as const;
    };
    checkCases(FILE, vectors?.finalizer ?? [], check, "finalizer");
  });

  test.skipIf(without)("extractor", () => {
    const check = ({ extract, result }: PsbtVectors["extractor"][number]) => {
      expect(extractTransaction(fromBase64(extract))).toEqual(fromHex(result));
      return "passed" as const;
    };
    checkCases(FILE, vectors?.extractor ?? [], check, "extractor");
  });
});
