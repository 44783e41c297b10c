import { expect, test } from "vitest";
import { assertServed } from "../../../src/home/served.ts";
import { policyBody } from "../../factory/documents.ts";
import { ownWallet } from "../../factory/evm-account.ts";
import { codeOf } from "../../factory/thrown.ts";

test("a wallet on a chain whose nodes are not asked is refused, one on bitcoin is not", () => {
  const { wallets } = policyBody();
  expect(codeOf(() => assertServed({ wallets }))).toBe("none");
  expect(codeOf(() => assertServed({ wallets: [...wallets, ownWallet()] }))).toBe("CHAIN_NOT_SERVED");
});
