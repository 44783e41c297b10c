/** E4: calls that change who commands a Safe, dressed as payments; and refunds that drain it. */
import { ZeroAddress } from "ethers";
import { describe, expect, test } from "vitest";
import { decodeExecution } from "../../src/chains/evm/safe-execution.ts";
import { makeSafeCancel, makeSafeTx } from "../../src/chains/evm/safe.ts";
import { changeSafeTx, decodeChange, SENTINEL } from "../../src/chains/evm/safe-change.ts";
import { readSafePayments } from "../../src/chains/evm/safe-payments.ts";
import { ownSafe } from "../factory/evm-safe.ts";
import { OWNERS, stranger } from "../factory/safe-fixture.ts";
import {
  batched,
  calldata,
  COINS,
  PAYEE,
  payment,
  SAFE,
  said,
  TOKEN,
  TOKENS,
} from "../factory/safe-payment.ts";
import { ADD, controlPlanned, controlSaid, controlTask } from "../factory/safe-control.ts";
import { codeOf } from "../factory/thrown.ts";
import { fromSafe, offered, withSafeTx } from "./evm-payment.ts";
import { pair } from "./pair.ts";

const attacker = stranger("attacker");
const [first] = OWNERS;
const nothing = new Uint8Array();
const LISTS = { owners: OWNERS.map(({ address }) => address), modules: [] };

const CONTROLS: readonly (readonly [signature: string, values: readonly unknown[]])[] = [
  ["addOwnerWithThreshold(address,uint256)", [attacker, 1]],
  ["removeOwner(address,address,uint256)", [SENTINEL, first.address, 1]],
  ["swapOwner(address,address,address)", [SENTINEL, first.address, attacker]],
  ["changeThreshold(uint256)", [1]],
  ["enableModule(address)", [attacker]],
  ["disableModule(address,address)", [SENTINEL, attacker]],
  ["setGuard(address)", [attacker]],
  ["setModuleGuard(address)", [attacker]],
  ["setFallbackHandler(address)", [attacker]],
  [
    "setup(address[],uint256,address,bytes,address,address,uint256,address)",
    [[attacker], 1, ZeroAddress, "0x", ZeroAddress, ZeroAddress, 0, ZeroAddress],
  ],
  ["execTransactionFromModule(address,uint256,bytes,uint8)", [attacker, 1, "0x", 0]],
  ["execTransactionFromModuleReturnData(address,uint256,bytes,uint8)", [attacker, 1, "0x", 0]],
  [
    "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
    [attacker, 1, "0x", 0, 0, 0, 0, ZeroAddress, ZeroAddress, "0x"],
  ],
  ["approveHash(bytes32)", [`0x${"11".repeat(32)}`]],
  ["simulateAndRevert(address,bytes)", [attacker, "0x"]],
  ["changeMasterCopy(address)", [attacker]],
  ["signMessage(bytes)", ["0x11"]],
];

describe("E4: control calls", () => {
  test("E4 twin: payments alone, one or a batch", () => {
    expect(said(payment())).toBe("none");
    expect(said(payment([TOKENS]))).toBe("none");
    expect(said(payment([COINS, TOKENS]))).toBe("none");
  });

  test.each(CONTROLS)("E4: %s, of the Safe, of another contract, and in a batch", (signature, values) => {
    const data = calldata(signature, values);
    for (const to of [SAFE.address, stranger("another safe"), TOKEN]) {
      const call = { to, value: 0n, data };
      expect(said(makeSafeTx({ ...call, operation: 0, nonce: 7n }))).toBe("SAFE_CONTROL_CALL");
      expect(said(batched([{ to: PAYEE, value: 1n, data: nothing }, call]))).toBe("SAFE_CONTROL_CALL");
    }
    const tx = makeSafeTx({ to: SAFE.address, value: 0n, data, operation: 0, nonce: 7n });
    expect(() => readSafePayments(tx, SAFE, [TOKEN])).toThrow(signature);
  });

  test("E4: the Safe itself called in any other way", () => {
    for (const data of [nothing, calldata("somethingNew(address)", [attacker]), Uint8Array.of(1)]) {
      expect(said(makeSafeTx({ to: SAFE.address, value: 0n, data, operation: 0, nonce: 7n }))).toBe(
        "SAFE_CONTROL_CALL",
      );
      expect(said(batched([{ to: SAFE.address, value: 1n, data }]))).toBe("SAFE_CONTROL_CALL");
    }
    // What uses up a nonce is no payment, and is asked for by its own name.
    expect(said(makeSafeCancel(SAFE, 7n))).toBe("SAFE_CONTROL_CALL");
  });

  test("E4: the zero address in a batch, which 1.5.0 reads as the Safe itself", () => {
    const data = calldata("addOwnerWithThreshold(address,uint256)", [attacker, 1]);
    for (const bytes of [data, nothing])
      expect(said(batched([{ to: ZeroAddress as typeof PAYEE, value: 0n, data: bytes }]))).toBe(
        "EVM_MULTI_SEND_REFUSED",
      );
  });

  test("E4 twin: a change of owners is read where it is asked for, and only there", () => {
    const change = { change: "addOwner", owner: attacker, threshold: 2 } as const;
    const tx = changeSafeTx(change, SAFE, LISTS, 7n);
    expect(decodeChange(tx, SAFE)).toEqual(change);
    expect(said(tx)).toBe("SAFE_CONTROL_CALL");
  });

  test("E4: what gives code a power, and whatever else is no change, is none even where one is asked for", () => {
    const readable = [
      "addOwnerWithThreshold",
      "removeOwner",
      "swapOwner",
      "changeThreshold",
      "disableModule",
    ];
    for (const [signature, values] of CONTROLS) {
      const data = calldata(signature, values);
      const tx = makeSafeTx({ to: SAFE.address, value: 0n, data, operation: 0, nonce: 7n });
      const expected = readable.includes(signature.split("(")[0] as string) ? "none" : "SAFE_CHANGE_INVALID";
      expect(codeOf(() => decodeChange(tx, SAFE))).toBe(expected);
    }
  });

  test("E4: a change of owners that an approved payment is exchanged for belongs to no intent of the plan", () => {
    const bad = withSafeTx(fromSafe(), () => ({
      to: ownSafe().address,
      value: 0n,
      data: calldata("addOwnerWithThreshold(address,uint256)", [attacker, 2]),
    }));
    expect(offered(fromSafe())).toBe("signed");
    expect(offered(bad)).toBe("G6 EFFECT_WITHOUT_INTENT");
  });
});

