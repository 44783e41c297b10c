/** F22: who is known is found by an address's ending, whatever its capitals; the chain says whether they are part of it. */
import { describe, expect, test } from "vitest";
import { addressOf } from "../../../../src/chains/evm/address.ts";
import { accountId, type AccountId } from "../../../../src/core/account.ts";
import { saveDocument } from "../../../../src/store/documents.ts";
import { accountsEndingAlike } from "../../../../src/store/known-accounts.ts";
import { write } from "../../../../src/store/transaction.ts";
import { insertAddress } from "../../../../src/store/wallets.ts";
import { assertNoLookAlike } from "../../../../src/withdrawals/intake/look-alike.ts";
import { beneficiary } from "../../../factory/documents.ts";
import { ANVIL } from "../../../factory/evm-account.ts";
import { codeOf } from "../../../factory/thrown.ts";
import { CHAIN, CONTEXT, furnish, scratch, VAULT } from "../../store/scratch.ts";

/** An address by its first two bytes, its last two, and a number between them. */
const evm = (number: number, ending = [0xab, 0xcd]) =>
  addressOf(Uint8Array.of(0x1f, 0x98, ...new Uint8Array(15), number, ...ending));
const onEvm = (address: string) => accountId(ANVIL, address);
const onBitcoin = (address: string) => accountId(CHAIN, address);

const OTHER_CHAIN = "eip155:11155111" as typeof ANVIL;
const KNOWN = evm(0);
const sameEnds = Array.from({ length: 255 }, (_, at) => evm(at + 1));
const TWIN = sameEnds.find((one) => one.slice(-4) !== KNOWN.slice(-4)) as string;
const SPELT_ALIKE = sameEnds.find((one) => one.slice(-4) === KNOWN.slice(-4)) as string;

/** What is said of `asked` where people know `known`: as an address of ours, or as a signed destination. */
const PLACES = {
  "an address of ours": (known: AccountId, asked: AccountId) =>
    said(known, asked, (tx) => insertAddress(tx, { account: known, wallet: VAULT, branch: 0, index: 0 })),
  "a signed destination": (known: AccountId, asked: AccountId) =>
    said(known, asked, (tx) => saveDocument(tx, beneficiary({ account: known }))),
};

function said(known: AccountId, asked: AccountId, insert: (tx: Parameters<typeof insertAddress>[0]) => void) {
  const { store } = scratch();
  furnish(store, 1n);
  write(store, CONTEXT, insert);
  expect(accountsEndingAlike(store, known)).toEqual([known]);
  return codeOf(() => assertNoLookAlike({ accountsEndingAlike }, store, asked));
}

describe.each(Object.entries(PLACES))("beside %s", (_, judge) => {
  test("an EVM twin is refused, whether its ending has the same capitals or others", () => {
    expect(TWIN.toLowerCase().slice(-4)).toBe(KNOWN.toLowerCase().slice(-4));
    expect(judge(onEvm(KNOWN), onEvm(TWIN))).toBe("ADDRESS_LOOKS_ALIKE");
    expect(judge(onEvm(KNOWN), onEvm(SPELT_ALIKE))).toBe("ADDRESS_LOOKS_ALIKE");
  });

  test("it is one on every chain of its family: the same address is no twin, another one is", () => {
    const elsewhere = accountId(OTHER_CHAIN, KNOWN);
    expect(judge(elsewhere, onEvm(TWIN))).toBe("ADDRESS_LOOKS_ALIKE");
    expect(judge(elsewhere, onEvm(KNOWN))).toBe("none");
  });

  test("the very address, and one that ends otherwise, are taken", () => {
    expect(judge(onEvm(KNOWN), onEvm(KNOWN))).toBe("none");
    expect(judge(onEvm(KNOWN), onEvm(evm(1, [0xab, 0xce])))).toBe("none");
  });

  // In base58 a capital is another digit: a reader sees two endings, and bitcoin's codec says so.
  test("a bitcoin address with other capitals at its end is taken; with the same ones it is refused", () => {
    const known = onBitcoin("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn");
    expect(judge(known, onBitcoin("mipcZZZZZZZZZZZZZZZZZZZZZZZZZZJrFN"))).toBe("none");
    expect(judge(known, onBitcoin("mipcZZZZZZZZZZZZZZZZZZZZZZZZZZJRfn"))).toBe("ADDRESS_LOOKS_ALIKE");
  });
});

test("on bitcoin an ending in other capitals is brought to the codec", () => {
  const { store } = scratch();
  furnish(store, 1n);
  const known = onBitcoin("mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn");
  write(store, CONTEXT, (tx) => insertAddress(tx, { account: known, wallet: VAULT, branch: 0, index: 0 }));
  expect(accountsEndingAlike(store, onBitcoin("mZZZJrFN"))).toEqual([known]);
});
