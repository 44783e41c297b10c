/** ERC-7730: whose words are shown, beside what, and when none are. */
import { Interface, TypedDataEncoder } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeCallBy } from "../../../../src/chains/evm/clear-signing/describe.ts";
import { parseDescriptor } from "../../../../src/chains/evm/clear-signing/descriptor.ts";
import { openPinned, parsePins } from "../../../../src/chains/evm/clear-signing/pins.ts";
import { inspect } from "../../../../src/chains/inspect.ts";
import type { ChainId } from "../../../../src/core/chain.ts";
import { sha256 } from "../../../../src/core/digest.ts";
import { CustodyError } from "../../../../src/core/errors.ts";
import { concatBytes, fromHex, toHex, utf8 } from "../../../../src/core/hex.ts";
import { descriptorText, pinned, TOKEN, VERIFIER, type Parts } from "../../../factory/descriptors.ts";
import { codeOf } from "../../../factory/thrown.ts";

const SPENDER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const bytesOf = (hex: string) => fromHex(hex.slice(2));
const call = (data: Uint8Array, changes: object = {}) => ({
  chain: "eip155:1" as ChainId,
  chainId: 1n,
  to: TOKEN,
  value: 0n,
  from: undefined,
  data,
  ...changes,
});

const APPROVE = "approve(address spender,uint256 value)";
const approve = (units: bigint) =>
  bytesOf(new Interface([`function ${APPROVE}`]).encodeFunctionData("approve", [SPENDER, units]));
const fields = [
  { path: "spender", label: "Spender", format: "addressName" },
  { path: "value", label: "Amount", format: "tokenAmount", params: { tokenPath: "@.to" } },
];
const GOOD: Parts = { formats: { [APPROVE]: { intent: "Approve", fields } } };
const told = (parts: Parts, changes: object = {}) =>
  describeCallBy([pinned(parts)], call(approve(5n), changes));
const withField = (field: object): Parts => ({ ...GOOD, formats: { [APPROVE]: { fields: [field] } } });

