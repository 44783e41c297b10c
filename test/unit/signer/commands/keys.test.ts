import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../../src/core/document.ts";
import { SIGNER_CARD } from "../../../../src/core/documents/signer-card.ts";
import { publicFacts } from "../../../../signer/keystore/seed-file.ts";
import { seedOutcome } from "../../../../signer/commands/keys/store.ts";
import { VAULT_ENTROPY, vaultSeed } from "../../../factory/custody.ts";
import { REGTEST } from "../../../factory/documents.ts";
import { emptyHome, makeSigner, textOf } from "../../../factory/signer-home.ts";

const PASS = ["--passphrase-file", "pass"];

describe("custody-signer init and keys", () => {
  test("init makes a signer once, for one named network", async () => {
    const home = emptyHome();
    expect(await home.run(["init", "--name", "signer-1", ...PASS])).toMatchObject({ exit: 2 });
    const made = await home.run(["init", "--network", "regtest", "--name", "signer-1", ...PASS]);
    expect(made.exit).toBe(0);
    expect(textOf(made, "words").split(" ")).toHaveLength(24);
    for (const file of ["signer-regtest.json", "journal-regtest.jsonl"])
      expect(statSync(home.path(`home/${file}`)).mode & 0o777).toBe(0o600);
    expect(statSync(home.path("home")).mode & 0o777).toBe(0o700);
    const again = await home.run(["init", "--network", "regtest", "--name", "signer-1", ...PASS]);
    expect(again).toMatchObject({ exit: 6, error: { code: "SIGNER_EXISTS" } });
    expect(await home.run(["journal", "verify"])).toMatchObject({ exit: 0, data: { entries: 1 } });
  });

  test("a dry run makes nothing", async () => {
    const home = emptyHome();
    expect(await home.run(["init", "--network", "regtest", "--name", "signer-1", "--dry-run"])).toMatchObject(
      {
        exit: 0,
        data: { made: false },
      },
    );
    expect(existsSync(home.path("home"))).toBe(false);
  });

  test("after a crash between journal and signer file, init starts over", async () => {
    const home = emptyHome();
    const init = ["init", "--network", "regtest", "--name", "signer-1", ...PASS];
    await home.run(init);
    const other = emptyHome();
    mkdirSync(other.path("home"));
    copyFileSync(home.path("home/journal-regtest.jsonl"), other.path("home/journal-regtest.jsonl"));
    expect((await other.run(init)).exit).toBe(0);
    expect((await other.run(["journal", "verify"])).exit).toBe(0);
  });

  test("words out, words in: the same seed, named once", async () => {
    const home = emptyHome();
    await home.run(["init", "--network", "regtest", "--name", "signer-1", ...PASS]);
    const made = await home.run(["keys", "new", "--name", "vault", "--words-out", "new-words", ...PASS]);
    expect(made.exit).toBe(0);
    expect(JSON.stringify(made.data)).not.toContain(
      new TextDecoder().decode(home.read("new-words")).split(" ")[0],
    );
    const verify = (file: string) => home.run(["keys", "verify", "--name", "vault", "--words-file", file]);
    expect(await verify("new-words")).toMatchObject({
      exit: 0,
      data: { fingerprint: made.data["fingerprint"] },
    });
    expect(await verify("words")).toMatchObject({ exit: 7, error: { code: "WORDS_OF_ANOTHER_SEED" } });
    const restore = (name: string) =>
      home.run(["keys", "restore", "--name", name, "--words-file", "new-words", ...PASS]);
    expect(await restore("vault")).toMatchObject({ exit: 6, error: { code: "SEED_EXISTS" } });
    expect(await restore("twin")).toMatchObject({ exit: 6, error: { code: "SEED_EXISTS" } });
    expect((await home.run(["keys", "list"])).data["seeds"]).toHaveLength(1);
  });

  test("says which public line is for a wallet of several signers, and which for one of its own", async () => {
    const seed = vaultSeed();
    const { text, data } = seedOutcome("made", seed);
    expect(data).toMatchObject({
      cosignerKey: publicFacts(VAULT_ENTROPY, "regtest").cosignerKey,
      descriptor: seed.descriptor,
    });
    const [several, alone] = ["cosigner key", "own wallet"].map((label) => {
      const [, value, what] = new RegExp(`^${label} +(\\S+)\n +(.*)$`, "m").exec(text) ?? [];
      return { value, what };
    });
    expect(several).toMatchObject({
      value: seed.cosignerKey,
      what: expect.stringContaining("several signers"),
    });
    expect(several?.value).toMatch(/^\[[0-9a-f]{8}\/48h\/1h\/0h\/2h\]tpub/);
    expect(alone).toMatchObject({ value: seed.descriptor, what: expect.stringContaining("alone") });
    const home = emptyHome();
    await makeSigner(home, 1);
    const listed = (await home.run(["keys", "list"])).data["seeds"];
    expect(listed).toMatchObject([{ cosignerKey: seed.cosignerKey }]);
  });

  test("new words want a terminal; outside regtest no file holds them", async () => {
    const home = emptyHome();
    await home.run(["init", "--network", "regtest", "--name", "signer-1", ...PASS]);
    expect(await home.run(["keys", "new", "--name", "vault", ...PASS])).toMatchObject({
      exit: 2,
      error: { code: "WORDS_NEED_TERMINAL" },
    });
    const main = emptyHome();
    await main.run(["init", "--network", "testnet", "--name", "signer-1", ...PASS]);
    expect(await main.run(["keys", "new", "--name", "vault", "--words-out", "w", ...PASS])).toMatchObject({
      exit: 4,
      error: { code: "WORDS_FILE_REGTEST_ONLY" },
    });
    expect(existsSync(main.path("w"))).toBe(false);
    expect(
      await main.run(["keys", "restore", "--name", "vault", "--words-file", "words", ...PASS]),
    ).toMatchObject({
      exit: 4,
    });
  });

  test("a person writes the words down and proves three of them", async () => {
    const home = emptyHome();
    await home.run(["init", "--network", "regtest", "--name", "signer-1", ...PASS]);
    const make = (typed: readonly string[]) =>
      home.terminal(["keys", "new", "--name", "vault", ...PASS], typed);
    // The fake io's random bytes are known, and with them the words and the places that are asked for.
    const refused = await make(["", "wrong", "", "wrong", "", "wrong"]);
    expect(refused).toMatchObject({ exit: 4 });
    expect(refused.stderr).toContain("destroy this sheet");
    expect(existsSync(home.path("home/seeds/vault-regtest.json"))).toBe(false);
    const shown = [...refused.stderr.matchAll(/\d+ {2}([a-z]+)/g)].map((match) => match[1]);
    expect(shown).toHaveLength(3 * 24);
    const words = shown.slice(0, 24) as string[];
    expect(shown).toEqual([...words, ...words, ...words]);
    const asked = [...refused.stderr.matchAll(/Word number (\d+)/g)].map((match) => Number(match[1]) - 1);
    const [, place = 0] = asked;
    // A slip of the pen or the hand costs one more look at the words, not the throws.
    const made = await make([
      "",
      "wrong",
      "",
      ...[0, 1, 2].map((next) => words[(place + next) % 24] as string),
    ]);
    expect(made.exit).toBe(0);
    expect(made.stdout).not.toContain(words.join(" "));
    expect(existsSync(home.path("home/seeds/vault-regtest.json"))).toBe(true);
  });

  test("the card carries a key for wallets of one key, and one for wallets of several (BIP-84, BIP-48)", async () => {
    const home = emptyHome();
    await makeSigner(home, 1);
    const { body } = parseDocument(SIGNER_CARD, home.read("card.json"));
    expect(body.wallets).toHaveLength(1);
    expect(body.wallets[0]?.descriptor).toContain("/84h/1h/0h]tpub");
    expect(body.cosignerKeys).toEqual([
      { chain: REGTEST, key: publicFacts(VAULT_ENTROPY, "regtest").cosignerKey },
    ]);
    expect(body.cosignerKeys[0]?.key).toMatch(/^\[[0-9a-f]{8}\/48h\/1h\/0h\/2h\]tpub/);
  });

  test("init begins the epoch that it is told, with a key and start head of its own", async () => {
    const [first, second] = [emptyHome(), emptyHome(0xff)];
    const cards = [await makeSigner(first, 1), await makeSigner(second, 2)];
    expect(cards.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(new Set(cards.flatMap(({ key, startHead }) => [key, startHead])).size).toBe(4);
    const bad = await emptyHome().run([
      ...["init", "--network", "regtest", "--name", "signer-1", "--epoch", "0", ...PASS],
    ]);
    expect(bad).toMatchObject({ exit: 2, error: { code: "FLAG_MALFORMED" } });
  });

  test("a wrong passphrase changes nothing", async () => {
    const home = emptyHome();
    await home.run(["init", "--network", "regtest", "--name", "signer-1", ...PASS]);
    const restore = ["keys", "restore", "--name", "vault", "--words-file", "words"];
    expect(await home.run([...restore, "--passphrase-file", "officer-pass"])).toMatchObject({
      exit: 7,
      error: { code: "PASSPHRASE_WRONG" },
    });
    expect((await home.run(["keys", "list"])).data["seeds"]).toEqual([]);
  });
});
