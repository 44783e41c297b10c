/** Functions and their arguments as descriptors name them (ERC-7730), held beside ethers' reading of the same bytes. */
import { AbiCoder, Interface, type FunctionFragment, type ParamType } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { selectorOf } from "../../../../src/chains/evm/abi.ts";
import { readArguments } from "../../../../src/chains/evm/clear-signing/arguments.ts";
import { parseFragment, signatureOf } from "../../../../src/chains/evm/clear-signing/fragment.ts";
import { concatBytes, fromHex, toHex } from "../../../../src/core/hex.ts";
import { codeOf } from "../../../factory/thrown.ts";

const bytesOf = (hex: string) => fromHex(hex.slice(2));

describe("a function with its names", () => {
  test.each([
    ["transfer(address to,uint256 value)", "transfer(address,uint256)"],
    [
      "submitOrder((address token,uint256[2][] amounts) order,bytes32 salt)",
      "submitOrder((address,uint256[2][]),bytes32)",
    ],
    ["pause()", "pause()"],
  ])("%s", (text, signature) => {
    expect(signatureOf(parseFragment(text))).toBe(signature);
    const [known] = new Interface([`function ${text}`]).fragments as [FunctionFragment];
    expect(toHex(selectorOf(signature))).toBe(known.selector.slice(2));
  });

  test.each([
    "transfer(address to, uint256 value)",
    "transfer(uint to)",
    "transfer(address)",
    "transfer(address to,uint256 to)",
    "transfer(address to",
    "transfer(address to) more",
    "transfer(uint7 to)",
    "transfer(bytes33 to)",
    "transfer(address[0] to)",
  ])("%s is not canonical, and is refused", (text) => {
    expect(codeOf(() => parseFragment(text))).toBe("ERC7730_MALFORMED");
  });
});

type Case = { readonly type: string; readonly value: fc.Arbitrary<unknown> };
const ATOMS: readonly Case[] = [
  { type: "uint256", value: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }) },
  { type: "uint8", value: fc.bigInt({ min: 0n, max: 255n }) },
  { type: "int64", value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) },
  { type: "bool", value: fc.boolean() },
  {
    type: "address",
    value: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => `0x${toHex(bytes)}`),
  },
  {
    type: "bytes4",
    value: fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => `0x${toHex(bytes)}`),
  },
  { type: "bytes", value: fc.uint8Array({ maxLength: 70 }).map((bytes) => `0x${toHex(bytes)}`) },
  { type: "string", value: fc.string({ maxLength: 40 }) },
];

/** A type with names, and a value of it for ethers. */
const typed: fc.Arbitrary<{ readonly text: string; readonly value: unknown }> = fc.letrec<{
  any: { text: string; value: unknown };
}>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...ATOMS).chain(({ type, value }) => value.map((one) => ({ text: type, value: one }))),
    fc.array(tie("any"), { minLength: 1, maxLength: 3 }).map((members) => ({
      text: `(${members.map(({ text }, place) => `${text} m${place}`).join(",")})`,
      value: members.map(({ value }) => value),
    })),
    tie("any").chain(({ text, value }) =>
      fc.tuple(fc.integer({ min: 0, max: 3 }), fc.boolean()).map(([length, fixed]) => ({
        text: `${text}[${fixed && length > 0 ? length : ""}]`,
        value: Array.from({ length }, () => value),
      })),
    ),
  ),
})).any;

/** Each value as ethers has decoded it, in order. */
function leaves(type: ParamType, value: unknown): readonly string[] {
  if (type.baseType === "array")
    return [...(value as unknown[])].flatMap((one) => leaves(type.arrayChildren as ParamType, one));
  if (type.baseType === "tuple")
    return (type.components ?? []).flatMap((member, place) => leaves(member, (value as unknown[])[place]));
  return [String(value)];
}

describe("arguments", () => {
  test("whatever the types, the values are those that ethers reads, and its bytes are the only ones", () => {
    fc.assert(
      fc.property(fc.array(typed, { minLength: 1, maxLength: 4 }), (members) => {
        const text = `f(${members.map((member, place) => `${member.text} a${place}`).join(",")})`;
        const fragment = parseFragment(text);
        const [shape] = new Interface([`function ${text}`]).fragments;
        const body = bytesOf(
          AbiCoder.defaultAbiCoder().encode(
            shape?.inputs ?? [],
            members.map(({ value }) => value),
          ),
        );
        const data = concatBytes(selectorOf(signatureOf(fragment)), body);
        const atoms = readArguments(data, fragment);
        const decoded = AbiCoder.defaultAbiCoder().decode(shape?.inputs ?? [], body);
        const wanted = (shape?.inputs ?? []).flatMap((input, place) => leaves(input, decoded[place]));
        const plain = (given: string) => given.toLowerCase();
        expect(atoms.filter(({ type }) => type !== "string").map(({ text: said }) => plain(said))).toEqual(
          wanted.filter((_, place) => atoms[place]?.type !== "string").map(plain),
        );
        expect(codeOf(() => readArguments(concatBytes(data, Uint8Array.of(0)), fragment))).toBe(
          "EVM_CALLDATA_MALFORMED",
        );
      }),
      { numRuns: 150 },
    );
  });

  test("dirty padding, offsets elsewhere and a list that is longer than its data are refused", () => {
    const word = (value: bigint) => fromHex(value.toString(16).padStart(64, "0"));
    const read = (text: string, ...words: readonly bigint[]) =>
      codeOf(() => readArguments(concatBytes(new Uint8Array(4), ...words.map(word)), parseFragment(text)));
    expect(read("f(address a)", 2n ** 160n)).toBe("EVM_CALLDATA_MALFORMED");
    expect(read("f(address a)", 1n)).toBe("none");
    expect(read("f(bool a)", 2n)).toBe("EVM_CALLDATA_MALFORMED");
    expect(read("f(uint8 a)", 256n)).toBe("EVM_CALLDATA_MALFORMED");
    expect(read("f(bytes a)", 64n, 0n, 0n)).toBe("EVM_CALLDATA_MALFORMED");
    expect(read("f(bytes a)", 32n, 0n)).toBe("none");
    expect(read("f(uint256[] a)", 32n, 2n, 1n)).toBe("EVM_CALLDATA_MALFORMED");
  });
});