describe("whose words are shown", () => {
  test("those of the contract on its chain, with the list's name and hash, and each argument by itself", () => {
    const { facts, warnings } = told(GOOD);
    expect(facts[0]).toEqual([
      "by descriptor",
      expect.stringMatching(/^example\.json, sha256 [0-9a-f]{16}…: Example$/),
    ]);
    expect(facts).toContainEqual(["it intends", "“Approve”"]);
    expect(facts).toContainEqual(["“Spender”", SPENDER]);
    expect(facts).toContainEqual(["“Amount”", `5 base units of token ${TOKEN}`]);
    expect(facts).toContainEqual(["argument value", "5   (uint256)"]);
    expect(warnings).toEqual([]);
  });

  test.each([
    ["another contract", { to: SPENDER }],
    ["another chain", { chainId: 2n, chain: "eip155:2" }],
    ["another function", { data: concatBytes(Uint8Array.of(1, 2, 3, 4), approve(5n).slice(4)) }],
  ])("nothing for %s", (_, changes) => {
    expect(told(GOOD, changes)).toEqual({ facts: [], warnings: [] });
  });

  test.each([
    [
      "a format that is not known",
      withField({ path: "value", label: "x", format: "interoperableAddressName" }),
    ],
    ["a path that names nothing", withField({ path: "other", label: "x" })],
    ["a number's format for an address", withField({ path: "spender", label: "x", format: "date" })],
    ["a value that must be another", withField({ path: "value", label: "x", visible: { mustMatch: [6] } })],
    ["a definition that is not there", withField({ path: "value", $ref: "$.display.definitions.other" })],
    [
      "one function twice",
      { formats: { [APPROVE]: { fields }, "approve(address a,uint256 b)": { fields } } },
    ],
  ] satisfies readonly (readonly [string, Parts])[])(
    "%s: it says nothing, and that it does not",
    (_, parts) => {
      const { facts, warnings } = told(parts);
      expect(facts).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining("descriptor example.json says nothing")]);
    },
  );

  test("formats: token by its own descriptor, threshold, date, duration, unit, enumeration, constant, definition", () => {
    const metadata = {
      owner: "Example",
      token: { name: "Example", ticker: "EXD", decimals: 6 },
      enums: { kinds: { "5": "five" } },
      constants: { place: SPENDER },
    };
    const show = (field: object, definitions?: object) =>
      told({
        ...withField({ path: "value", label: "x", ...field }),
        metadata,
        ...(definitions && { definitions }),
      })
        .facts.filter(([label]) => label === "“x”" || label === "“y”")
        .map(([, value]) => value);
    expect(show({ format: "tokenAmount", params: { tokenPath: "@.to" } })).toEqual([
      `0.000005 EXD, 5 base units of token ${TOKEN}`,
    ]);
    expect(
      show({ format: "tokenAmount", params: { token: "$.metadata.constants.place", threshold: "0x5" } }),
    ).toEqual([`Unlimited of token ${SPENDER}`]);
    expect(show({ format: "date", params: { encoding: "timestamp" } })).toEqual(["1970-01-01T00:00:05Z"]);
    expect(show({ format: "duration" })).toEqual(["00:00:05"]);
    expect(show({ format: "unit", params: { base: "%", decimals: 2 } })).toEqual(["0.05%"]);
    expect(show({ format: "enum", params: { $ref: "$.metadata.enums.kinds" } })).toEqual(["five (5)"]);
    expect(show({ format: "amount" })).toEqual(["0.000000000000000005 ETH (5 wei)"]);
    expect(show({ visible: "never" })).toEqual([]);
    expect(show({ visible: { ifNotIn: [5] } })).toEqual([]);
    expect(show({ label: "y", $ref: "$.display.definitions.units" }, { units: { format: "raw" } })).toEqual([
      "5",
    ]);
  });

  test("lists: each item, the last one, and a group for each", () => {
    const text = "pay((address to,uint256 units)[] all,bytes path)";
    const data = bytesOf(
      new Interface([`function ${text}`]).encodeFunctionData("pay", [
        [
          [SPENDER, 1],
          [TOKEN, 2],
        ],
        `0x${"ab".repeat(20)}cdef`,
      ]),
    );
    const show = (given: readonly object[]) =>
      describeCallBy([pinned({ formats: { [text]: { fields: given } } })], call(data))
        .facts.filter(([label]) => label.startsWith("“"))
        .map(([, value]) => value);
    expect(show([{ path: "all.[].units", label: "u" }])).toEqual(["1", "2"]);
    expect(show([{ path: "#.all.[-1].to", label: "t" }])).toEqual([TOKEN]);
    expect(
      show([
        {
          path: "all.[]",
          fields: [
            { path: "to", label: "t" },
            { path: "units", label: "u" },
          ],
        },
      ]),
    ).toEqual([SPENDER, "1", TOKEN, "2"]);
    expect(show([{ path: "path.[-2:]", label: "p" }])).toEqual(["0xcdef"]);
    expect(show([{ path: "path.[0:20]", label: "p" }])).toEqual([`0x${"ab".repeat(20)}`]);
  });
});

