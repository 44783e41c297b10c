import { expect, test } from "vitest";
import { writeDescriptor } from "../../../../../src/chains/bitcoin/descriptor.ts";
import { keyAccounts } from "../../../../../src/chains/bitcoin/exports/key-account.ts";
import { testSeed } from "../../../../bitcoin/regtest-wallet.ts";

const key = (sentence: string, path: readonly number[]) => testSeed(sentence, path).key;
const single = writeDescriptor(
  { kind: "p2wpkh", threshold: 1, keys: [key("one", [84, 1, 0])] },
  "regtest",
).text;

test("a seed's keys are one account, each for its kind of script; those of another seed are another", () => {
  const cosigners = [key("one", [48, 1, 0, 2]), key("one", [48, 1, 0, 1]), key("two", [48, 1, 0, 2])];
  const accounts = keyAccounts([single], cosigners, "regtest");
  expect(accounts.map(({ outputs }) => outputs.map(({ scripts }) => scripts.join()))).toEqual([
    ["wpkh", "wsh", "sh,wsh"],
    ["wsh"],
  ]);
  expect(accounts[0]?.fingerprint).not.toBe(accounts[1]?.fingerprint);
  expect(accounts[0]?.outputs[1]).toMatchObject({ keys: [{ branches: "unsaid", origin: { depth: 4 } }] });
});

test("a script type that BIP-48 does not have is left out", () => {
  expect(keyAccounts([], [key("one", [48, 1, 0, 3])], "regtest")).toEqual([]);
  expect(keyAccounts([], [key("one", [48, 1, 0, 2])], "regtest")).toHaveLength(1);
});
