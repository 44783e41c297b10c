/** G12: a machine holds exactly one key of a wallet. Two would let its one journal answer for two of the signers. */
import { expect, test } from "vitest";
import { readContainer } from "../../../../signer/gates/g1-container.ts";
import { confirm } from "../../../../signer/gates/g11-confirm.ts";
import { signConfirmed } from "../../../../signer/gates/g12-sign.ts";
import { admit, judge } from "../../../../signer/gates/pass.ts";
import { openKeyRing } from "../../../../signer/keystore/key-ring.ts";
import { sealSeed } from "../../../../signer/keystore/seed-file.ts";
import { utf8 } from "../../../../src/core/hex.ts";
import type { Name } from "../../../../src/core/identifier.ts";
import { ANN, BEN, makeHouse, OLGA, SIGNERS } from "../../../attack/bench/house.ts";
import { Machine } from "../../../attack/bench/machine.ts";
import { bytesOf, planOf, requestOf, withdrawal, word } from "../../../attack/bench/papers.ts";
import { at, fixtureBytes } from "../../../factory/identities.ts";
import { codeOf } from "../../../factory/thrown.ts";

const PASSPHRASE = utf8("regtest fixture passphrase");
const house = makeHouse();
const signer = SIGNERS[0];

/** Signs a good request with the seeds of these signers in one machine. */
function signedWith(...labels: readonly string[]): string {
  const seeds = labels.map((label) => {
    const random = { salt: fixtureBytes("salt").subarray(0, 16), nonce: fixtureBytes(label).subarray(0, 12) };
    return sealSeed(label as Name, fixtureBytes(`${label} entropy`), "regtest", PASSPHRASE, random);
  });
  const intent = withdrawal(house, { label: "order 1" });
  const request = requestOf(house, {
    plans: [planOf(house, [{ intent }], { sets: ["a"] })],
    intents: [intent],
    approvals: [ANN, BEN].map((who) => word(house, intent, who)),
  });
  const { state, logbook } = new Machine(house, signer, at("09:30:00"));
  const approved = judge(admit(readContainer(bytesOf(request), "regtest"), state), state);
  confirm(approved, { digest: approved.review.digest, logbook }, state);
  const keys = { wallets: openKeyRing(seeds, PASSPHRASE), signer: signer.who.seed, officer: OLGA.seed };
  return codeOf(() => signConfirmed(approved, keys, state));
}

test.each([
  ["its own key", ["vault-1"], "none"],
  ["no key of the wallet", ["stranger"], "G12_SEED_NOT_HERE"],
  ["a second signer's key beside its own", ["vault-1", "vault-2"], "G12_KEYS_TOGETHER"],
])("with %s: %s", (_, labels, expected) => {
  expect(signedWith(...labels)).toBe(expected);
});
