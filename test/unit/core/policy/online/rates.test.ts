import { describe, expect, test } from "vitest";
import { bitcoinAsset } from "../../../../../src/core/asset.ts";
import { parseCurrency } from "../../../../../src/core/currency.ts";
import { documentBytes, parseDocument } from "../../../../../src/core/document.ts";
import { RATES, type Rates } from "../../../../../src/core/documents/rates.ts";
import { ratesDenial, valuationBy } from "../../../../../src/core/policy/online/rates.ts";
import { BTC, onlineRules, policyBody } from "../../../../factory/documents.ts";
import { ALICE, ANNA, at, MALLORY, OSCAR } from "../../../../factory/identities.ts";
import { ratesOf } from "../../../../factory/rates.ts";
import { codeOf } from "../../../../factory/thrown.ts";

const POLICY = policyBody({ online: onlineRules({ ratesSecondsMax: 3600 }) });

describe("rates in force", () => {
  test.each([
    ["at their issue", "08:30:00", true],
    ["a second before it", "08:29:59", false],
    ["at the age that the policy allows", "09:30:00", true],
    ["a second older", "09:30:01", false],
  ])("%s", (_, now, good) => {
    expect(ratesDenial(POLICY, ratesOf(), at(now)) === undefined).toBe(good);
  });

  test("end when they say so, however young", () => {
    const short = ratesOf({ expires: at("08:40:00") });
    expect(ratesDenial(POLICY, short, at("08:40:00"))).toBeUndefined();
    expect(ratesDenial(POLICY, short, at("08:40:01"))).toContain("08:40:00");
  });

  test("are signed by an admin or by compliance, and by nobody else", () => {
    const cleo = { ...POLICY.identities[3], roles: ["compliance"] } as never;
    const house = { ...POLICY, identities: [...POLICY.identities.slice(0, 3), cleo] };
    expect(ratesDenial(POLICY, ratesOf({}, [ALICE]), at("09:00:00"))).toBeUndefined();
    expect(ratesDenial(house, ratesOf({}, [ANNA]), at("09:00:00"))).toBeUndefined();
    for (const who of [[], [ANNA], [OSCAR], [MALLORY]])
      expect(ratesDenial(POLICY, ratesOf({}, who), at("09:00:00"))).toContain("signed");
  });

  test("are in the policy's currency", () => {
    expect(ratesDenial(POLICY, ratesOf({ currency: parseCurrency("USD") }), at("09:00:00"))).toContain("USD");
    expect(ratesDenial(POLICY, undefined, at("09:00:00"))).toContain("no rates");
  });
});

describe("valuing", () => {
  const rate = (minorUnits: string, units: string) =>
    valuationBy(ratesOf({ rates: [{ asset: BTC, minorUnits, units }] }));

  test("is exact, and rounds up at the end alone", () => {
    // 1/3 of a minor unit each: in binary fractions three of them would not be one.
    expect([1n, 3n, 4n, 6n].map((units) => rate("1", "3").valueOf(BTC, units))).toEqual([1n, 1n, 2n, 2n]);
    expect(rate("5812345", "100000000").valueOf(BTC, 2_100_000_000_000_000n)).toBe(122_059_245_000_000n);
    expect(rate("1", "3").valueOf(BTC, 0n)).toBe(0n);
  });

  test("knows no asset that the document does not have", () => {
    expect(rate("1", "1").valueOf(bitcoinAsset("mainnet"), 1n)).toBeUndefined();
  });
});

describe("a document of rates", () => {
  const read = (changes: Partial<Rates>) => () => {
    const document = ratesOf(changes);
    return parseDocument(RATES, documentBytes(document));
  };
  const price = { asset: BTC, minorUnits: "1", units: "1" };

  test("has each asset once, above zero on both sides", () => {
    expect(codeOf(read({}))).toBe("none");
    expect(codeOf(read({ rates: [price, price] }))).toBe("DOCUMENT_MALFORMED");
    expect(codeOf(read({ rates: [{ ...price, minorUnits: "0" }] }))).toBe("DOCUMENT_MALFORMED");
    expect(codeOf(read({ rates: [{ ...price, units: "0" }] }))).toBe("DOCUMENT_MALFORMED");
    expect(codeOf(read({ rates: [] }))).toBe("DOCUMENT_MALFORMED");
  });
});
