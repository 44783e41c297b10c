/**
 * Changes of who commands a Safe: read from the words that people approve, written as ethers writes them, and read back into
 * the same words where they fit the Safe as it is.
 */
import { Interface } from "ethers";
import { describe, expect, test } from "vitest";
import { ADDRESS_CHECKSUM } from "../../../../src/chains/evm/address.ts";
import { ZERO_ADDRESS } from "../../../../src/chains/evm/erc20.ts";
import { makeSafeTx } from "../../../../src/chains/evm/safe.ts";
import {
  changeSafeTx,
  changeText,
  decodeChange,
  parseChange,
  SAFE_CHANGE_INVALID,
  SAFE_CHANGE_MALFORMED,
  SENTINEL,
  type SafeChange,
} from "../../../../src/chains/evm/safe-change.ts";
import { fromHex, toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { OWNERS, pinnedSafe, stranger } from "../../../factory/safe-fixture.ts";
import { codeOf } from "../../../factory/thrown.ts";

const safe = pinnedSafe();
const [{ address: a }, { address: b }, { address: c }] = OWNERS;
const someone = stranger("new owner");
const [module, older] = [stranger("module"), stranger("older module")];
/** In the contract's order, which is not that of the addresses. */
const lists = { owners: [b, a, c], modules: [module, older] };
const oracle = new Interface([
  "function addOwnerWithThreshold(address,uint256)",
  "function removeOwner(address,address,uint256)",
  "function swapOwner(address,address,address)",
  "function changeThreshold(uint256)",
  "function disableModule(address,address)",
  "function enableModule(address)",
  "function setGuard(address)",
  "function setFallbackHandler(address)",
]);
const self = (data: Uint8Array) => makeSafeTx({ to: safe.address, value: 0n, data, operation: 0, nonce: 1n });
const call = (name: string, values: readonly unknown[]) =>
  self(fromHex(oracle.encodeFunctionData(name, values).slice(2)));
const built = (change: SafeChange) => changeSafeTx(change, safe, lists, 1n);
const refused = (change: SafeChange, field: string) =>
  expect(expectRefusal(() => built(change), SAFE_CHANGE_INVALID).field).toBe(`change.${field}`);

test.each([
  [`add owner ${someone}, threshold 4`, "addOwnerWithThreshold", [someone, 4]],
  [`remove owner ${b}, threshold 2`, "removeOwner", [SENTINEL, b, 2]],
  [`remove owner ${a}, threshold 1`, "removeOwner", [b, a, 1]],
  [`replace owner ${c} by ${someone}`, "swapOwner", [a, c, someone]],
  ["threshold 3", "changeThreshold", [3]],
  [`disable module ${module}`, "disableModule", [SENTINEL, module]],
  [`disable module ${older}`, "disableModule", [module, older]],
  ["remove guard", "setGuard", [ZERO_ADDRESS]],
  ["remove fallback handler", "setFallbackHandler", [ZERO_ADDRESS]],
] as const)("%s", (words, name, values) => {
  const change = parseChange(words);
  expect(changeText(change)).toBe(words);
  expect(toHex(built(change).data)).toBe(oracle.encodeFunctionData(name, [...values]).slice(2));
  expect(decodeChange(call(name, values), safe)).toEqual(change);
});

describe("words", () => {
  test.each([
    "",
    "threshold",
    "threshold 0",
    "threshold 03",
    "threshold 3 ",
    " threshold 3",
    "Threshold 3",
    "threshold 3\n",
    "threshold 3, threshold 1",
    `add owner ${someone}`,
    `add owner ${someone} threshold 2`,
    `enable module ${module}`,
    `set guard ${module}`,
    `remove owner ${someone}, threshold 100`,
  ])("%j is none", (words) => {
    expect(codeOf(() => parseChange(words))).toBe(SAFE_CHANGE_MALFORMED.code);
  });

  test("an address has its EIP-55 capitals, or it is none: what people compare is one text", () => {
    expect(codeOf(() => parseChange(`disable module ${module}`))).toBe("none");
    const wrong = `0x${module.slice(2, -1)}${module.endsWith("0") ? "1" : "0"}`;
    expect([ADDRESS_CHECKSUM.code]).toContain(codeOf(() => parseChange(`disable module ${wrong}`)));
    expect(codeOf(() => parseChange(`disable module ${module.toLowerCase()}`))).not.toBe("none");
  });
});

describe("refused", () => {
  test("an owner that is one already, is nobody, or is the Safe", () => {
    for (const owner of [a, ZERO_ADDRESS, SENTINEL, safe.address]) {
      refused({ change: "addOwner", owner, threshold: 2 }, "owner");
      refused({ change: "replaceOwner", owner: b, replacement: owner }, "replacement");
    }
  });

  test("somebody removed or replaced who owns nothing, and a module that the Safe does not obey", () => {
    refused({ change: "removeOwner", owner: someone, threshold: 1 }, "owner");
    refused({ change: "replaceOwner", owner: someone, replacement: stranger("x") }, "owner");
    refused({ change: "disableModule", code: someone }, "code");
  });

  test("somebody who stands behind himself or a stranger", () => {
    for (const previous of [b, someone, ZERO_ADDRESS]) {
      for (const tx of [call("removeOwner", [previous, b, 1]), call("swapOwner", [previous, b, someone])])
        expect(expectRefusal(() => decodeChange(tx, safe), SAFE_CHANGE_INVALID).field).toBe(
          "safeTx.data.previous",
        );
    }
  });

  test("a threshold of none, or of more than there are then", () => {
    for (const threshold of [0, 5]) refused({ change: "addOwner", owner: someone, threshold }, "threshold");
    for (const threshold of [0, 3]) refused({ change: "removeOwner", owner: b, threshold }, "threshold");
    for (const threshold of [0, 4]) refused({ change: "threshold", threshold }, "threshold");
    for (const threshold of [4n, 2n ** 53n + 1n, 2n ** 256n - 1n])
      expectRefusal(() => decodeChange(call("changeThreshold", [threshold]), safe), SAFE_CHANGE_INVALID);
  });

  test("code that is given a power", () => {
    for (const name of ["setGuard", "setFallbackHandler"])
      expectRefusal(() => decodeChange(call(name, [someone]), safe), SAFE_CHANGE_INVALID);
    expectRefusal(() => decodeChange(call("enableModule", [someone]), safe), SAFE_CHANGE_INVALID);
  });

  test("anything but a plain call of the Safe to itself", () => {
    const good = call("changeThreshold", [1]);
    expect(decodeChange(good, safe)).toEqual({ change: "threshold", threshold: 1 });
    for (const bad of [
      { ...good, to: someone },
      { ...good, value: 1n },
      { ...good, operation: 1 as const },
      { ...good, data: new Uint8Array() },
      { ...good, data: fromHex("610b5925") },
    ])
      expectRefusal(() => decodeChange(bad, safe), SAFE_CHANGE_INVALID);
  });
});
