/** Account keys for every kind of wallet, on the card that people draft a policy from. */
import { expect, test } from "vitest";
import { parseDescriptor } from "../../../../src/chains/bitcoin/descriptor.ts";
import { KINDS } from "../../../../src/chains/bitcoin/kinds/table.ts";
import { parseDocument } from "../../../../src/core/document.ts";
import { SIGNER_CARD } from "../../../../src/core/documents/signer-card.ts";
import { emptyHome, makeSigner } from "../../../factory/signer-home.ts";

const EXPORT = ["keys", "export", "--passphrase-file", "pass", "--out", "kinds.json", "--force"];

test("keys export shows the kinds that are named, each key at its own path (BIP-49, 84, 86, 48)", async () => {
  const home = emptyHome();
  await makeSigner(home, 1);
  const all = KINDS.flatMap(({ kind }) => ["--kind", kind]);
  expect(await home.run([...EXPORT, ...all])).toMatchObject({ exit: 0 });
  const { body } = parseDocument(SIGNER_CARD, home.read("kinds.json"));
  const wallets = body.wallets.map(({ descriptor }) => parseDescriptor(descriptor, "regtest"));
  expect(wallets.map(({ kind }) => kind)).toEqual(["p2wpkh", "p2sh-p2wpkh", "p2tr"]);
  expect(body.wallets.map(({ descriptor }) => /\/([0-9]+)h/.exec(descriptor)?.[1])).toEqual([
    "84",
    "49",
    "86",
  ]);
  expect(body.cosignerKeys.map(({ key }) => /[0-9a-f]{8}\/([^\]]+)/.exec(key)?.[1])).toEqual([
    "48h/1h/0h/2h",
    "48h/1h/0h/1h",
    "48h/1h/0h/3h",
  ]);

  expect(await home.run([...EXPORT, "--kind", "p2tr"])).toMatchObject({ exit: 0 });
  const one = parseDocument(SIGNER_CARD, home.read("kinds.json")).body;
  expect([one.wallets.length, one.cosignerKeys.length]).toEqual([1, 0]);
});

test("a kind that does not exist is refused, and the card stays as it is", async () => {
  const home = emptyHome();
  await makeSigner(home, 1);
  const before = home.read("card.json");
  const line = ["keys", "export", "--passphrase-file", "pass", "--out", "card.json", "--force"];
  const answer = await home.run([...line, "--kind", "p2pkh"]);
  expect(answer).toMatchObject({ exit: 2, error: { code: "WALLET_KIND_UNKNOWN", field: "--kind" } });
  expect(home.read("card.json")).toEqual(before);
});
