/** SLIP-39: a seed in shares, which prove and restore it. */
import { describe, expect, test } from "vitest";
import { vaultSeed } from "../../../factory/custody.ts";
import { mustRun } from "../../../factory/signer-home.ts";
import { PASS, EXTENDED, signerHome, linesOf, letters } from "./backup-home.ts";

describe("SLIP-39", () => {
  test("shares of a seed of words prove it and restore it elsewhere, without its words", async () => {
    const home = await signerHome();
    await mustRun(home, ["keys", "restore", "--name", "vault", "--words-file", "words", ...PASS]);
    const backup = ["keys", "backup", "--name", "vault", "--words-out", "shares", ...PASS];
    expect(await home.run([...backup, "--slip39", "1of1,2of3"])).toMatchObject({ exit: 2 });
    await mustRun(home, [...backup, "--slip39", "1of1,2of3", "--groups-needed", "2"]);
    const shares = linesOf(home, "shares");
    expect(shares.map((share) => share.split(" ").length)).toEqual([59, 59, 59, 59]);
    home.write("enough", `${shares[3]}\n${shares[0]}\n${shares[1]}\n`);
    home.write("few", `${shares[0]}\n${shares[1]}\n`);
    const verify = ["keys", "verify", "--name", "vault", "--slip39", "--words-file"];
    expect(await home.run([...verify, "enough"])).toMatchObject({ exit: 0 });
    expect(await home.run([...verify, "few"])).toMatchObject({ exit: 3, error: { code: "SHARES_TOO_FEW" } });
    const other = await signerHome("regtest", 0xff);
    other.write("enough", home.read("enough"));
    const restored = await mustRun(other, [
      "keys",
      "restore",
      "--name",
      "v",
      "--slip39",
      "--words-file",
      "enough",
      ...PASS,
    ]);
    const { fingerprint, descriptor, cosignerKey } = vaultSeed();
    expect(restored.data).toMatchObject({ standard: "slip39", fingerprint, descriptor, cosignerKey });
    await mustRun(other, ["keys", "export", "--out", "card.json", ...PASS]);
  });

  test("shares of another seed are found out by the drill", async () => {
    const home = await signerHome();
    await mustRun(home, ["keys", "restore", "--name", "vault", "--words-file", "words", ...PASS]);
    await mustRun(home, [
      "keys",
      "new",
      "--name",
      "other",
      "--slip39",
      "1of1",
      "--words-out",
      "share",
      ...PASS,
    ]);
    const drill = (name: string) =>
      home.run(["keys", "verify", "--name", name, "--slip39", "--words-file", "share"]);
    expect(await drill("other")).toMatchObject({ exit: 0 });
    expect(await drill("vault")).toMatchObject({ exit: 7, error: { code: "WORDS_OF_ANOTHER_SEED" } });
  });

  test("a seed that begins as shares has 33 words on each, and no BIP-39 options", async () => {
    const home = await signerHome();
    const make = (...more: string[]) =>
      home.run([
        "keys",
        "new",
        "--name",
        "vault",
        "--slip39",
        "2of3",
        "--words-out",
        "shares",
        ...more,
        ...PASS,
      ]);
    for (const more of [["--words", "12"], EXTENDED])
      expect(await make(...more)).toMatchObject({ exit: 2, error: { code: "FLAG_MALFORMED" } });
    expect(await make()).toMatchObject({ exit: 0, data: { standard: "slip39", passphrase: false } });
    expect(linesOf(home, "shares").map((share) => share.split(" ").length)).toEqual([33, 33, 33]);
  });

  test("a person types shares; a misread one costs only itself", async () => {
    const home = await signerHome();
    await mustRun(home, [
      "keys",
      "new",
      "--name",
      "vault",
      "--slip39",
      "2of3",
      "--words-out",
      "shares",
      ...PASS,
    ]);
    const [a, b, c] = linesOf(home, "shares") as [string, string, string];
    const misread = a.replace(/^\S+/, a.startsWith("academic") ? "acid" : "academic");
    const typed = await home.terminal(
      ["keys", "verify", "--name", "vault"],
      [misread, "", letters(b).join(" "), b, ...letters(c).slice(0, 20), letters(c).slice(20).join(" ")],
    );
    expect(typed.stderr).toContain("the checksum is wrong");
    expect(typed.stderr).toContain("group 1 has 1 of 2 shares");
    expect(typed.stderr).toContain("is already here");
    expect(typed.exit).toBe(0);
    expect(typed.stdout).toContain("the shares restore it");
    expect(typed.stdout).not.toContain(b);
  });

  test("a person copies each sheet, and one that was copied wrongly is shown again", async () => {
    const home = await signerHome();
    await mustRun(home, ["keys", "restore", "--name", "vault", "--words-file", "words", ...PASS]);
    const shown = await home.terminal(
      ["keys", "backup", "--name", "vault", "--slip39", "1of1", ...PASS],
      ["", "wrong", ""],
    );
    expect(shown.stderr).toContain(`SLIP-39, seed ${vaultSeed().fingerprint}, group 1 of 1, share 1 of 1.`);
    expect(shown.stderr).toContain("correct the sheet");
    expect(shown.exit).toBe(130);
  });

  test("outside regtest no share goes through a file", async () => {
    const home = await signerHome("testnet");
    for (const verb of [
      ["new", "--slip39", "2of3", "--words-out", "w"],
      ["restore", "--slip39", "--words-file", "words"],
    ])
      expect(
        await home.run(["keys", verb[0] as string, "--name", "v", ...verb.slice(1), ...PASS]),
      ).toMatchObject({
        exit: 4,
        error: { code: "WORDS_FILE_REGTEST_ONLY" },
      });
  });
});
