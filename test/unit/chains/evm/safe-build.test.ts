import { describe, expect, test } from "vitest";
import { evmBuilder } from "../../../../src/chains/evm/index.ts";
import { feeCapsOf } from "../../../../src/core/policy/fee-caps.ts";
import { viewOf } from "../../../factory/custody.ts";
import { evmPayout, stranger } from "../../../factory/evm-account.ts";
import { ownSafe, safeBuilt, safeCustody, safeSnapshot } from "../../../factory/evm-safe.ts";
import { tokenPayout, USDC } from "../../../factory/evm-token.ts";
import { caught, codeOf } from "../../../factory/thrown.ts";
import { safeNonceKey } from "../../../../src/chains/evm/safe-nonce-key.ts";
import { ANVIL, ETHER } from "../../../factory/evm-account.ts";

const custody = safeCustody();
const safe = ownSafe();
const key = (nonce: bigint) => safeNonceKey({ chain: ANVIL, safe: safe.address, nonce });

describe("payments of a Safe", () => {
  test("the first that the Safe cannot pay is named, in the asset that it lacks", () => {
    const payouts = [evmPayout(custody, { label: "one" }), tokenPayout(custody, { label: "two" })];
    const short = (snapshot: Parameters<typeof safeSnapshot>[0]) =>
      caught(() => safeBuilt(custody, payouts, { snapshot: snapshot ?? {} }));
    expect(codeOf(() => safeBuilt(custody, payouts, {}))).toBe("none");
    expect(short({ balance: "1" })).toMatchObject({ code: "EVM_BALANCE_SHORT", details: { payment: 0 } });
    expect(short({ tokens: [{ asset: USDC, balance: "1" }] })).toMatchObject({
      code: "EVM_BALANCE_SHORT",
      details: { payment: 1 },
    });
    expect(short({ tokens: [] })).toMatchObject({ code: "EVM_BALANCE_SHORT", details: { payment: 1 } });
  });

  test("a destination that would not take it is left out by its place", () => {
    const refused = [{ account: stranger(), why: "it reverts" }];
    expect(caught(() => safeBuilt(custody, [evmPayout(custody)], { snapshot: { refused } }))).toMatchObject({
      code: "EVM_DESTINATION_REFUSES",
      details: { payment: 0 },
    });
  });

  test("what takes another plan's place has its nonce", () => {
    const own = safeBuilt(custody, [evmPayout(custody)], { options: { anchors: [key(9n)] } });
    expect(own.conflictKeys).toEqual([key(9n)]);
    expect(
      caught(() => safeBuilt(custody, [evmPayout(custody)], { options: { anchors: [key(9n), key(10n)] } })),
    ).toMatchObject({ code: "EVM_NONCE_TAKEN" });
  });

  test("a nonce that it has executed by now is nobody's", () => {
    const code = (nonce: bigint) =>
      codeOf(() => safeBuilt(custody, [evmPayout(custody)], { options: { anchors: [key(nonce)] } }));
    expect([code(6n), code(7n)]).toEqual(["EVM_NONCE_TAKEN", "none"]);
  });
});

describe("a Safe that obeys a module", () => {
  const code = stranger("code").split(":")[2] as string;
  const snapshot = { lists: { owners: [...safe.owners], modules: [code] } };

  test("pays nobody, for the module takes what it likes", () => {
    const refused = caught(() => safeBuilt(custody, [evmPayout(custody)], { snapshot }));
    expect(refused).toMatchObject({ code: "SAFE_HAS_MODULE", field: "wallet" });
    const none = { lists: { ...snapshot.lists, modules: [] } };
    expect(codeOf(() => safeBuilt(custody, [evmPayout(custody)], { snapshot: none }))).toBe("none");
  });

  test("is told to disable it", () => {
    const task = { type: "control", change: `disable module ${code}` } as const;
    const build = (changes: Parameters<typeof safeSnapshot>[0]) =>
      evmBuilder.build(task, viewOf(custody), safeSnapshot(changes), {
        feeRatesMilli: [20_000n],
        caps: feeCapsOf(custody.policy.body.chains[0] as never),
        anchors: [],
      });
    expect(build(snapshot)).toMatchObject({ rungs: [{ feeUnits: "0" }], conflictKeys: [key(7n)] });
    expect(build(snapshot).cancel).toBeUndefined();
    expect(codeOf(() => build({}))).toBe("EVM_FACT_MISSING");
  });
});

describe("what is free of a Safe", () => {
  const free = (taken: Partial<Parameters<typeof evmBuilder.free>[2]>) =>
    evmBuilder.free(safeSnapshot(), viewOf(custody), {
      leased: new Set(),
      held: () => [],
      changeIndex: 0,
      ...taken,
    });

  test("the lowest nonce that no plan has: what a dropped plan leaves is the next one's", () => {
    expect(free({}).nonce).toBe("7");
    expect(free({ leased: new Set([key(7n), key(8n)]) }).nonce).toBe("9");
    expect(free({ leased: new Set([key(8n)]) }).nonce).toBe("7");
  });

  test("without what plans may still take, of each asset; one whose nonce is used takes nothing more", () => {
    const amounts = [
      { asset: ETHER, units: 10n ** 18n },
      { asset: USDC, units: 400n },
    ];
    const held = (nonce: bigint) => () => [{ conflictKeys: [key(nonce)], amounts }];
    expect(free({ held: held(7n) })).toMatchObject({
      balance: (49n * 10n ** 18n).toString(),
      tokens: [{ asset: USDC, balance: "999999600" }],
    });
    expect(free({ held: held(6n) })).toMatchObject({ balance: (50n * 10n ** 18n).toString() });
  });
});
