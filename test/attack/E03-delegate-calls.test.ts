/**
 * E3: a delegate call runs somebody's code as the Safe itself. By one, behind a harmless screen, Bybit's Safe was
 * given away.
 */
import { describe, expect, test } from "vitest";
import { SAFE_DEPLOYMENTS } from "../../src/chains/evm/deployments.ts";
import { decodeMultiSend } from "../../src/chains/evm/multi-send.ts";
import { makeSafeTx } from "../../src/chains/evm/safe.ts";
import { readSafePayments } from "../../src/chains/evm/safe-payments.ts";
import { pinnedSafe, stranger } from "../factory/safe-fixture.ts";
import {
  batched,
  calldata,
  COINS,
  looseBatch,
  PAYEE,
  payment,
  SAFE,
  said,
  TOKEN,
  TOKENS,
} from "../factory/safe-payment.ts";
import { fromSafe, offered, withSafeTx } from "./evm-payment.ts";
import { pair } from "./pair.ts";

const batch = payment([COINS, TOKENS]);
const nothing = new Uint8Array();
const calls = [
  { to: PAYEE, value: COINS.units, data: nothing },
  { to: TOKEN, value: 0n, data: calldata("transfer(address,uint256)", [PAYEE, TOKENS.units]) },
];

describe("E3", () => {
  test("E3 twin: a batch by the pinned MultiSendCallOnly is read, call by call", () => {
    expect(batch).toMatchObject({ operation: 1, to: SAFE.multiSendCallOnly, value: 0n });
    expect(readSafePayments(batch, SAFE, [TOKEN])).toEqual([COINS, TOKENS]);
    expect(batched(calls)).toEqual(batch);
  });

  test("E3: the same batch by any other contract, one that is published included", () => {
    const others = SAFE_DEPLOYMENTS.flatMap(({ version: _version, name: _name, ...addresses }) =>
      Object.values(addresses),
    ).filter((address) => address !== SAFE.multiSendCallOnly);
    // MultiSend, without "CallOnly", of 1.3.0 and 1.4.1: it takes the same calldata, and delegates within.
    const multiSends = [stranger("multi send"), SAFE.address, TOKEN, PAYEE];
    for (const to of [...others, ...multiSends]) expect(said({ ...batch, to })).toBe("SAFE_DELEGATE_CALL");
  });

  test("E3: another Safe pins another contract, and only that one", () => {
    const [older] = SAFE_DEPLOYMENTS;
    const other = pinnedSafe({ multiSendCallOnly: (older as NonNullable<typeof older>).multiSendCallOnly });
    expect(said(batch, [TOKEN], other)).toBe("SAFE_DELEGATE_CALL");
    expect(said({ ...batch, to: other.multiSendCallOnly }, [TOKEN], other)).toBe("none");
  });

  test("E3: a payment or a transfer, made as a delegate call", () => {
    expect(said(payment())).toBe("none");
    expect(said({ ...payment(), operation: 1 })).toBe("SAFE_DELEGATE_CALL");
    expect(said(payment([TOKENS]))).toBe("none");
    // A token that is no token: its transfer writes the Safe's first slot, which is its code.
    expect(said({ ...payment([TOKENS]), operation: 1 })).toBe("SAFE_DELEGATE_CALL");
  });

  test("E3: a delegate call within the batch, at any place", () => {
    for (const place of calls.keys()) {
      const bad = calls.map((call, at) => ({ ...call, operation: at === place ? 1 : 0 }));
      expect(said(batched(bad))).toBe("EVM_MULTI_SEND_REFUSED");
    }
  });

  test("E3: a batch within the batch, or a batch that is only called", () => {
    const within = { to: SAFE.multiSendCallOnly, value: 0n, data: looseBatch(calls) };
    expect(said(batched([within]))).toBe("EVM_MULTI_SEND_REFUSED");
    // Called, it would pay out of MultiSendCallOnly's own pocket: nothing, with everything shown.
    expect(said({ ...batch, operation: 0 })).toBe("SAFE_CONTROL_CALL");
  });

  test("E3: something else than multiSend for the pinned contract", () => {
    const data = calldata("transfer(address,uint256)", [PAYEE, 1n]);
    expect(said({ ...batch, data })).toBe("EVM_CALLDATA_MALFORMED");
    expect(said({ ...batch, data: nothing })).toBe("EVM_CALLDATA_MALFORMED");
  });

  test("E3: money on the delegate call, which would be shown and never be carried", () => {
    expect(said({ ...batch, value: 1n })).toBe("SAFE_DELEGATE_CALL");
    const { to, data } = batch;
    expect(said(makeSafeTx({ to, data, value: 0n, operation: 1, nonce: 7n }))).toBe("none");
  });
});

const whole = () => fromSafe(true);
/** The batch as anybody packs it, with `operation` before its first call. */
const firstCall = (operation: number) => (tx: { readonly data: Uint8Array }) => ({
  data: looseBatch(decodeMultiSend(tx.data).map((call, at) => (at === 0 ? { ...call, operation } : call))),
});

pair("E3", "the very batch is handed to another contract than the pinned one", {
  good: whole,
  bad: (offer) => withSafeTx(offer, () => ({ to: stranger("another multi send") })),
  judge: offered,
  accepted: "signed",
  refused: "G8 SAFE_DELEGATE_CALL",
  removes: ["a Safe delegates to its pinned contract alone"],
  without: "signed",
});

pair("E3", "money stands on the delegate call", {
  good: whole,
  bad: (offer) => withSafeTx(offer, () => ({ value: 1n })),
  judge: offered,
  accepted: "signed",
  refused: "G8 SAFE_DELEGATE_CALL",
  removes: ["a delegate call carries no money"],
  without: "signed",
});

pair("E3", "a call of the batch is a delegate call", {
  good: whole,
  bad: (offer) => withSafeTx(offer, firstCall(1)),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_MULTI_SEND_REFUSED",
  removes: ["a batch holds no delegate call", "a call of a batch is a plain one"],
  without: "signed",
});

pair("E3", "a batch lies within the batch", {
  good: whole,
  bad: (offer) => withSafeTx(offer, ({ to, data }) => ({ data: looseBatch([{ to, value: 0n, data }]) })),
  judge: offered,
  accepted: "signed",
  refused: "G8 EVM_MULTI_SEND_REFUSED",
  removes: ["a batch holds no batch"],
  without: "G8 SAFE_CONTROL_CALL",
});
