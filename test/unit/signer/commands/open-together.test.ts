import { existsSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { emptyHome, mustRun, type SignerHome } from "../../../factory/signer-home.ts";

const PASS = ["--passphrase-file", "pass"];
const INIT = ["init", "--network", "regtest", "--name", "signer-1"];
const OLGA = "olga's passphrase";
const OTTO = "otto's passphrase";
const RUTH = "ruth's passphrase";

async function sharedHome(...officers: readonly (readonly [string, string])[]): Promise<SignerHome> {
  const home = emptyHome();
  const typed = officers.flatMap(([, passphrase]) => [passphrase, passphrase]);
  const made = await home.terminal([...INIT, "--unlock-by", ...officers.map(([name]) => name)], typed);
  expect(made.exit).toBe(0);
  return home;
}

describe("a signer that two officers open", () => {
  const restore = ["keys", "restore", "--name", "vault", "--words-file", "words"];

  test("opens with both passphrases, for its seeds as well, and with neither alone", async () => {
    const home = await sharedHome(["olga", OLGA], ["otto", OTTO]);
    expect(statSync(home.path("home/unlock-regtest.json")).mode & 0o777).toBe(0o600);
    expect((await home.terminal(restore, [OLGA, OTTO])).exit).toBe(0);
    expect((await home.terminal(["keys", "export", "--out", "card.json"], [OLGA, OTTO])).exit).toBe(0);
    const alone = await home.terminal(["keys", "export", "--out", "c"], [OLGA, OLGA, OLGA, OLGA]);
    expect(alone.exit).toBe(7);
    expect(existsSync(home.path("c"))).toBe(false);
  });

  test("of three, any two", async () => {
    const home = await sharedHome(["olga", OLGA], ["otto", OTTO], ["ruth", RUTH]);
    const opened = await home.terminal(restore, ["ruth", RUTH, "nobody", "ruth", "olga", OLGA]);
    expect(opened.exit).toBe(0);
    expect(opened.stderr).toContain("Name of officer 2 of 2 (olga, otto):");
    // What was typed in the place of a name may have been a passphrase: it is off the screen.
    expect(opened.stderr).toMatch(/nobody\n\u001b\[2J\u001b\[3J\u001b\[Hnone of these names/);
  });

  test("takes no passphrase from a file: two people are to be there", async () => {
    const home = await sharedHome(["olga", OLGA], ["otto", OTTO]);
    expect(await home.run([...restore, ...PASS])).toMatchObject({
      exit: 2,
      error: { code: "OFFICERS_AT_TERMINAL" },
    });
    const piped = await emptyHome().run([...INIT, "--unlock-by", "olga", "otto"]);
    expect(piped).toMatchObject({ exit: 2, error: { code: "OFFICERS_AT_TERMINAL" } });
  });

  test.each([[["olga"]], [["olga", "olga"]]])("%j are not two officers", async (names) => {
    const home = emptyHome();
    expect((await home.terminal([...INIT, "--unlock-by", ...names], [])).stderr).toContain(
      "OFFICERS_MISNAMED",
    );
    expect(existsSync(home.path("home"))).toBe(false);
  });

  test("an init that begins anew without officers leaves no lock behind", async () => {
    const home = await sharedHome(["olga", OLGA], ["otto", OTTO]);
    const other = emptyHome();
    await mustRun(other, [...INIT, ...PASS]);
    expect(existsSync(other.path("home/unlock-regtest.json"))).toBe(false);
    const again = emptyHome();
    await again.run(["init", "--network", "testnet", "--name", "x", ...PASS]);
    writeFileSync(again.path("home/unlock-regtest.json"), home.read("home/unlock-regtest.json"));
    await mustRun(again, [...INIT, ...PASS]);
    await mustRun(again, [...restore, "--network", "regtest", ...PASS]);
  });
});

describe("wrong passphrases", () => {
  test("are counted, told to whoever opens the signer next, and then forgotten", async () => {
    const home = emptyHome();
    await mustRun(home, [...INIT, ...PASS]);
    const open = (file: string) =>
      home.run(["keys", "export", "--out", "card", "--force", "--passphrase-file", file]);
    for (let tries = 0; tries < 3; tries++) expect((await open("officer-pass")).exit).toBe(7);
    expect(statSync(home.path("home/wrong-regtest")).mode & 0o777).toBe(0o600);
    expect((await open("pass")).stderr).toContain("3 wrong passphrases were typed");
    expect((await open("pass")).stderr).not.toContain("wrong");
  });
});
