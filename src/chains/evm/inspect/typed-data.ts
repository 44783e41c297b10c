/** Typed data of another program's (EIP-712), every value with both hashes. No signer of ours signs any: what ours sign they make themselves. */
import { toHex } from "../../../core/hex.ts";
import type { Fact, Summary } from "../../summary.ts";
import { describeTypedDataBy } from "../clear-signing/describe.ts";
import type { PinnedDescriptor } from "../clear-signing/pins.ts";
import { hashTypedData } from "../typed-data.ts";
import { parseTypedData } from "../typed-data-json.ts";

/** Whether JSON is the argument of `eth_signTypedData_v4`: its reader says whether it is well formed. */
export function looksTyped(text: string): boolean {
  return /"primaryType"\s*:/.test(text) && /"domain"\s*:/.test(text);
}

/** @throws EVM_TYPED_DATA_… */
export function typedDataSummary(text: string, pinned: readonly PinnedDescriptor[] = []): Summary {
  const given = parseTypedData(text);
  const hashed = hashTypedData(given);
  const { primaryType, encodedType, domainSeparator, messageHash, digest, lines } = hashed;
  const words = describeTypedDataBy(pinned, given, hashed);
  const isSafe = primaryType === "SafeTx";
  const values = lines.map(({ path, type, value }): Fact => [path, `${value}   (${type})`]);
  return {
    kind: "typed-data",
    data: {
      primaryType,
      encodedType,
      domainSeparator: toHex(domainSeparator),
      messageHash: toHex(messageHash),
      digest: toHex(digest),
      values: lines.map((line) => ({ ...line })),
    },
    facts: [
      ["kind", `typed data ${primaryType} (EIP-712)`],
      ...values,
      ["type", encodedType],
      ["domain hash", toHex(domainSeparator)],
      ["message hash", toHex(messageHash)],
      ["to be signed", toHex(digest)],
      ...words.facts,
    ],
    warnings:
      given.domain.chainId === undefined ? ["its domain names no chain: it is good on all of them"] : [],
    refusals: [
      {
        rule: "EVM_TYPED_DATA_FOREIGN",
        why: isSafe
          ? "a Safe's transaction is signed from its plan, which people have approved, and never from typed data"
          : "no typed data of other programs is signed: it may be a permission, an order, or anything",
      },
    ],
    page: {
      message: undefined,
      pays: [],
      fee: "none: nothing is sent",
      locks: [],
      takes: { title: "uses nothing", each: [] },
    },
  };
}
