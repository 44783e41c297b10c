/**
 * B8: a host that chooses the BIP-39 passphrase chooses the wallet, and sells it back. The passphrase is typed at the
 * signer alone, and opens the seed only if the registered fingerprint comes out.
 */
import { expect, test } from "vitest";
import { confirm } from "../../signer/gates/g11-confirm.ts";
import { signConfirmed } from "../../signer/gates/g12-sign.ts";
import { openKeyRing } from "../../signer/keystore/key-ring.ts";
import { openSeed, publicFacts, sealSeed } from "../../signer/keystore/seed-file.ts";
import { utf8 } from "../../src/core/hex.ts";
import type { Name } from "../../src/core/identifier.ts";
import { CODE, codeOnly, sources } from "../architecture/tree.ts";
import { openKeys, stateFor } from "../factory/custody.ts";
import { reviewed } from "../factory/gates.ts";
import { fixtureBytes } from "../factory/identities.ts";
import { ask, planned } from "../factory/requests.ts";
import { makeCustody, payout } from "../factory/custody.ts";
import { codeOf } from "../factory/thrown.ts";
import { pair } from "./pair.ts";

const SIGNER = utf8("the signer's own");
const ENTROPY = fixtureBytes("a seed with a passphrase");
const FORM = { standard: "bip39", passphrase: utf8("the officers' choice") } as const;
const random = { salt: fixtureBytes("salt").subarray(0, 16), nonce: fixtureBytes("nonce").subarray(0, 12) };
const file = sealSeed("vault" as Name, ENTROPY, "regtest", SIGNER, random, FORM);

pair("B8", "another passphrase is typed than the registered fingerprint came from", {
  good: () => "the officers' choice",
  bad: () => "the thief's choice",
  judge: (typed) => codeOf(() => openSeed(file, SIGNER, utf8(typed))),
  accepted: "none",
  refused: "PASSPHRASE_WRONG",
  removes: ["a seed gives its registered descriptor", "a seed gives its registered fingerprint"],
  without: "none",
});

const [vault] = makeCustody().policy.body.wallets;
const custody = makeCustody({
  wallets: [
    { ...(vault as NonNullable<typeof vault>), descriptor: publicFacts(ENTROPY, "regtest", FORM).descriptor },
  ],
});
const world = { ...custody, wallet: custody.policy.body.wallets[0] ?? custody.wallet };

pair("B8", "the seed is opened by another passphrase while a payment is signed", {
  good: () => "the officers' choice",
  bad: () => "the thief's choice",
  judge(typed) {
    const state = stateFor(world);
    const approved = reviewed(ask(world, [planned(world, [payout(world)])]), state);
    confirm(approved, { digest: approved.review.digest, logbook: state.journal.head }, state);
    const wallets = openKeyRing([file], SIGNER, new Map([[file.name, utf8(typed)]]));
    return codeOf(() => signConfirmed(approved, { ...openKeys(), wallets }, state));
  },
  accepted: "none",
  refused: "PASSPHRASE_WRONG",
  removes: ["a seed gives its registered descriptor", "a seed gives its registered fingerprint"],
  without: "G12_SEED_NOT_HERE",
});

test("B8: no program but the signer asks for the passphrase of a seed", () => {
  const asking = sources(...CODE)
    .filter(({ text }) =>
      /seed-?passphrase|mnemonicToSeed/i.test(codeOnly(text) + text.match(/"--?[a-z-]+"/g)?.join(" ")),
    )
    .map(({ path }) => path.split("/")[0]);
  expect(new Set(asking)).toEqual(new Set(["signer"]));
});
