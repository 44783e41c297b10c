/**
 * Typed data (EIP-712): a message with its types, and the domain that it is for. It is always hashed here from what is
 * shown; a bare hash is never signed (attack E7).
 */
import { declareError } from "../../core/errors.ts";
import type { Address } from "./address.ts";
import { keccak256 } from "./keccak.ts";
import { encodeType, readTypes, type TypedDataField, type TypedDataTypes } from "./typed-data-types.ts";
import { hashStruct, type TypedDataLine } from "./typed-data-values.ts";

/** Which contract, of which chain, may take the message for its own. At least one member. */
export type TypedDataDomain = {
  readonly name?: string;
  readonly version?: string;
  readonly chainId?: bigint | number | string;
  readonly verifyingContract?: string;
  readonly salt?: string;
};

export type TypedData = {
  /** Without EIP712Domain: that follows from the domain. */
  readonly types: TypedDataTypes;
  readonly primaryType: string;
  readonly domain: TypedDataDomain;
  readonly message: Readonly<Record<string, unknown>>;
};

export type HashedTypedData = {
  readonly primaryType: string;
  /** The primary type with all that it needs, as its hash has it. */
  readonly encodedType: string;
  readonly domainSeparator: Uint8Array;
  readonly messageHash: Uint8Array;
  /** What is signed: keccak256(0x19 ‖ 0x01 ‖ domainSeparator ‖ messageHash). */
  readonly digest: Uint8Array;
  /** Every value that is signed, the domain's first. */
  readonly lines: readonly TypedDataLine[];
};

export const TYPED_DATA_DOMAIN = declareError(
  "EVM_TYPED_DATA_DOMAIN",
  "denied",
  "The domain of typed data is empty, or not that of the chain and contract it is to be signed for.",
);

/** The members a domain may have, in the order of EIP-712. */
const DOMAIN_FIELDS = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
  { name: "salt", type: "bytes32" },
] as const satisfies readonly TypedDataField[];

const DOMAIN = "EIP712Domain";

/** @throws EVM_TYPED_DATA_TYPE, EVM_TYPED_DATA_VALUE, EVM_TYPED_DATA_DOMAIN */
export function hashTypedData({ types, primaryType, domain, message }: TypedData): HashedTypedData {
  readTypes(types, primaryType);
  const lines: TypedDataLine[] = [];
  const separator = hashDomain(domain, lines);
  const messageHash = hashStruct(types, primaryType, message, { path: "message", lines });
  return {
    primaryType,
    encodedType: encodeType(types, primaryType),
    domainSeparator: separator,
    messageHash,
    digest: keccak256(Uint8Array.of(0x19, 0x01), separator, messageHash),
    lines,
  };
}

export function domainSeparator(domain: TypedDataDomain): Uint8Array {
  return hashDomain(domain, []);
}

/** What EIP712Domain is for `domain`: the members that it has, in their order. */
export function domainFields(domain: TypedDataDomain): readonly TypedDataField[] {
  return DOMAIN_FIELDS.filter(({ name }) => Object.hasOwn(domain, name) && domain[name] !== undefined);
}

/**
 * That a message is for `contract` on the chain `chainId`, and says both: without either it would be good elsewhere as
 * well.
 * @throws EVM_TYPED_DATA_DOMAIN
 */
export function assertDomain(
  { domain }: TypedData,
  { chainId, contract }: { readonly chainId: bigint; readonly contract: Address },
): void {
  const other = (field: string, what: string) =>
    TYPED_DATA_DOMAIN(`${field} is not ${what}`, {
      field,
      hint: "do not sign: the message is for another chain or contract",
    });
  if (domain.chainId === undefined || !sameMember("chainId", domain.chainId, chainId)) {
    throw other("domain.chainId", chainId.toString());
  }
  if (
    domain.verifyingContract === undefined ||
    !sameMember("verifyingContract", domain.verifyingContract, contract)
  ) {
    throw other("domain.verifyingContract", contract);
  }
}

// By what is shown of it: a number has several spellings, and an address two.
function sameMember(
  member: "chainId" | "verifyingContract",
  given: bigint | number | string,
  wanted: bigint | Address,
): boolean {
  const lines: TypedDataLine[] = [];
  hashDomain({ [member]: given }, lines);
  return lines[0]?.value === String(wanted);
}

function hashDomain(domain: TypedDataDomain, lines: TypedDataLine[]): Uint8Array {
  const fields = domainFields(domain);
  if (fields.length === 0) {
    throw TYPED_DATA_DOMAIN("domain is empty: every contract of every chain could take the message", {
      field: "domain",
      hint: "do not sign",
    });
  }
  const present = Object.fromEntries(Object.entries(domain).filter(([, value]) => value !== undefined));
  return hashStruct({ [DOMAIN]: fields }, DOMAIN, present, { path: "domain", lines });
}
