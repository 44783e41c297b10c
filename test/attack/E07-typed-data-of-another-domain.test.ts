/** E7: a hash without its message, a message for another chain or contract, and types that only look like a Safe's. */
import { describe, expect, test } from "vitest";
import { evmCodec } from "../../src/chains/evm/index.ts";
import { decodeSafePlan } from "../../src/chains/evm/safe-plan.ts";
import { hashSafeTx, readSafeTypedData, safeTypedData } from "../../src/chains/evm/safe.ts";
import { TYPED_DATA_DOMAIN, type TypedData } from "../../src/chains/evm/typed-data.ts";
import { parseTypedData } from "../../src/chains/evm/typed-data-json.ts";
import { assert } from "../../src/core/errors.ts";
import { toHex } from "../../src/core/hex.ts";
import { expectRefusal } from "../bitcoin/refusal.ts";
import { viewOf } from "../factory/custody.ts";
import { signedByStranger, STRANGERS } from "../factory/evm-safe.ts";
import { stranger } from "../factory/safe-fixture.ts";
import { COINS, payment, SAFE, TOKENS } from "../factory/safe-payment.ts";
import { codeOf } from "../factory/thrown.ts";
import { fromSafe } from "./evm-payment.ts";
import { pair } from "./pair.ts";

const tx = payment([COINS, TOKENS]);
const message = safeTypedData(tx, SAFE);
const fields = message.types["SafeTx"] ?? [];
const said = (data: TypedData) => codeOf(() => readSafeTypedData(data, SAFE));
const withDomain = (domain: object) => said({ ...message, domain });
const withTypes = (types: TypedData["types"], primaryType = "SafeTx") =>
  said({ ...message, types, primaryType });

/** What the owners of a policy's Safe sign. */
const [ATTEMPT] = (() => {
  const { plan, custody } = fromSafe();
  return decodeSafePlan(plan.body, viewOf(custody)).rungs;
})();
assert(ATTEMPT !== undefined, "a plan has a rung");

/** As wallets are given it. */
const JSON_TEXT = JSON.stringify({
  ...message,
  types: {
    EIP712Domain: [
      { name: "chainId", type: "uint256" },
      { name: "verifyingContract", type: "address" },
    ],
    ...message.types,
  },
  domain: { ...message.domain, chainId: Number(SAFE.chainId) },
  message: Object.fromEntries(
    Object.entries(message.message).map(([name, value]) => [
      name,
      typeof value === "bigint" ? value.toString() : value,
    ]),
  ),
});
const parsed = (text: string) => codeOf(() => readSafeTypedData(parseTypedData(text), SAFE));

describe("E7: the domain", () => {
  test("E7 twin: the transaction of this Safe, on this chain, is read back whole", () => {
    expect(readSafeTypedData(message, SAFE)).toEqual(tx);
    expect(readSafeTypedData(parseTypedData(JSON_TEXT), SAFE)).toEqual(tx);
  });

  test("E7: another chain, another Safe, or neither said", () => {
    const { chainId, address } = SAFE;
    for (const domain of [
      { chainId: 1n, verifyingContract: address },
      { chainId: chainId + 2n ** 64n, verifyingContract: address },
      { chainId, verifyingContract: stranger("another safe") },
      { verifyingContract: address },
      { chainId },
      {},
    ])
      expect(withDomain(domain)).toBe("EVM_TYPED_DATA_DOMAIN");
    // The refusal says which of the two it is.
    const field = (domain: object) =>
      expectRefusal(() => readSafeTypedData({ ...message, domain }, SAFE), TYPED_DATA_DOMAIN).field;
    expect(field({ chainId: 1n, verifyingContract: address })).toBe("domain.chainId");
    expect(field({ chainId, verifyingContract: stranger("another safe") })).toBe("domain.verifyingContract");
  });

  test("E7: more in the domain than a Safe has: no Safe would know the hash", () => {
    for (const more of [{ name: "Safe" }, { version: "1.4.1" }, { salt: `0x${"00".repeat(32)}` }])
      expect(withDomain({ ...message.domain, ...more })).toBe("EVM_TYPED_DATA_DOMAIN");
    expect(withDomain({ ...message.domain, more: 1 })).toBe("EVM_TYPED_DATA_VALUE");
  });

  test("E7: a domain that is declared in another way than it is given", () => {
    expect(parsed(JSON_TEXT)).toBe("none");
    const declared = JSON_TEXT.replace('{"name":"chainId","type":"uint256"},', "");
    expect(declared).not.toBe(JSON_TEXT);
    expect(parsed(declared)).toBe("EVM_TYPED_DATA_DOMAIN");
    expect(parsed(JSON_TEXT.replace('"chainId","type":"uint256"', '"chainId","type":"uint64"'))).toBe(
      "EVM_TYPED_DATA_DOMAIN",
    );
    const undeclared = JSON.parse(JSON_TEXT) as { types: Record<string, unknown> };
    delete undeclared.types["EIP712Domain"];
    expect(parsed(JSON.stringify(undeclared))).toBe("EVM_TYPED_DATA_MALFORMED");
  });
});

