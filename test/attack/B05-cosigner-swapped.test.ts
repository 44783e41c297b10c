/**
 * B5: a cosigner's key that is swapped while a wallet is set up. Who owns the online host drafts a policy whose wallet has
 * the attacker's key in a cosigner's place; every signature of later days would be right. So what an officer registers is
 * the digest on the admins' own screens, which commits to each key, and a machine whose own key was swapped refuses alone.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { publicFacts } from "../../signer/keystore/seed-file.ts";
import { writeDescriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { documentBytes, parseDocument } from "../../src/core/document.ts";
import { SIGNER_CARD } from "../../src/core/documents/signer-card.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { PolicyDocument, PolicyWallet } from "../../src/core/policy/policy.ts";
import { fullWords } from "../../src/core/words.ts";
import { ALICE, fixtureBytes } from "../factory/identities.ts";
import { following, signedPolicy } from "../factory/policies.ts";
import { pinnedHome, SIGNER_PASSPHRASE } from "../factory/signer-home.ts";

const cosignerOf = (label: string) => publicFacts(fixtureBytes(label), "regtest").cosignerKey;
const COSIGNERS = ["second cosigner", "third cosigner"].map(cosignerOf) as [string, string];
const ATTACKER = cosignerOf("attacker");

let home: Awaited<ReturnType<typeof pinnedHome>>;
let own: string;

beforeAll(async () => {
  home = await pinnedHome();
  own = parseDocument(SIGNER_CARD, home.read("card.json")).body.cosignerKeys[0]?.key ?? "";
});

/** Policy number 2 with a wallet of these keys, signed by the admin: the one fact that differs is a key. */
function policyOf(keys: readonly string[]): PolicyDocument {
  const { policy } = home.custody;
  const { text } = writeDescriptor({ kind: "p2wsh-sortedmulti", threshold: 3, keys }, "regtest");
  const [vault] = policy.body.wallets as [PolicyWallet];
  const shared: PolicyWallet = {
    ...vault,
    name: "shared" as Name,
    descriptor: text,
    threshold: 3,
    foreign: 2,
  };
  return signedPolicy(following(policy, { wallets: [vault, shared] }), [ALICE]);
}

/** Carries `given` to the signer, and answers what it asks. */
function pin(given: PolicyDocument, ...typed: readonly string[]) {
  home.write("policy-2.json", documentBytes(given));
  return home.terminal(["policy", "pin", "--in", "policy-2.json", "--dry-run"], [home.logbook, ...typed]);
}

describe("B5: a cosigner's key is swapped on the way to the signer", () => {
  test("the digest on the admins' screens is the other wallet's: refused", async () => {
    const right = policyOf([own, ...COSIGNERS]);
    const swapped = policyOf([own, COSIGNERS[0], ATTACKER]);
    const refused = await pin(swapped, right.digest, SIGNER_PASSPHRASE);
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toContain("RETYPED_WRONG");
    // What a person reads differs as well: all 24 words, and the attacker's key whole.
    expect(refused.stderr.replaceAll(/\s+/g, " ")).toContain(fullWords(swapped.digest));
    expect(refused.stderr.replaceAll(/\s+/g, "")).toContain(ATTACKER.replace(/^\[.*\]/, ""));
  });

  test("accepts: the same digest, scanned from the admins' screen", async () => {
    const right = policyOf([own, ...COSIGNERS]);
    const accepted = await pin(right, right.digest, SIGNER_PASSPHRASE);
    expect(accepted).toMatchObject({ exit: 0 });
    const shown = accepted.stderr.replaceAll(/\s+/g, "");
    for (const key of [own, ...COSIGNERS]) expect(shown).toContain(key.replace(/^\[.*\]/, ""));
    expect(accepted.stderr).toMatch(/wallet shared +3 of 3, P2WSH of several keys/);
    expect(accepted.stderr).toMatch(/receive 2 +bcrt 1q/);
  });

  test("the beginning of the digest, which could be searched for, is not the digest", async () => {
    const right = policyOf([own, ...COSIGNERS]);
    for (const digits of [16, 63]) {
      const refused = await pin(right, right.digest.slice(0, digits), SIGNER_PASSPHRASE);
      expect(refused.exit).toBe(4);
      expect(refused.stderr).toContain("RETYPED_WRONG");
    }
  });

  test("our own key is the one that was swapped: refused, whatever people answer", async () => {
    const swapped = policyOf([ATTACKER, ...COSIGNERS]);
    const refused = await pin(swapped, "y", SIGNER_PASSPHRASE);
    expect(refused.exit).toBe(4);
    expect(refused.stderr).toContain("WALLET_KEY_ELSEWHERE");
  });
});
