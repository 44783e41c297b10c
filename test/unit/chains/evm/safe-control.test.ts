/**
 * Changes of a Safe's owners and threshold: written as ethers writes them, and read where they fit the Safe as it is.
 */
import { Interface } from "ethers";
import { describe, expect, test } from "vitest";
import { ZERO_ADDRESS } from "../../../../src/chains/evm/erc20.ts";
import { makeSafeTx } from "../../../../src/chains/evm/safe.ts";
import {
  decodeControl,
  encodeControl,
  SAFE_CONTROL_INVALID,
  SENTINEL,
  type SafeControl,
} from "../../../../src/chains/evm/safe-control.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { OWNERS, pinnedSafe, stranger } from "../../../factory/safe-fixture.ts";

const safe = pinnedSafe();
const [{ address: a }, { address: b }] = OWNERS;
const someone = stranger("new owner");
const oracle = new Interface([
  "function addOwnerWithThreshold(address,uint256)",
  "function removeOwner(address,address,uint256)",
  "function swapOwner(address,address,address)",
  "function changeThreshold(uint256)",
]);
const self = (data: Uint8Array) => makeSafeTx({ to: safe.address, value: 0n, data, operation: 0, nonce: 1n });
const call = (name: string, values: readonly unknown[]) =>
  self(fromHex(oracle.encodeFunctionData(name, values).slice(2)));
const refused = (control: SafeControl, field: string) =>
  expect(expectRefusal(() => encodeControl(control, safe), SAFE_CONTROL_INVALID).field).toBe(
    `control.${field}`,
  );

test.each([
  [{ control: "addOwner", owner: someone, threshold: 4 }, "addOwnerWithThreshold", [someone, 4]],
  [{ control: "removeOwner", previous: SENTINEL, owner: a, threshold: 2 }, "removeOwner", [SENTINEL, a, 2]],
  [{ control: "swapOwner", previous: a, owner: b, replacement: someone }, "swapOwner", [a, b, someone]],
  [{ control: "changeThreshold", threshold: 3 }, "changeThreshold", [3]],
] as const)("%o", (control, name, values) => {
  expect(toHex(encodeControl(control, safe))).toBe(oracle.encodeFunctionData(name, [...values]).slice(2));
  expect(decodeControl(call(name, values), safe)).toEqual(control);
});

describe("refused", () => {
  test("an owner that is one already, is nobody, or is the Safe", () => {
    for (const owner of [a, ZERO_ADDRESS, SENTINEL, safe.address]) {
      refused({ control: "addOwner", owner, threshold: 2 }, "owner");
      refused({ control: "swapOwner", previous: a, owner: b, replacement: owner }, "replacement");
    }
  });

  test("somebody removed or replaced who owns nothing, or stands behind himself or a stranger", () => {
    refused({ control: "removeOwner", previous: a, owner: someone, threshold: 1 }, "owner");
    refused({ control: "swapOwner", previous: a, owner: someone, replacement: stranger("x") }, "owner");
    for (const previous of [b, someone, ZERO_ADDRESS]) {
      refused({ control: "removeOwner", previous, owner: b, threshold: 1 }, "previous");
      refused({ control: "swapOwner", previous, owner: b, replacement: someone }, "previous");
    }
  });

  test("a threshold of none, or of more than there are then", () => {
    for (const threshold of [0, 5]) refused({ control: "addOwner", owner: someone, threshold }, "threshold");
    for (const threshold of [0, 3])
      refused({ control: "removeOwner", previous: a, owner: b, threshold }, "threshold");
    for (const threshold of [0, 4]) refused({ control: "changeThreshold", threshold }, "threshold");
    for (const threshold of [4n, 2n ** 53n + 1n, 2n ** 256n - 1n])
      expectRefusal(() => decodeControl(call("changeThreshold", [threshold]), safe), SAFE_CONTROL_INVALID);
  });

  test("anything but a plain call of the Safe to itself", () => {
    const good = call("changeThreshold", [1]);
    expect(decodeControl(good, safe)).toEqual({ control: "changeThreshold", threshold: 1 });
    for (const bad of [
      { ...good, to: someone },
      { ...good, value: 1n },
      { ...good, operation: 1 as const },
      { ...good, data: new Uint8Array() },
      { ...good, data: fromHex("610b5925") },
    ])
      expectRefusal(() => decodeControl(bad, safe), SAFE_CONTROL_INVALID);
  });
});
