/** The types of a message: what is unknown, cyclic, unused, or could spell another struct, is refused. */
import { describe, expect, test } from "vitest";
import { hashTypedData, type TypedData } from "../../../../src/chains/evm/typed-data.ts";
import { encodeType, TYPED_DATA_TYPE } from "../../../../src/chains/evm/typed-data-types.ts";
import { codeOf } from "../../../factory/thrown.ts";

const withTypes = (types: TypedData["types"], message: TypedData["message"] = {}, primaryType = "One") =>
  codeOf(() => hashTypedData({ types, primaryType, domain: { chainId: 31337 }, message }));

describe("types", () => {
  const plain = [{ name: "it", type: "bool" }];

  test.each([
    "uint",
    "int",
    "uint7",
    "uint0",
    "uint264",
    "uint08",
    "int1",
    "bytes0",
    "bytes33",
    "bytes032",
    "byte",
    "Bool",
    "float",
    "",
    "function",
    "fixed128x18",
    "bool[0]",
    "bool[01]",
    "bool[-1]",
    "bool[",
    "bool]",
    "bool[ ]",
    "[]",
    "bool[][][][][]",
    "toString",
    "EIP712Domain",
    "One",
    "One[]",
  ])("the type %j is unknown, or cyclic", (type) => {
    expect(withTypes({ One: [{ name: "it", type }] }, { it: [] })).toBe(TYPED_DATA_TYPE.code);
  });

  test.each([
    "uint256",
    "bytes4",
    "address",
    "bool",
    "string",
    "EIP712Domain",
    "byte",
    "a b",
    "1st",
    "",
    "A(bool x)B",
  ])("a struct cannot be called %j", (name) => {
    // Used by another, and itself what is signed.
    expect(withTypes({ One: [{ name: "it", type: name }], [name]: plain }, { it: { it: true } })).toBe(
      TYPED_DATA_TYPE.code,
    );
    expect(withTypes({ [name]: plain }, { it: true }, name)).toBe(TYPED_DATA_TYPE.code);
  });

  test("a primary type that is not there, or is inherited", () => {
    for (const primary of ["Two", "toString", "bool", "One[]", "EIP712Domain"])
      expect(withTypes({ One: plain }, { it: true }, primary)).toBe(TYPED_DATA_TYPE.code);
    expect(withTypes({ One: plain }, { it: true })).toBe("none");
  });

  test("the structs behind the first stand by name, whatever order they are used in", () => {
    const types = {
      One: [
        { name: "z", type: "Zeta" },
        { name: "a", type: "Alpha[]" },
      ],
      Alpha: plain,
      Zeta: [{ name: "beta", type: "Beta" }],
      Beta: plain,
    };
    expect(encodeType(types, "One")).toBe("One(Zeta z,Alpha[] a)Alpha(bool it)Beta(bool it)Zeta(Beta beta)");
  });

  test("cycles, at any distance and through lists", () => {
    const link = (type: string) => [{ name: "next", type }];
    for (const types of [
      { One: link("Two"), Two: link("One") },
      { One: link("Two[]"), Two: link("Three[3]"), Three: link("Two") },
    ])
      expect(withTypes(types, { next: [] })).toBe(TYPED_DATA_TYPE.code);
    // Twice on two ways is no cycle.
    const diamond = { One: [...link("Two"), { name: "other", type: "Two" }], Two: plain };
    expect(withTypes(diamond, { next: { it: true }, other: { it: false } })).toBe("none");
  });

  test("names that would spell another struct, doubles, nothing, and what nobody uses", () => {
    expect(withTypes({ One: [{ name: "it,bool other", type: "bool" }] }, {})).toBe(TYPED_DATA_TYPE.code);
    expect(withTypes({ One: [...plain, ...plain] }, { it: true })).toBe(TYPED_DATA_TYPE.code);
    expect(withTypes({ One: [] }, {})).toBe(TYPED_DATA_TYPE.code);
    expect(withTypes({ One: plain, Two: plain }, { it: true })).toBe(TYPED_DATA_TYPE.code);
    const many = Array.from({ length: 65 }, (_, place) => ({ name: `f${place}`, type: "bool" }));
    expect(withTypes({ One: many }, {})).toBe(TYPED_DATA_TYPE.code);
  });
});
