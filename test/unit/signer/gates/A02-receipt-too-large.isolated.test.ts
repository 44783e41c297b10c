import { expect, test, vi } from "vitest";
import type * as Limits from "../../../../src/core/limits.ts";
import { goodRequest, makeCustody, stateFor } from "../../../factory/custody.ts";
import { signed } from "../../../factory/gates.ts";
import { codeOf } from "../../../factory/thrown.ts";

const limits = vi.hoisted(() => ({ receiptBytesMax: 0 }));
vi.mock("../../../../src/core/limits.ts", async (original) => {
  const { LIMITS } = await original<typeof Limits>();
  return {
    LIMITS: new Proxy(LIMITS, {
      get: (target, name) => Reflect.get(name === "receiptBytesMax" ? limits : target, name) as unknown,
    }),
  };
});

test("a receipt that the journal could not read again is refused before anything is written", () => {
  const custody = makeCustody();
  const state = stateFor(custody);
  const sign = () => codeOf(() => signed(goodRequest(custody), state));
  limits.receiptBytesMax = 100;
  expect(sign()).toBe("G12_RECEIPT_TOO_LARGE");
  limits.receiptBytesMax = 63 * 1024 * 1024;
  expect(sign()).toBe("none");
});