describe("E7: the types", () => {
  test("E7: a bare hash, in whatever place", () => {
    const hash = `0x${toHex(hashSafeTx(tx, SAFE).digest)}`;
    expect(parsed(JSON.stringify(hash))).toBe("EVM_TYPED_DATA_MALFORMED");
    const bare = { Hash: [{ name: "hash", type: "bytes32" }] };
    expect(said({ ...message, types: bare, primaryType: "Hash", message: { hash } })).toBe(
      "SAFE_TX_MALFORMED",
    );
    expect(said({ ...message, types: { SafeTx: bare.Hash }, message: { hash } })).toBe("SAFE_TX_MALFORMED");
  });

  test("E7: another primary type: a Safe's message (EIP-1271), or the domain itself", () => {
    const safeMessage = { SafeMessage: [{ name: "message", type: "bytes" }] };
    expect(
      said({ ...message, types: safeMessage, primaryType: "SafeMessage", message: { message: "0x11" } }),
    ).toBe("SAFE_TX_MALFORMED");
    for (const primaryType of ["EIP712Domain", "Nothing"])
      expect(withTypes(message.types, primaryType)).toBe("EVM_TYPED_DATA_TYPE");
  });

  test("E7: fields in another order, renamed, missing, added, or of another type", () => {
    const swapped = [...fields.slice(1, 2), ...fields.slice(0, 1), ...fields.slice(2)];
    expect(withTypes({ SafeTx: swapped })).toBe("SAFE_TX_MALFORMED");
    // dataGas is what 1.0.0 had in the place of baseGas, and has another hash.
    const renamed = fields.map((field) => (field.name === "baseGas" ? { ...field, name: "dataGas" } : field));
    const { baseGas, ...others } = message.message;
    expect(said({ ...message, types: { SafeTx: renamed }, message: { ...others, dataGas: baseGas } })).toBe(
      "SAFE_TX_MALFORMED",
    );
    expect(said({ ...message, types: { SafeTx: fields.slice(0, 9) }, message: withoutNonce() })).toBe(
      "SAFE_TX_MALFORMED",
    );
    expect(withTypes({ SafeTx: fields.slice(0, 9) })).toBe("EVM_TYPED_DATA_VALUE");
    const wider = fields.map((field) => (field.name === "operation" ? { ...field, type: "uint256" } : field));
    expect(withTypes({ SafeTx: wider })).toBe("SAFE_TX_MALFORMED");
    const more = [...fields, { name: "note", type: "string" }];
    expect(said({ ...message, types: { SafeTx: more }, message: { ...message.message, note: "" } })).toBe(
      "SAFE_TX_MALFORMED",
    );
  });

  test("E7: a name that spells the whole of the type, so that the hash would agree", () => {
    const [head, ...tail] = fields.map(({ type, name }) => `${type} ${name}`);
    const one = [{ type: "address", name: [head?.replace("address ", ""), ...tail].join(",") }];
    expect(withTypes({ SafeTx: one })).toBe("EVM_TYPED_DATA_TYPE");
  });

  test("E7: a field beside the message, which one wallet shows and no hash has", () => {
    expect(said({ ...message, message: { ...message.message, note: "a refund" } })).toBe(
      "EVM_TYPED_DATA_VALUE",
    );
    expect(parsed(JSON_TEXT.replace('"message":{', '"message":{"note":"a refund",'))).toBe(
      "EVM_TYPED_DATA_VALUE",
    );
    expect(parsed(JSON_TEXT.replace('"nonce":', '"nonce":"9","nonce":'))).toBe("EVM_TYPED_DATA_MALFORMED");
  });
});

function withoutNonce() {
  const { nonce: _nonce, ...others } = message.message;
  return others;
}

pair("E7", "a transaction of the Safe is for another chain", {
  good: () => message,
  bad: (data) => ({ ...data, domain: { ...data.domain, chainId: 1n } }),
  judge: said,
  accepted: "none",
  refused: "EVM_TYPED_DATA_DOMAIN",
  removes: ["typed data is for the Safe's chain", "typed data has a Safe's domain and no more"],
  without: "none",
});

pair("E7", "a transaction is another Safe's", {
  good: () => message,
  bad: (data) => ({ ...data, domain: { ...data.domain, verifyingContract: stranger("another safe") } }),
  judge: said,
  accepted: "none",
  refused: "EVM_TYPED_DATA_DOMAIN",
  removes: ["typed data is for the Safe", "typed data has a Safe's domain and no more"],
  without: "none",
});

pair("E7", "the domain has a name, which no Safe's has", {
  good: () => message,
  bad: (data) => ({ ...data, domain: { ...data.domain, name: "Safe" } }),
  judge: said,
  accepted: "none",
  refused: "EVM_TYPED_DATA_DOMAIN",
  removes: ["typed data has a Safe's domain and no more"],
  without: "none",
});

pair("E7", "the fields are a Safe's in another order, and hash to something else", {
  good: () => message,
  bad: (data) => ({ ...data, types: { SafeTx: [...fields].reverse() } }),
  judge: said,
  accepted: "none",
  refused: "SAFE_TX_MALFORMED",
  removes: ["typed data is of a Safe's type"],
  without: "none",
});

pair("E7", "a field stands beside the message, which one wallet shows and no hash has", {
  good: () => message,
  bad: (data) => ({ ...data, message: { ...data.message, note: "a refund" } }),
  judge: said,
  accepted: "none",
  refused: "EVM_TYPED_DATA_VALUE",
  removes: ["typed data has no field that its type lacks"],
  without: "none",
});

pair("E7", "an owner's signature comes back that is over the same transaction of another Safe", {
  good: () => ATTEMPT.tx.hash,
  bad: () => hashSafeTx(ATTEMPT.tx.transaction, { ...SAFE, address: stranger("another safe") }).digest,
  judge: (hash) =>
    codeOf(() => evmCodec.verifySignatures(ATTEMPT.tx, [signedByStranger(hash, STRANGERS[0])])),
  accepted: "none",
  refused: "SAFE_SIGNATURE_INVALID",
  removes: ["a Safe's signature is an owner's over this transaction"],
  without: "none",
});
