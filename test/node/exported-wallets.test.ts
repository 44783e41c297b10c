/** Bitcoin Core reads what `wallet export --as descriptor` writes, and derives the addresses that we and BSMS name. */
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { startBitcoind, type Regtest } from "../../demo/regtest.ts";
import { deriveAddress, writeDescriptor, type DescriptorKind } from "../../src/chains/bitcoin/descriptor.ts";
import { exportWallet, type ExportOptions } from "../../src/chains/bitcoin/exports/wallet-export.ts";
import { testSeed } from "../bitcoin/regtest-wallet.ts";

const KINDS: readonly (readonly [kind: DescriptorKind, path: readonly number[]])[] = [
  ["p2wpkh", [84, 1, 0]],
  ["p2sh-p2wpkh", [49, 1, 0]],
  ["p2tr", [86, 1, 0]],
  ["p2wsh-sortedmulti", [48, 1, 0, 2]],
  ["p2sh-p2wsh-sortedmulti", [48, 1, 0, 1]],
  ["p2tr-sortedmulti", [48, 1, 0, 3]],
];

let regtest: Regtest;
beforeAll(async () => {
  regtest = await startBitcoind();
});
afterAll(() => regtest.stop());

test.each(KINDS)("%s", async (kind, path) => {
  const several = kind.endsWith("sortedmulti");
  const sentences = several ? ["cosigner one", "cosigner two", "cosigner three"] : ["one"];
  const keys = sentences.map((sentence) => testSeed(sentence, path).key);
  const wallet = writeDescriptor({ kind, threshold: several ? 2 : 1, keys }, "regtest");
  const text = (options: Partial<ExportOptions>) => {
    const given = exportWallet(wallet, { format: "descriptor", name: "", branches: "both", ...options });
    return given.type === "text" ? given.text.trim() : "";
  };
  for (const [branch, branches] of [
    [0, "receive"],
    [1, "change"],
  ] as const) {
    const descriptor = text({ branches });
    const info = await regtest.rpc.read(
      "getdescriptorinfo",
      [descriptor],
      z.object({ checksum: z.string() }),
    );
    expect(descriptor.endsWith(`#${info.checksum}`)).toBe(true);
    const addresses = await regtest.rpc.read("deriveaddresses", [descriptor, [0, 2]], z.array(z.string()));
    expect(addresses).toEqual([0, 1, 2].map((index) => deriveAddress(wallet, branch, index).address));
    if (several && branch === 0) expect(text({ format: "bsms" }).split("\n")[3]).toBe(addresses[0]);
  }
});