describe("what is pinned", () => {
  const bytes = utf8(descriptorText(GOOD));
  const hash = toHex(sha256(bytes));

  test("a file of the list with that very hash; not a byte of another", () => {
    const [pin] = parsePins(utf8(`${hash}  example.json\n`));
    expect(pin).toEqual({ name: "example.json", hash });
    expect(codeOf(() => openPinned({ name: "example.json", hash }, bytes))).toBe("none");
    expect(codeOf(() => openPinned({ name: "example.json", hash }, concatBytes(bytes, utf8(" "))))).toBe(
      "ERC7730_NOT_PINNED",
    );
  });

  test.each([
    `${hash} example.json`,
    `${hash}  ../example.json`,
    `${hash.toUpperCase()}  example.json`,
    `${hash}  `,
  ])("%s is no line of a list", (line) => {
    expect(codeOf(() => parsePins(utf8(line)))).toBe("ERC7730_NOT_PINNED");
  });

  test.each([
    ["another version", { ...GOOD, schema: "erc7730-v1.schema.json" }],
    ["another file that it includes", { ...GOOD, more: { includes: "./other.json" } }],
    ["a factory of contracts", { ...GOOD, context: { contract: { deployments: [], factory: {} } } }],
    ["encrypted values", withField({ path: "value", label: "x", encryption: { scheme: "fhevm" } })],
    ["maps", { ...GOOD, metadata: { owner: "Example", maps: {} } }],
  ] satisfies readonly (readonly [string, Parts])[])("%s: not shown here, and refused", (_, parts) => {
    expect(codeOf(() => parseDescriptor(utf8(descriptorText(parts))))).toBe("ERC7730_MALFORMED");
    expect(codeOf(() => parseDescriptor(bytes))).toBe("none");
  });

  test("a key that stands twice is refused", () => {
    const twice = descriptorText(GOOD).replace('"context":', '"metadata":{"owner":"Mallory"},"context":');
    expect(codeOf(() => parseDescriptor(utf8(twice)))).toBe("ERC7730_MALFORMED");
  });
});

describe("typed data", () => {
  const domain = { name: "Example", version: "1", chainId: 1, verifyingContract: TOKEN };
  const types = {
    Order: [
      { name: "to", type: "address" },
      { name: "items", type: "Item[]" },
    ],
    Item: [{ name: "units", type: "uint256" }],
  };
  const message = { to: SPENDER, items: [{ units: "3" }, { units: "4" }] };
  const KEY = "Order(address to,Item[] items)Item(uint256 units)";
  const parts: Parts = {
    context: VERIFIER,
    formats: { [KEY]: { intent: "Order", fields: [{ path: "items.[].units", label: "Units" }] } },
  };
  const look = (given: object, by = parts) =>
    inspect(utf8(JSON.stringify(TypedDataEncoder.getPayload(given, types, message))), undefined, [pinned(by)])
      .facts;

  test("of the verifying contract, by the type's own hash; and never a reason to sign", () => {
    const facts = look(domain);
    expect(facts.filter(([label]) => label === "“Units”").map(([, value]) => value)).toEqual(["3", "4"]);
    expect(TypedDataEncoder.from(types).encodeType("Order")).toBe(KEY);
    const { refusals } = inspect(
      utf8(JSON.stringify(TypedDataEncoder.getPayload(domain, types, message))),
      undefined,
      [pinned(parts)],
    );
    expect(refusals).toMatchObject([{ rule: "EVM_TYPED_DATA_FOREIGN" }]);
  });

  test.each([
    ["of another contract", { ...domain, verifyingContract: SPENDER }],
    ["of another chain", { ...domain, chainId: 2 }],
    ["of another name", { ...domain, name: "Sample" }],
    ["of no chain", { name: "Example", version: "1", verifyingContract: TOKEN }],
  ])("%s: nothing is said", (_, given) => {
    expect(look(given).some(([label]) => label === "by descriptor")).toBe(false);
  });
});

test("whatever the calldata, a descriptor says something, or nothing, or that it cannot", () => {
  const descriptors = [pinned(GOOD)];
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (rest) => {
      const { facts } = describeCallBy(descriptors, call(concatBytes(approve(0n).slice(0, 4), rest)));
      expect(Array.isArray(facts)).toBe(true);
    }),
  );
});

test("whatever is in a file, it is a descriptor or refused with a code", () => {
  const json = descriptorText(GOOD);
  fc.assert(
    fc.property(fc.nat(json.length), fc.string({ maxLength: 4 }), (place, more) => {
      try {
        parseDescriptor(utf8(json.slice(0, place) + more + json.slice(place + more.length)));
      } catch (error) {
        expect(error).toBeInstanceOf(CustodyError);
      }
    }),
  );
});
