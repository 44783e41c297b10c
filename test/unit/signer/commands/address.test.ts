/** `custody-signer address verify`, each refusal beside what it accepts. */
import { fromBech32, toBech32 } from "bitcoinjs-lib/src/address";
import { beforeAll, describe, expect, test } from "vitest";
import { pngOfMatrix } from "../../../../src/airgap/png-write.ts";
import { qrMatrix, qrTextMatrix, versionFor } from "../../../../src/airgap/qr-matrix.ts";
import { lookAlike } from "../../../../src/chains/bitcoin/address.ts";
import { deriveAddress, parseDescriptor, type Branch } from "../../../../src/chains/bitcoin/descriptor.ts";
import { testWallet } from "../../../bitcoin/regtest-wallet.ts";
import { pinnedHome, type Answer } from "../../../factory/signer-home.ts";

/** The fixtures' vault has an index gap of 20 and has signed nothing: receive 0 to 19 are expected. */
const LAST = 19;
let home: Awaited<ReturnType<typeof pinnedHome>>;
const own = (index: number, branch: Branch = 0) =>
  deriveAddress(parseDescriptor(home.custody.wallet.descriptor, "regtest"), branch, index);
const verify = (...args: readonly string[]): Promise<Answer> => home.run(["address", "verify", ...args]);

beforeAll(async () => {
  home = await pinnedHome();
});

describe("an address of the pinned wallet", () => {
  test("is proven with wallet, branch, index and the keys that it needs", async () => {
    const { address } = own(5);
    const [fingerprint] = /[0-9a-f]{8}/.exec(home.custody.wallet.descriptor) as RegExpExecArray;
    expect(await verify(address)).toMatchObject({
      exit: 0,
      data: {
        address,
        wallet: "vault",
        branch: 0,
        index: 5,
        threshold: 1,
        keys: [{ fingerprint, path: "m/84h/1h/0h/0/5" }],
        withinGap: true,
      },
    });
    expect(await verify(address, "--wallet", "vault", "--index", "5")).toMatchObject({ exit: 0 });
  });

  test("is read from a bitcoin: URI, in capitals, from a file and from the picture of a code", async () => {
    const { address } = own(3);
    const capitals = address.toUpperCase();
    home.write("address.txt", `${address}\n`);
    home.write("address.png", pngOfMatrix(qrMatrix(`BITCOIN:${capitals}`, versionFor(60, "M"), "M"), 4));
    home.write("uri.png", pngOfMatrix(qrTextMatrix(`bitcoin:${address}?amount=0.1&label=rent`, "M"), 4));
    for (const args of [
      [capitals],
      [`bitcoin:${address}?amount=20.3`],
      ["--in", "address.txt"],
      ["--in", "address.png"],
      ["--in", "uri.png"],
    ])
      expect(await verify(...args)).toMatchObject({ exit: 0, data: { address, index: 3 } });
    const scanned = await home.terminal(["address", "verify", "--in", "scan"], [address]);
    expect(scanned.exit).toBe(0);
    expect(scanned.stdout).toContain("receive 3 of wallet vault");
  });

  test("is drawn as a code at a terminal alone", async () => {
    const { address } = own(0);
    const drawn = await home.terminal(["address", "verify", address, "--qr"], []);
    expect(drawn.stdout).toMatch(/[▀▄█]{5}/);
    expect(await verify(address, "--qr")).toMatchObject({ exit: 2 });
  });

  test("a URI that demands what nobody here knows, two addresses, and none are refused", async () => {
    const { address } = own(0);
    const unread = { exit: 3, error: { code: "PAYMENT_URI_UNREAD" } };
    expect(await verify(`bitcoin:${address}?req-pop=1`)).toMatchObject(unread);
    home.write("two.txt", `${address}\n${own(1).address}\n`);
    expect(await verify("--in", "two.txt")).toMatchObject({ exit: 3, error: { code: "TEXT_NOT_SINGLE" } });
    expect(await verify()).toMatchObject({ exit: 2 });
    expect(await verify(address, "--in", "address.txt")).toMatchObject({ exit: 2 });
    expect(await verify(address, "--wallet", "cold")).toMatchObject({
      exit: 5,
      error: { code: "WALLET_NOT_PINNED" },
    });
  });
});

