import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openWallets } from "../../../../signer/commands/open-seeds.ts";
import { homeAt } from "../../../../signer/keystore/home.ts";
import { wordsOf } from "../../../../signer/keystore/seed.ts";
import { signerProgram } from "../../../../signer/main.ts";
import { fromHex, utf8 } from "../../../../src/core/hex.ts";
import { VAULT_ENTROPY, vaultSeed } from "../../../factory/custody.ts";
import { fixtureBytes } from "../../../factory/identities.ts";
import { fakeIo } from "../../../factory/io.ts";
import { mustRun, SIGNER_PASSPHRASE, textOf } from "../../../factory/signer-home.ts";
import { codeOfAsync } from "../../../factory/thrown.ts";
import { PASS, EXTENDED, CLEAR, signerHome, linesOf, letters } from "./backup-home.ts";

const FAIR_DICE = [
  ...fixtureBytes("dice 1"),
  ...fixtureBytes("dice 2"),
  ...fixtureBytes("dice 3"),
  ...fixtureBytes("dice 4"),
]
  .filter((byte) => byte < 252)
  .map((byte) => (byte % 6) + 1)
  .slice(0, 99)
  .join("");

describe("keys new", () => {
  test("makes 12 words where they are asked for, and they restore it", async () => {
    const home = await signerHome();
    await mustRun(home, ["keys", "new", "--name", "small", "--words", "12", "--words-out", "w", ...PASS]);
    expect(linesOf(home, "w")[0]?.split(" ")).toHaveLength(12);
    expect(await home.run(["keys", "verify", "--name", "small", "--words-file", "w"])).toMatchObject({
      exit: 0,
    });
    const odd = await home.run([
      "keys",
      "new",
      "--name",
      "odd",
      "--words",
      "15",
      "--words-out",
      "x",
      ...PASS,
    ]);
    expect(odd).toMatchObject({ exit: 2, error: { code: "FLAG_MALFORMED" } });
  });

  test("outside regtest always takes throws, and refuses a loaded die before a seed exists (attack B23)", async () => {
    const home = await signerHome("testnet");
    const make = (...typed: string[]) => home.terminal(["keys", "new", "--name", "vault", ...PASS], typed);
    const loaded = await make("123456".repeat(17));
    expect(loaded).toMatchObject({ exit: 4 });
    expect(loaded.stderr).toContain("chi-square");
    const cancelled = await make(FAIR_DICE.slice(0, 50), "7", FAIR_DICE.slice(50), "");
    expect(cancelled.stderr).toContain("(50 of 99)");
    expect(cancelled.stderr).toContain("that line was left out");
    expect(cancelled.stderr).toContain("Write these words on paper");
    expect(existsSync(home.path("home/seeds/vault-testnet.json"))).toBe(false);
  });

  test("shows the generator's bytes on request, and with them the words can be made elsewhere", async () => {
    const home = await signerHome();
    const shown = await home.terminal(
      ["keys", "new", "--name", "vault", "--dice", "--show-system-bytes", ...PASS],
      [FAIR_DICE, "", ""],
    );
    const system = /seed\. Shown once:\n\n([0-9a-f]{64})\n/.exec(shown.stderr)?.[1] ?? "";
    const entropy = createHash("sha256").update(fromHex(system)).update(FAIR_DICE).digest();
    const words = [...shown.stderr.matchAll(/\d+ {2}([a-z]+)/g)].map((match) => match[1]);
    expect(words.join(" ")).toBe(wordsOf(new Uint8Array(entropy)));
    expect(shown.stderr.indexOf(CLEAR, shown.stderr.indexOf(system))).toBeGreaterThan(0);
    const piped = await home.run([
      "keys",
      "new",
      "--name",
      "v",
      "--words-out",
      "w",
      "--show-system-bytes",
      ...PASS,
    ]);
    expect(piped).toMatchObject({ exit: 2, error: { code: "WORDS_NEED_TERMINAL" } });
  });

  test("says how the entropy was made", async () => {
    const home = await signerHome();
    const made = await mustRun(home, ["keys", "new", "--name", "vault", "--words-out", "w", ...PASS]);
    expect(textOf(made, "recipe")).toBe(
      "the first 32 bytes of SHA-256(32 system bytes, then nothing typed) are the entropy of the words (BIP-39)",
    );
  });
});

