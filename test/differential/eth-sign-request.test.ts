/** ERC-4527 beside its author's own library: what we ask is what it reads, what it writes is what we read, byte by byte. */
import { ETHSignature, EthSignRequest as Keystone } from "@keystonehq/bc-ur-registry-eth";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  DATA_TYPES,
  ethSignatureCbor,
  ethSignRequestCbor,
  readEthSignature,
  readEthSignRequest,
  type DataType,
  type EthSignRequest,
} from "../../src/airgap/registry/eth-sign-request.ts";
import { toHex } from "../../src/core/hex.ts";

const HARDENED = 0x8000_0000;

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const anyText = fc.string({ maxLength: 40, unit: "grapheme-composite" });
const anyStep = fc
  .tuple(fc.nat(HARDENED - 1), fc.boolean())
  .map(([index, hardened]) => (hardened ? index + HARDENED : index));

/** With a version's and the variant's bits, without which the library takes no id. */
const anyId = bytes(16).map((id) =>
  id.map((byte, place) => (place === 6 ? (byte & 0x0f) | 0x40 : place === 8 ? (byte & 0x3f) | 0x80 : byte)),
);

const anyRequest: fc.Arbitrary<EthSignRequest> = fc.record({
  requestId: anyId,
  signData: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  dataType: fc.constantFrom(...(Object.keys(DATA_TYPES) as DataType[])),
  chainId: fc.integer({ min: 1, max: 0x7fff_ffff }),
  path: fc.record({
    path: fc.array(anyStep, { minLength: 1, maxLength: 6 }),
    fingerprint: fc
      .integer({ min: 1, max: 0xffff_ffff })
      .map((number) => number.toString(16).padStart(8, "0")),
  }),
  address: optional(bytes(20)),
  origin: optional(anyText.filter((text) => text !== "")),
});

const uuidOf = (id: Uint8Array) => toHex(id).replace(/^(.{8})(.{4})(.{4})(.{4})/u, "$1-$2-$3-$4-");
const pathOf = (steps: readonly number[]) =>
  steps.map((step) => (step >= HARDENED ? `${step - HARDENED}'` : String(step))).join("/");

function keystoneOf({
  requestId,
  signData,
  dataType,
  chainId,
  path,
  address,
  origin,
}: EthSignRequest): Keystone {
  return Keystone.constructETHRequest(
    Buffer.from(signData),
    DATA_TYPES[dataType],
    `m/${pathOf(path.path)}`,
    path.fingerprint as string,
    uuidOf(requestId),
    chainId,
    address && toHex(address),
    origin,
  );
}

/** Without what is undefined, as a reader leaves it out. */
const said = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));

test("requests", () => {
  fc.assert(
    fc.property(anyRequest, (request) => {
      const theirs = new Uint8Array(keystoneOf(request).toCBOR());
      const ours = ethSignRequestCbor(request);
      expect(toHex(ours)).toBe(toHex(theirs));
      expect(readEthSignRequest(theirs)).toEqual(said(request));
      const read = Keystone.fromCBOR(Buffer.from(ours));
      expect(read.getDerivationPath()).toBe(pathOf(request.path.path));
      expect(toHex(read.getSignData())).toBe(toHex(request.signData));
    }),
    { numRuns: 200 },
  );
});

test("answers", () => {
  fc.assert(
    fc.property(
      anyId,
      fc.uint8Array({ minLength: 65, maxLength: 72 }),
      optional(anyText.filter((text) => text !== "")),
      (requestId, signature, origin) => {
        const theirs = new ETHSignature(Buffer.from(signature), Buffer.from(requestId), origin).toCBOR();
        const answer = { requestId, signature, origin };
        expect(toHex(ethSignatureCbor(answer))).toBe(toHex(new Uint8Array(theirs)));
        expect(readEthSignature(new Uint8Array(theirs))).toEqual(said(answer));
      },
    ),
    { numRuns: 200 },
  );
});