describe("E4: refunds", () => {
  const drains = [
    ["safeTxGas", 1n],
    ["baseGas", 10n ** 9n],
    ["gasPrice", 1n],
    ["gasToken", TOKEN],
    ["refundReceiver", attacker],
  ] as const;

  test.each(drains)("E4: %s is not zero", (name, value) => {
    for (const tx of [payment(), payment([COINS, TOKENS])]) {
      expect(said(tx)).toBe("none");
      expect(said({ ...tx, [name]: value })).toBe("SAFE_REFUND");
      expect(() => readSafePayments({ ...tx, [name]: value }, SAFE, [TOKEN])).toThrow(`safeTx.${name}`);
    }
    const control = changeSafeTx({ change: "threshold", threshold: 3 }, SAFE, LISTS, 7n);
    expect(codeOf(() => decodeChange(control, SAFE))).toBe("none");
    expect(codeOf(() => decodeChange({ ...control, [name]: value }, SAFE))).toBe("SAFE_REFUND");
  });

  test("E4: a refund in the call that executes it", () => {
    const types = "address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes";
    const call = (gasPrice: bigint, receiver: string) =>
      calldata(`execTransaction(${types})`, [PAYEE, 1, "0x", 0, 0, 0, gasPrice, ZeroAddress, receiver, "0x"]);
    expect(codeOf(() => decodeExecution(call(0n, ZeroAddress), 7n))).toBe("none");
    expect(codeOf(() => decodeExecution(call(1n, ZeroAddress), 7n))).toBe("SAFE_REFUND");
    expect(codeOf(() => decodeExecution(call(0n, attacker), 7n))).toBe("SAFE_REFUND");
  });
});

pair("E4", "the payment is a call that lets another contract command the Safe", {
  good: () => fromSafe(),
  bad: (offer) =>
    withSafeTx(offer, () => ({
      to: ownSafe().address,
      value: 0n,
      data: calldata("enableModule(address)", [attacker]),
    })),
  judge: offered,
  accepted: "signed",
  refused: "G8 SAFE_CONTROL_CALL",
  removes: ["a payment calls no control of a Safe"],
  without: "G8 EVM_CALLDATA_UNKNOWN",
});

pair("E4", "the Safe pays whoever executes it", {
  good: () => payment(),
  bad: (tx) => ({ ...tx, gasPrice: 1n, baseGas: 10n ** 18n, refundReceiver: attacker }),
  judge: (tx) => said(tx),
  accepted: "none",
  refused: "SAFE_REFUND",
  removes: ["a Safe refunds nobody"],
  without: "none",
});

pair("E4", "who commands the Safe is changed otherwise than people approved", {
  good: () => ({ approved: ADD, done: ADD }),
  bad: (given) => ({ ...given, done: "threshold 3" }),
  judge: ({ approved, done }) => controlSaid(controlPlanned(approved, controlTask(done))),
  accepted: "none",
  refused: "G6_CONTROL_DIFFERS",
  removes: ["a control does what people approved"],
  without: "none",
});

pair("E4", "a change after which owners who are not ours command the Safe without us, approved as it is", {
  good: () => "threshold 2",
  bad: () => "threshold 1",
  judge: (change) => controlSaid(controlPlanned(change, controlTask(change))),
  accepted: "none",
  refused: "G8_SAFE_CHANGE_INVALID",
  removes: ["a Safe never obeys foreign owners alone"],
  without: "none",
});