describe("a seed with a BIP-39 passphrase (attack B8)", () => {
  const restore = (...more: string[]) => [
    "keys",
    "restore",
    "--name",
    "vault",
    "--words-file",
    "words",
    ...more,
    ...PASS,
  ];

  test("is restored only with the fingerprint that was named or compared", async () => {
    const home = await signerHome();
    const unnamed = await home.run(restore(...EXTENDED));
    expect(unnamed).toMatchObject({ exit: 2, error: { code: "ANSWER_MISSING" } });
    const plain = await home.run(restore(...EXTENDED, "--fingerprint", vaultSeed().fingerprint));
    expect(plain).toMatchObject({ exit: 7, error: { code: "FINGERPRINT_DIFFERS" } });
    const made = await home.terminal(restore(...EXTENDED), ["y"]);
    expect(made.exit).toBe(0);
    const fingerprint = /Fingerprint ([0-9a-f]{8})/.exec(made.stderr)?.[1] ?? "";
    expect(fingerprint).not.toBe(vaultSeed().fingerprint);
    const twin = await signerHome();
    expect((await twin.terminal(restore(...EXTENDED), ["n"])).exit).toBe(7);
    expect(await twin.run(restore(...EXTENDED, "--fingerprint", fingerprint))).toMatchObject({
      exit: 0,
      data: { fingerprint, passphrase: true, standard: "bip39" },
    });
  });

  test("asks for it whenever it is used, and a mistyped one opens nothing", async () => {
    const home = await signerHome();
    const made = await mustRun(home, [
      "keys",
      "new",
      "--name",
      "vault",
      ...EXTENDED,
      "--words-out",
      "w",
      ...PASS,
    ]);
    const text = new TextDecoder().decode(home.read("home/seeds/vault-regtest.json"));
    expect(text).not.toContain("the seed's own");
    const verify = ["keys", "verify", "--name", "vault", "--words-file", "w"];
    expect(await home.run([...verify, ...EXTENDED])).toMatchObject({ exit: 0 });
    expect(await home.run([...verify, "--seed-passphrase-file", "other-pass"])).toMatchObject({ exit: 7 });
    expect(await home.run(verify)).toMatchObject({ exit: 2, error: { code: "ANSWER_MISSING" } });
    const out = ["keys", "export", "--out", "card.json", "--force", ...PASS];
    expect(await home.run(out)).toMatchObject({ exit: 2, error: { code: "ANSWER_MISSING" } });
    expect(await home.run([...out, "--seed-passphrase-file", "other-pass"])).toMatchObject({
      exit: 7,
      error: { code: "PASSPHRASE_WRONG" },
    });
    expect(existsSync(home.path("card.json"))).toBe(false);
    expect(await home.run([...out, ...EXTENDED])).toMatchObject({ exit: 0 });
    expect(linesOf(home, "card.json")[0]).toContain(textOf(made, "fingerprint"));
  });

  test("opens to wallet keys beside a seed without one", async () => {
    const home = await signerHome();
    await mustRun(home, ["keys", "new", "--name", "second", ...EXTENDED, "--words-out", "w", ...PASS]);
    await mustRun(home, ["keys", "restore", "--name", "vault", "--words-file", "words", ...PASS]);
    const listed = (await home.run(["keys", "list"])).data["seeds"] as { fingerprint: string }[];
    const open = { seed: new Uint8Array(32), passphrase: utf8(SIGNER_PASSPHRASE), wipe: () => undefined };
    const wallets = (file?: string) => {
      const { io } = fakeIo({ cwd: home.folder });
      const flags = file === undefined ? {} : { seedPassphraseFile: file };
      const call = {
        io,
        flags,
        program: signerProgram,
        args: [],
        home: home.path("home"),
        json: false,
        dryRun: false,
      };
      return openWallets(call, homeAt(home.path("home"), "regtest"), open);
    };
    const ring = await wallets("seed-pass");
    expect(listed).toHaveLength(2);
    for (const { fingerprint } of listed) expect(ring.privateKey(fingerprint, [0])).toHaveLength(32);
    ring.wipe();
    expect(await codeOfAsync(() => wallets("other-pass"))).toBe("PASSPHRASE_WRONG");
    expect(await codeOfAsync(() => wallets())).toBe("ANSWER_MISSING");
  });
});

describe("words typed one by one", () => {
  test("outside regtest a person compares the fingerprint of every seed that is put back (attack B8)", async () => {
    const home = await signerHome("testnet");
    const words = wordsOf(VAULT_ENTROPY);
    const restore = ["keys", "restore", "--name", "vault", ...PASS];
    expect((await home.terminal(restore, [words, "n"])).exit).toBe(7);
    expect((await home.terminal([...restore, "--fingerprint", "00000000"], [words])).exit).toBe(7);
    expect((await home.run(["keys", "list"])).data["seeds"]).toEqual([]);
    expect((await home.terminal(restore, [words, "y"])).exit).toBe(0);
  });

  test("are completed, corrected and taken back", async () => {
    const home = await signerHome();
    const words = wordsOf(VAULT_ENTROPY);
    const [first = "", ...rest] = letters(words);
    const typed = ["", "zzzz", "ab", first, "zoo", "<", rest.slice(0, 11).join(" "), ...rest.slice(11)];
    const restored = await home.terminal(["keys", "restore", "--name", "vault", ...PASS], typed);
    expect(restored.stderr).toContain("no word of the list begins so");
    expect(restored.stderr).toContain("more letters, please: abandon, ability");
    expect(restored.stderr).toContain("Word 24:");
    expect(restored.exit).toBe(0);
    expect(restored.stdout).toContain(vaultSeed().fingerprint);
    expect(restored.stderr.lastIndexOf(CLEAR)).toBeGreaterThan(restored.stderr.indexOf("Word 24:"));
  });

  test("twelve are ended by an empty line", async () => {
    const home = await signerHome();
    await mustRun(home, ["keys", "new", "--name", "vault", "--words", "12", "--words-out", "w", ...PASS]);
    const typed = await home.terminal(
      ["keys", "verify", "--name", "vault"],
      [linesOf(home, "w")[0] ?? "", ""],
    );
    expect(typed.exit).toBe(0);
  });
});
