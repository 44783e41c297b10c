import { describe, expect, test } from "vitest";
import {
  joinShares,
  makeUnlockFile,
  openShare,
  parseUnlockFile,
  unlockFileBytes,
  type UnlockFile,
} from "../../../../signer/keystore/unlock-file.ts";
import { toHex, utf8 } from "../../../../src/core/hex.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import { fakeIo } from "../../../factory/io.ts";
import { codeOf } from "../../../factory/thrown.ts";

const KEY = fixtureBytes("unlock key");
const NAMES = ["olga", "otto", "ruth"] as Name[];
const pass = (name: string) => utf8(`passphrase of ${name}`);
const { io } = fakeIo();
const made = makeUnlockFile(
  KEY,
  NAMES.map((name) => ({ name, passphrase: pass(name) })),
  "regtest",
  (length) => io.random(length),
);
const file = parseUnlockFile(unlockFileBytes(made), "regtest");
const shareOf = (index: number, whose = NAMES[index] ?? "") =>
  openShare(file.holders[index] ?? { name: "" as Name, sealed: new Uint8Array() }, "regtest", pass(whose));

describe("a signer that officers open together", () => {
  test("any two give the key", () => {
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const)
      expect(toHex(joinShares(file, [shareOf(a), shareOf(b)]))).toBe(toHex(KEY));
  });

  test("one passphrase opens one share, which is not the key, and no second one", () => {
    expect(toHex(shareOf(0).y)).not.toBe(toHex(KEY));
    expect(codeOf(() => shareOf(1, "olga"))).toBe("PASSPHRASE_WRONG");
    expect(codeOf(() => joinShares(file, [shareOf(0), shareOf(0)]))).toBe("UNLOCK_FILE_MALFORMED");
  });

  test("a share of another key is found by the digest", () => {
    const other = makeUnlockFile(
      fixtureBytes("x"),
      [
        { name: "olga" as Name, passphrase: pass("olga") },
        { name: "otto" as Name, passphrase: pass("otto") },
      ],
      "regtest",
      (length) => io.random(length),
    );
    const foreign = openShare(other.holders[1] as UnlockFile["holders"][number], "regtest", pass("otto"));
    expect(codeOf(() => joinShares(file, [shareOf(0), foreign]))).toBe("SHARES_DIGEST_WRONG");
  });

  test.each([
    ["one is enough", { needed: 1 }],
    ["more are needed than there are", { needed: 4 }],
    ["an officer twice", { holders: [made.holders[0], made.holders[0]] }],
    ["of one officer", { holders: [made.holders[0]] }],
    ["of another network", { network: "mainnet" }],
  ])("a file is refused: %s", (_, change) => {
    const bytes = unlockFileBytes({ ...made, ...change } as UnlockFile);
    expect(codeOf(() => parseUnlockFile(bytes, "regtest"))).toBe("UNLOCK_FILE_MALFORMED");
  });
});
