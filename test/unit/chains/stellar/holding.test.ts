import { describe, expect, test } from "vitest";
import { stellarFee } from "../../../../src/chains/stellar/fee-choice.ts";
import { asksForMemo, spendable, spendableOf, whyNotTaken } from "../../../../src/chains/stellar/holding.ts";
import type { AccountEntry, TrustLineEntry } from "../../../../src/chains/stellar/xdr/ledger.ts";
import { accountIdOf } from "../../../../src/chains/stellar/address.ts";
import { xdrAssetOf } from "../../../../src/chains/stellar/assets.ts";
import { rateUnitOf } from "../../../../src/core/fee-rate.ts";
import { utf8 } from "../../../../src/core/hex.ts";
import { ISTSI, LOCAL, ONE, ownStellar } from "../../../factory/stellar-account.ts";

const RESERVE = 5_000_000n;
const id = accountIdOf(ownStellar().address);
const ACCOUNT: AccountEntry = {
  accountId: id,
  balance: 100n * ONE,
  sequence: 7n,
  subEntries: 0,
  inflationDestination: undefined,
  flags: 0,
  homeDomain: new Uint8Array(),
  thresholds: Uint8Array.of(1, 0, 0, 0),
  signers: [],
  ext: { type: "none" },
};
const issued = xdrAssetOf(ISTSI);
if (issued === undefined || issued.type === "native") throw new TypeError("iSTSi is issued");
const LINE: TrustLineEntry = {
  accountId: id,
  asset: issued,
  balance: 30n,
  limit: 100n,
  flags: 1,
  ext: { type: "none" },
};
const promised = (buying: bigint, selling: bigint) =>
  ({ type: "v1", value: { liabilities: { buying, selling }, ext: { type: "none" } } }) as const;

describe("an account", () => {
  test("gives what is above its reserve: two entries, and one for each that it has", () => {
    expect(spendable(ACCOUNT, RESERVE)).toBe(99n * ONE);
    expect(spendable({ ...ACCOUNT, subEntries: 3 }, RESERVE)).toBe(100n * ONE - 5n * RESERVE);
    expect(spendable({ ...ACCOUNT, balance: 1n }, RESERVE)).toBe(0n);
  });

  test("does not give what its offers have promised, nor what holds entries that it pays for (CAP-33)", () => {
    expect(spendable({ ...ACCOUNT, ext: promised(0n, 7n) }, RESERVE)).toBe(99n * ONE - 7n);
    const v2 = { sponsored: 1, sponsoring: 4, signerSponsors: [], ext: { type: "none" } } as const;
    const value = { liabilities: { buying: 0n, selling: 0n }, ext: { type: "v2", value: v2 } } as const;
    expect(spendable({ ...ACCOUNT, ext: { type: "v1", value } }, RESERVE)).toBe(100n * ONE - 5n * RESERVE);
  });

  test("asks for a memo where its entry says 1, and not where it says something else (SEP-29)", () => {
    expect([utf8("1"), utf8("0"), utf8(""), undefined].map(asksForMemo)).toEqual([true, false, false, false]);
  });
});

describe("a trust line", () => {
  test("gives what it has and has not promised, and nothing without its issuer's leave", () => {
    expect(spendableOf(LINE)).toBe(30n);
    expect(spendableOf({ ...LINE, ext: promised(0n, 10n) })).toBe(20n);
    // AUTHORIZED_TO_MAINTAIN_LIABILITIES alone lets nothing go.
    expect(spendableOf({ ...LINE, flags: 2 })).toBe(0n);
  });

  test("takes what there is room for", () => {
    expect(whyNotTaken(LINE, 70n)).toBeUndefined();
    expect(whyNotTaken(LINE, 71n)).toBe("its trust line takes 70 units more");
    expect(whyNotTaken({ ...LINE, ext: promised(60n, 0n) }, 11n)).toBe("its trust line takes 10 units more");
    expect(whyNotTaken({ ...LINE, flags: 0 }, 1n)).toBe("the asset's issuer has not authorised it");
    expect(whyNotTaken(undefined, 1n)).toBe("it has no trust line for the asset");
  });
});

describe("F15: the bid for an operation", () => {
  const caps = {
    absoluteUnitsMax: "1000000",
    rateMax: 10_000,
    sharePermilleMax: 100,
    ladderRatioMax: 10,
    rateUnit: rateUnitOf(LOCAL),
  };

  test("is ten times the least, or what late ones bid where that is more", () => {
    expect(stellarFee({ least: 100n, usual: undefined }, caps).feeRateMilli).toBe("1000000");
    expect(stellarFee({ least: 100n, usual: 5000n }, caps)).toEqual({
      feeRateMilli: "5000000",
      feeSource: "late ledgers",
    });
  });

  test("is never above the policy's cap, whatever is said, and refused where the least is", () => {
    expect(stellarFee({ least: 100n, usual: 10n ** 12n }, caps)).toEqual({
      feeRateMilli: "10000000",
      feeSource: "policy cap",
    });
    expect(() => stellarFee({ least: 10_001n, usual: undefined }, caps)).toThrow(
      expect.objectContaining({ code: "STELLAR_FEE_ABOVE_CAP" }),
    );
  });
});
