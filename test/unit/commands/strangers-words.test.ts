/** T5: a hint and a next step are commands that people copy: what a stranger wrote into a file runs in none of them. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "../../../src/core/shell-word.ts";
import { beginSession, onlineHome } from "../../factory/online-home.ts";

test.each([
  "$(reboot)",
  "a;b #",
  "it's",
  "~root",
  "`id`",
  "a b",
  "|| x",
  "\\",
  "é",
  "-x",
  "a=b",
  "plain-1.json",
  "./a~",
])("%s is one word of a shell", (text) => {
  const said = execFileSync("sh", ["-c", `printf '[%s]' ${shellWord(text)}`], { encoding: "utf8" });
  expect(said).toBe(`[${text}]`);
});

test("a customer's reference from a file is quoted in the hint, a plain one stands as it is", async () => {
  const home = await onlineHome();
  await beginSession(home);
  const hintFor = async (ref: string) => {
    const to = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    home.write("r.csv", `customer,asset,amount,to,key\n${ref},btc,0.1,${to},k1\n`);
    return JSON.stringify(await home.run("withdraw request --file r.csv"));
  };
  expect(await hintFor("c-1;reboot #")).toContain("custody customer add --ref 'c-1;reboot #'");
  expect(await hintFor("c-1")).toContain('custody customer add --ref c-1"');
  const unknown = await home.run("kyc show --customer $(reboot)");
  expect(unknown.error?.hint).toBe("custody customer add --ref '$(reboot)'");
});
