import { expect, test } from "vitest";
import { deriveAddress, parseDescriptor } from "../../../src/chains/bitcoin/descriptor.ts";
import { VAULT_DESCRIPTOR } from "../../factory/documents.ts";
import { ownAccount } from "../../factory/evm-account.ts";
import { ownSafe } from "../../factory/evm-safe.ts";
import { onlineHome } from "../../factory/online-home.ts";

test("custody wallet: what is shown, exported and given out leads to the signer that can prove it", async () => {
  const home = await onlineHome();
  expect(await home.run(`wallet add vault --descriptor ${VAULT_DESCRIPTOR}`)).toMatchObject({ exit: 0 });
  const { address } = deriveAddress(parseDescriptor(VAULT_DESCRIPTOR, "regtest"), 0, 0);
  const shown = await home.run("wallet show vault");
  expect(shown.data).toMatchObject({ quorum: "1 of 1", keys: [{ fingerprint: "535b8d65" }] });
  expect(shown.data.addresses[0]).toBe(address);

  expect(await home.text("wallet export vault --as descriptor")).toBe(`${VAULT_DESCRIPTOR}\n`);
  const account = await home.run("wallet export vault --as crypto-account");
  expect(account).toMatchObject({ exit: 0, data: { type: "crypto-account" } });
  expect(account.data.text).toMatch(/^ur:crypto-account\/[a-z]+\n$/);
  expect(await home.run("wallet export vault --as bsms")).toMatchObject({
    exit: 2,
    error: { code: "EXPORT_UNFIT", field: "--as" },
  });

  const given = await home.text("wallet address vault");
  expect(given.replaceAll(/\s+/g, " ")).toContain(
    `custody-signer address verify ${address} --wallet vault --index 0`,
  );
});

test("custody wallet: an account and a Safe go as what fits them", async () => {
  const home = await onlineHome();
  const { text, address } = ownAccount();
  const safe = ownSafe();
  for (const [name, descriptor] of [
    ["ether", text],
    ["safe", safe.text],
  ] as const)
    expect(
      await home.run(`wallet add ${name} --descriptor ${descriptor} --chain eip155:31337`),
    ).toMatchObject({ exit: 0 });

  expect(await home.text("wallet export ether --as address")).toBe(`${address}\n`);
  expect(await home.run("wallet export ether --as address")).toMatchObject({
    exit: 0,
    data: { uri: `ethereum:${address}@31337` },
  });
  const key = await home.run("wallet export ether --as hdkey");
  expect(key).toMatchObject({ exit: 0, data: { type: "crypto-hdkey" } });
  expect(key.data.text).toMatch(/^ur:crypto-hdkey\/[a-z]+\n$/);
  expect(await home.run("wallet export ether --as bsms")).toMatchObject({
    exit: 2,
    error: { code: "EXPORT_UNFIT", field: "--as", hint: "give one of: address, hdkey" },
  });

  const commanded = await home.run("wallet export safe --as safe");
  expect(JSON.parse(commanded.data.text)).toMatchObject({ address: safe.address, threshold: 2 });
  expect(await home.run("wallet export safe --as hdkey")).toMatchObject({
    exit: 2,
    error: { code: "EXPORT_UNFIT", hint: "give one of: address, safe" },
  });
});
