import { describe, expect, test } from "vitest";
import { descriptorChecksum } from "../../../../src/chains/descriptor-checksum.ts";
import { DESCRIPTOR_CHECKSUM, parseDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import { DESCRIPTOR_KIND, DESCRIPTOR_MALFORMED } from "../../../../src/chains/bitcoin/key-expression.ts";
import { expectRefusal } from "../../../bitcoin/refusal.ts";

/** The vectors of BIP-380, "Checksum". */
describe("BIP-380 checksum", () => {
  test("raw(deadbeef)#89f8spxm", () => {
    expect(descriptorChecksum("raw(deadbeef)")).toBe("89f8spxm");
    // The checksum holds; the kind is one that we do not handle.
    expectRefusal(() => parseDescriptor("raw(deadbeef)#89f8spxm", "mainnet"), DESCRIPTOR_KIND);
  });

  test.each([
    "raw(deadbeef)",
    "raw(deadbeef)#",
    "raw(deadbeef)#89f8spxmx",
    "raw(deadbeef)#89f8spx",
    "raw(deedbeef)#89f8spxm",
    "raw(deedbeef)##9f8spxm",
  ])("refuses %s", (text) => {
    expectRefusal(() => parseDescriptor(text, "mainnet"), DESCRIPTOR_CHECKSUM);
  });

  test("refuses characters that descriptors do not have", () => {
    expect(descriptorChecksum("raw(Ü)")).toBeUndefined();
    expectRefusal(() => parseDescriptor("raw(Ü)#00000000", "mainnet"), DESCRIPTOR_MALFORMED);
  });
});
