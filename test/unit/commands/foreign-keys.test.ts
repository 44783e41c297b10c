/** Keys that are not ours come from other makers' devices: what `--foreign-key @FILE` reads. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeCbor, type Cbor } from "../../../src/airgap/cbor.ts";
import { writeHdKey } from "../../../src/airgap/registry/hd-key.ts";
import { encodeUr, FRAGMENT_BYTES_MAX } from "../../../src/airgap/ur.ts";
import { registryKey } from "../../../src/chains/bitcoin/exports/registry-key.ts";
import { parseKeyExpression } from "../../../src/chains/bitcoin/key-expression.ts";
import { readForeignKeys } from "../../../src/commands/policy/foreign-keys.ts";
import { utf8 } from "../../../src/core/hex.ts";
import { temporaryFolder } from "../../factory/folder.ts";
import { fakeIo } from "../../factory/io.ts";
import { codeOfAsync } from "../../factory/thrown.ts";
import { ACCOUNT } from "../airgap/registry/published.ts";
import { BSMS_KEY, BSMS_KEYS } from "../chains/bitcoin/exports/published.ts";

const folder = temporaryFolder("foreign");

function read(content: string, network: "mainnet" | "regtest" = "mainnet", kind?: string) {
  writeFileSync(join(folder, "key"), content);
  return readForeignKeys({ io: fakeIo({ cwd: folder }).io, flags: { foreignKey: ["@key"], kind } }, network);
}

function ur(type: string, cbor: Uint8Array): string {
  return encodeUr(type, cbor, FRAGMENT_BYTES_MAX).single as string;
}

const [key] = BSMS_KEYS;
const hdKey = writeHdKey(registryKey(parseKeyExpression(key, "mainnet").key, "mainnet", "both"));

describe("a foreign key", () => {
  test("is taken as it stands, and as text of a file, with branches or without", async () => {
    const io = fakeIo({ cwd: folder }).io;
    expect(await readForeignKeys({ io, flags: { foreignKey: [key] } }, "mainnet")).toEqual([key]);
    expect(await readForeignKeys({ io, flags: {} }, "mainnet")).toEqual([]);
    expect(await read(`${key}\n`)).toEqual([key]);
    expect(await read(`${key}/<0;1>/*\n`)).toEqual([key]);
  });

  test("is the P2WSH key of a device's account, and the key of a BSMS record, in a file or a UR", async () => {
    expect(await read(ACCOUNT.ur)).toEqual([ACCOUNT.wshCosigner]);
    expect(await read(ur("crypto-hdkey", encodeCbor(hdKey)))).toEqual([key]);
    expect(await read(BSMS_KEY[0])).toEqual([key]);
    expect(await read(ur("bytes", encodeCbor(utf8(BSMS_KEY[0]))))).toEqual([key]);
  });

  test("is the one of the account that the wallet's kind asks for; taproot has none there", async () => {
    const [nested] = await read(ACCOUNT.ur, "mainnet", "p2sh-p2wsh-sortedmulti");
    expect(nested).toContain("[37b5eed4/48h/0h/0h/1h]xpub");
    expect(await codeOfAsync(() => read(ACCOUNT.ur, "mainnet", "p2tr-sortedmulti"))).toBe(
      "FOREIGN_KEY_UNCLEAR",
    );
    const alone = ur("crypto-hdkey", encodeCbor(hdKey));
    expect(await read(alone, "mainnet", "p2tr-sortedmulti")).toEqual([key]);
  });

  test("T8: the name of the UR type decides: the same CBOR under other names is refused", async () => {
    const cbor = encodeCbor(hdKey);
    for (const type of ["crypto-account", "crypto-output"])
      expect(await codeOfAsync(() => read(ur(type, cbor)))).toBe("UR_STRUCTURE_MALFORMED");
    for (const type of ["eth-sign-request", "crypto-psbt", "bytes"])
      expect(await codeOfAsync(() => read(ur(type, cbor)))).toBe("UR_TYPE_UNKNOWN");
  });

  test("an account without a P2WSH key, or with two, and a key of another network are refused", async () => {
    const single: Cbor = { tag: 404, value: { tag: 303, value: hdKey } };
    const cosigner: Cbor = { tag: 401, value: { tag: 303, value: hdKey } };
    const account = (entries: readonly Cbor[]) =>
      ur(
        "crypto-account",
        encodeCbor(
          new Map<number, Cbor>([
            [1, 0x1cf0bf7e],
            [2, entries],
          ]),
        ),
      );
    expect(await read(account([single, cosigner]))).toEqual([key]);
    for (const entries of [[single], [cosigner, cosigner]])
      expect(await codeOfAsync(() => read(account(entries)))).toBe("FOREIGN_KEY_UNCLEAR");
    expect(await codeOfAsync(() => read(account([cosigner]), "regtest"))).toBe("DESCRIPTOR_NETWORK");
  });
});
