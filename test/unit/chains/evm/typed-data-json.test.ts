/** The JSON of eth_signTypedData_v4: read whole, or not at all. */
import { TypedDataEncoder } from "ethers";
import { describe, expect, test } from "vitest";
import { addressOf } from "../../../../src/chains/evm/address.ts";
import { hashTypedData, TYPED_DATA_DOMAIN } from "../../../../src/chains/evm/typed-data.ts";
import { parseTypedData, TYPED_DATA_MALFORMED } from "../../../../src/chains/evm/typed-data-json.ts";
import { toHex } from "../../../../src/core/hex.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";
import { fixtureBytes } from "../../../factory/identities.ts";

const contract = addressOf(fixtureBytes("contract").subarray(0, 20));
const domain = { name: "Mail", chainId: 31337, verifyingContract: contract };
const types = { Mail: [{ name: "text", type: "string" }] };
const message = { text: 'hello { [ " \\ ] }' };
const payload = TypedDataEncoder.getPayload(domain, types, message);
const text = JSON.stringify(payload);
const refused = (changed: unknown) =>
  expectRefusal(
    () => parseTypedData(typeof changed === "string" ? changed : JSON.stringify(changed)),
    TYPED_DATA_MALFORMED,
  );

test("as ethers writes it, with the hash that ethers has, in any spacing", () => {
  for (const spelt of [text, JSON.stringify(payload, null, 2)]) {
    const hashed = hashTypedData(parseTypedData(spelt));
    expect(`0x${toHex(hashed.digest)}`).toBe(TypedDataEncoder.hash(domain, types, message));
  }
});

describe("refused", () => {
  test("what is no JSON, another shape, or has more than its members", () => {
    for (const bad of ["", "{", "[]", "null", "1", '"a"', `${text}x`]) refused(bad);
    for (const name of ["types", "primaryType", "domain", "message"]) {
      refused({ ...payload, [name]: undefined });
      refused({ ...payload, [name]: 1 });
    }
    refused({ ...payload, extra: 1 });
    refused({ ...payload, domain: { ...domain, extra: 1 } });
    refused({ ...payload, domain: { ...domain, chainId: null } });
    refused({ ...payload, types: { ...payload.types, Mail: [{ name: "text", type: "string", more: 1 }] } });
  });

  test("a member that stands twice, or would replace what objects inherit", () => {
    expect(refused(text.replace('"primaryType"', '"primaryType":"Other","primaryType"')).field).toBe(
      "primaryType",
    );
    expect(refused(text.replace('"text":', '"text":"goodbye","text":')).message).toContain("twice");
    expect(refused(text.replace('"text":', '"__proto__":{},"text":')).field).toBe("__proto__");
  });

  test("EIP712Domain missing, in another order, with a member too many or too few", () => {
    const { EIP712Domain: declared, ...others } = payload.types as Record<
      string,
      { name: string; type: string }[]
    >;
    refused({ ...payload, types: others });
    const [name, chainId, verifyingContract] = declared as [object, object, object];
    const salt = { name: "salt", type: "bytes32" };
    for (const other of [
      [],
      [name, chainId],
      [chainId, name, verifyingContract],
      [name, chainId, verifyingContract, salt],
      [name, { name: "chainId", type: "uint64" }, verifyingContract],
    ])
      expectRefusal(
        () => parseTypedData(JSON.stringify({ ...payload, types: { EIP712Domain: other, ...others } })),
        TYPED_DATA_DOMAIN,
      );
  });

  test("larger or deeper than any message", () => {
    const deep = `${"[".repeat(17)}${"]".repeat(17)}`;
    expect(refused(text.replace('"hello', `${deep},"hello`)).message).toContain("deep");
    // Brackets that close within a text close nothing.
    refused(text.replace(/"text":"[^]*$/, `"text":["]]]]]]]]]]",${deep}]}}`));
    expect(refused(`"${"a".repeat(64 * 1024)}"`).message).toContain("larger");
  });
});
