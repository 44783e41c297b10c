/** `custody message verify`: who signed a text, without a home. */
import { id, Wallet } from "ethers";
import { expect, test } from "vitest";
import { main } from "../../../src/commands/main.ts";
import { fakeIo } from "../../factory/io.ts";

const wallet = new Wallet(id("a customer FOR REGTEST ONLY"));
const TEXT = "I am customer 1001";
const signature = wallet.signMessageSync(TEXT);

async function verify(...more: readonly string[]) {
  const argv = [
    "message",
    "verify",
    "--address",
    wallet.address,
    "--signature",
    signature,
    ...more,
    "--json",
  ];
  const { io, stdout, stderr } = fakeIo({ argv });
  const exit = await main(io);
  return { exit, said: JSON.parse(stdout() === "" ? stderr() : stdout()) as Record<string, unknown> };
}

test("the very text is signed by the account, another one is not", async () => {
  expect(await verify("--message", TEXT)).toMatchObject({ exit: 0, said: { data: { matches: true } } });
  const other = await verify("--message", `${TEXT} `);
  expect(other.exit).toBe(7);
  expect(JSON.stringify(other.said)).toContain("MESSAGE_SIGNED_OTHERWISE");
});

test("E11: a hash is refused by name, and nothing is said of its signer", async () => {
  const hidden = await verify("--message", id("a Safe's transaction"));
  expect(hidden.exit).not.toBe(0);
  expect(JSON.stringify(hidden.said)).toContain("EVM_MESSAGE_HIDES");
});

test("the text is given once", async () => {
  expect((await verify()).exit).toBe(2);
  expect((await verify("--message", TEXT, "--in", "file")).exit).toBe(2);
});