describe("an address that somebody else puts in its place", () => {
  test("a stranger's: exit 7", async () => {
    const { address } = deriveAddress(testWallet("a stranger").descriptor, 0, 5);
    expect(await verify(address)).toMatchObject({ exit: 7, error: { code: "ADDRESS_NOT_OURS" } });
  });

  test("F22: one that looks like ours is named as such", async () => {
    const { address } = own(5);
    const forged = lookAlikeOf(address);
    expect(lookAlike(forged, [address])).toBe(address);
    const { exit, error } = await verify(forged);
    expect([exit, error.code]).toEqual([7, "ADDRESS_NOT_OURS"]);
    expect(error.message).toContain("only looks like receive 5");
    expect(error.details).toMatchObject({ looksLike: address });
  });

  test("B19: one of another network", async () => {
    const { script } = own(5);
    const mainnet = toBech32(script.subarray(2), 0, "bc");
    expect(await verify(mainnet)).toMatchObject({ exit: 3, error: { code: "ADDRESS_NETWORK" } });
  });

  test("a change address is ours, and given to nobody; --change proves it", async () => {
    const { address } = own(2, 1);
    expect(await verify(address)).toMatchObject({ exit: 7, error: { code: "ADDRESS_IS_CHANGE" } });
    expect(await verify(address, "--change")).toMatchObject({ exit: 0, data: { branch: 1, index: 2 } });
    expect(await verify(own(2).address, "--change")).toMatchObject({ exit: 7 });
  });

  test("B7: one above the gap is found only where a person says so, with a warning", async () => {
    const [last, above] = [own(LAST).address, own(LAST + 1).address];
    expect(await verify(last)).toMatchObject({ exit: 0, data: { withinGap: true } });
    expect(await verify(above)).toMatchObject({ exit: 7, error: { code: "ADDRESS_NOT_OURS" } });
    const index = String(LAST + 1);
    for (const reach of [
      ["--index", index],
      ["--within", index],
    ]) {
      const found = await verify(above, ...reach);
      expect(found).toMatchObject({ exit: 0, data: { index: LAST + 1, withinGap: false } });
      expect(found.stdout).toContain(`above ${LAST}`);
    }
    expect(await verify(above, "--within", String(LAST))).toMatchObject({ exit: 7 });
    expect(await verify(above, "--within", "100001")).toMatchObject({ exit: 2 });
  });

  test("one of ours at another index than the online host says", async () => {
    const answer = await verify(own(4).address, "--index", "5");
    expect(answer).toMatchObject({ exit: 7, error: { code: "ADDRESS_NOT_OURS" } });
    expect(answer.error.message).toContain("is receive 4");
  });
});

const LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

/**
 * Another address with the first and last four characters of `address`. Bech32's checksum is linear (BIP-173), so some of
 * any 21 bits can be turned together without changing the twenty that are its last four letters; no search is needed.
 */
function lookAlikeOf(address: string): string {
  const { data } = fromBech32(address);
  const turned = (bits: readonly number[]) => {
    const program = Uint8Array.from(data);
    for (const bit of bits) program[bit >> 3] = (program[bit >> 3] as number) ^ (1 << (bit & 7));
    return toBech32(program, 0, "bcrt");
  };
  const end = (text: string) =>
    [...text.slice(-4)].reduce((sum, letter) => 32 * sum + LETTERS.indexOf(letter), 0);
  const rows: { readonly effect: number; readonly bits: readonly number[] }[] = [];
  for (let bit = 40; ; bit++) {
    let row = { effect: end(turned([bit])) ^ end(address), bits: [bit] };
    for (const { effect, bits } of rows) {
      if ((row.effect ^ effect) < row.effect)
        row = { effect: row.effect ^ effect, bits: [...row.bits, ...bits] };
    }
    if (row.effect === 0) return turned(row.bits);
    rows.push(row);
  }
}
