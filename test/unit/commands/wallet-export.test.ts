import { expect, test } from "vitest";
import { deriveAddress, parseDescriptor } from "../../../src/chains/bitcoin/descriptor.ts";
import { VAULT_DESCRIPTOR } from "../../factory/documents.ts";
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
