/** A shared wallet of the pinned policy: its addresses proven (B4), and given to other makers. */
import { beforeAll, describe, expect, test } from "vitest";
import { readAccountKeys } from "../../../../src/airgap/registry/account-keys.ts";
import { readOutput } from "../../../../src/airgap/registry/output.ts";
import { decodeCbor } from "../../../../src/airgap/cbor.ts";
import { UrDecoder } from "../../../../src/airgap/ur-decoder.ts";
import {
  deriveAddress,
  writeDescriptor,
  type Descriptor,
} from "../../../../src/chains/bitcoin/descriptor.ts";
import { keyExpressionOf } from "../../../../src/chains/bitcoin/exports/registry-key.ts";
import { publicFacts } from "../../../../signer/keystore/seed-file.ts";
import { documentBytes, parseDocument } from "../../../../src/core/document.ts";
import { SIGNER_CARD } from "../../../../src/core/documents/signer-card.ts";
import { assert } from "../../../../src/core/errors.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import type { PolicyWallet } from "../../../../src/core/policy/policy.ts";
import { ALICE, fixtureBytes } from "../../../factory/identities.ts";
import { following, signedPolicy } from "../../../factory/policies.ts";
import { mustRun, pinnedHome, textOf, type SignerHome } from "../../../factory/signer-home.ts";

const cosignerOf = (label: string) => publicFacts(fixtureBytes(label), "regtest").cosignerKey;
const OTHERS = ["second cosigner", "third cosigner"].map(cosignerOf) as [string, string];
const shared = (keys: readonly string[]) =>
  writeDescriptor({ kind: "p2wsh-sortedmulti", threshold: 3, keys }, "regtest");

let home: SignerHome;
let own: string;
let descriptor: Descriptor;

beforeAll(async () => {
  const pinned = await pinnedHome();
  home = pinned;
  const { policy } = pinned.custody;
  own = parseDocument(SIGNER_CARD, home.read("card.json")).body.cosignerKeys[0]?.key ?? "";
  descriptor = shared([own, ...OTHERS]);
  const [vault] = policy.body.wallets as [PolicyWallet];
  const wallet = { ...vault, name: "shared" as Name, descriptor: descriptor.text, threshold: 3, foreign: 2 };
  const second = signedPolicy(following(policy, { wallets: [vault, wallet] }), [ALICE]);
  home.write("policy-2.json", documentBytes(second));
  await mustRun(home, [
    ...["policy", "pin", "--in", "policy-2.json", "--confirm", second.digest],
    ...["--logbook", pinned.logbook, "--passphrase-file", "pass"],
  ]);
});

describe("B4: an address of another quorum", () => {
  const verify = (wallet: Descriptor) => home.run(["address", "verify", deriveAddress(wallet, 0, 4).address]);

  test("accepts: the pinned keys, in any order of the text", async () => {
    const expected = { exit: 0, data: { wallet: "shared", index: 4, threshold: 3 } };
    expect(await verify(descriptor)).toMatchObject(expected);
    expect(await verify(shared([OTHERS[1], own, OTHERS[0]]))).toMatchObject(expected);
  });

  test("one cosigner is another, or the quorum is smaller: exit 7", async () => {
    const swapped = shared([own, OTHERS[0], cosignerOf("attacker")]);
    const smaller = writeDescriptor(
      { kind: "p2wsh-sortedmulti", threshold: 1, keys: [own, ...OTHERS] },
      "regtest",
    );
    for (const wallet of [swapped, smaller])
      expect(await verify(wallet)).toMatchObject({ exit: 7, error: { code: "ADDRESS_NOT_OURS" } });
  });
});

describe("wallet export", () => {
  test("text goes to stdout, or to a file that is not replaced unasked", async () => {
    const shown = await home.terminal(["wallet", "export", "shared", "--as", "descriptor"], []);
    expect(shown.stdout).toBe(`${descriptor.text}\n`);
    const toFile = ["wallet", "export", "shared", "--as", "bsms", "--out", "shared.bsms"];
    expect(await home.run(toFile)).toMatchObject({ exit: 0, data: { file: "shared.bsms" } });
    const { address } = deriveAddress(descriptor, 0, 0);
    expect(Buffer.from(home.read("shared.bsms")).toString()).toContain(`\n${address}\n`);
    expect(await home.run(toFile)).toMatchObject({ exit: 6, error: { code: "FILE_EXISTS" } });
    expect(await home.run([...toFile, "--force"])).toMatchObject({ exit: 0 });
  });

  test("crypto-output as a file is its UR, and as pictures its frames; both are the wallet's keys", async () => {
    const args = ["wallet", "export", "shared", "--as", "crypto-output"];
    const answer = await home.run([...args, "--out", "shared.ur", "--ur", "--frames", "codes"]);
    expect(answer).toMatchObject({ exit: 0, data: { type: "crypto-output" } });
    expect((answer.data["codes"] as readonly string[]).length).toBeGreaterThan(0);
    const message = new UrDecoder().receive(Buffer.from(home.read("shared.ur")).toString().trim());
    assert(message.type === "done", "the file is one part");
    const { keys } = readOutput(decodeCbor(message.cbor));
    expect(keys.map((key) => keyExpressionOf(key, "regtest", "key"))).toEqual([own, ...OTHERS]);
  });

  test("what a format cannot hold, and ways that it cannot go, are refused", async () => {
    const exporting = (...args: readonly string[]) => home.run(["wallet", "export", ...args]);
    expect(await exporting("shared", "--as", "crypto-account")).toMatchObject({
      exit: 2,
      error: { code: "EXPORT_UNFIT", hint: "--as crypto-output" },
    });
    expect(await exporting("vault", "--as", "coldcard")).toMatchObject({ error: { code: "EXPORT_UNFIT" } });
    expect(await exporting("cold", "--as", "descriptor")).toMatchObject({
      exit: 5,
      error: { code: "WALLET_NOT_PINNED" },
    });
    const bbqr = ["--as", "crypto-output", "--bbqr", "--frames", "x"];
    expect(await exporting("shared", ...bbqr)).toMatchObject({ exit: 2 });
    expect(await exporting("shared", "--as", "descriptor", "--bbqr", "--frames", "y")).toMatchObject({
      exit: 0,
    });
  });
});

test("keys export --as crypto-account: this signer's account and cosigner keys, for other coordinators", async () => {
  const exporting = (...args: readonly string[]) =>
    home.run(["keys", "export", "--passphrase-file", "pass", ...args]);
  const answer = await exporting("--as", "crypto-account");
  expect(answer).toMatchObject({ exit: 0, data: { type: "crypto-account" } });
  const message = new UrDecoder().receive(textOf(answer, "text").trim());
  assert(message.type === "done", "the text is one part");
  const cosigner = readAccountKeys(message).find(({ scripts }) => scripts?.join() === "wsh")?.key;
  expect(cosigner && keyExpressionOf(cosigner, "regtest", "key")).toBe(own);
  expect(await exporting("--as", "electrum")).toMatchObject({ exit: 2 });
  expect(await exporting("--as", "crypto-account", "--fingerprint", "00000000")).toMatchObject({ exit: 2 });
});
