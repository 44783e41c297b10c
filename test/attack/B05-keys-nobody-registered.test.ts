/** B5 at the pin and at the gates: what is signed for is the wallet that was registered, key by key. */
import { publicFacts } from "../../signer/keystore/seed-file.ts";
import { parseDescriptor, writeDescriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { formatKeyExpression } from "../../src/chains/bitcoin/key-expression.ts";
import { documentBytes, parseDocument } from "../../src/core/document.ts";
import { SIGNER_CARD } from "../../src/core/documents/signer-card.ts";
import type { Name } from "../../src/core/identifier.ts";
import { ALICE, fixtureBytes } from "../factory/identities.ts";
import { following, signedPolicy } from "../factory/policies.ts";
import { pinnedHome, SIGNER_PASSPHRASE } from "../factory/signer-home.ts";
import { testSeed } from "../bitcoin/regtest-wallet.ts";
import { makeHouse, type House } from "./bench/house.ts";
import { HOUSE, offered, onePayment } from "./one-payment.ts";
import { pair } from "./pair.ts";

const OURS = parseDescriptor(HOUSE.vault.descriptor, "regtest").keys.map(formatKeyExpression);
const ATTACKER = testSeed("the attacker's cosigner", [48, 1, 0, 2]).key;

/** The house's wallet with the attacker's key in the place of one. */
function swapped(place: number) {
  const keys = OURS.map((key, index) => (index === place ? ATTACKER : key));
  const { text } = writeDescriptor({ kind: "p2wsh-sortedmulti", threshold: 2, keys }, "regtest");
  return { ...HOUSE.vault, descriptor: text };
}

/** A house that was founded on such a wallet. */
function houseOf(place: number): House {
  const vault = swapped(place);
  return { ...makeHouse({ policy: { wallets: [vault] } }), vault };
}

pair("B5", "our own key was swapped before everybody signed the policy", {
  good: () => HOUSE,
  bad: () => houseOf(0),
  judge: (house) => offered(onePayment(house), house),
  accepted: "signed",
  refused: "G12 SEED_NOT_HERE",
  removes: ["a seed here holds the wallet's key"],
  without: "G12 KEY_MISSING",
});

pair("B5", "a plan names the registered wallet and spends from one with a swapped cosigner", {
  good: () => HOUSE.vault,
  bad: () => swapped(2),
  judge: (wallet) => offered(onePayment(HOUSE, { wallet })),
  accepted: "signed",
  refused: "G8 INPUT_NOT_OURS",
  removes: ["a claimed key makes the very script", "every key of the wallet is claimed"],
  without: "signed",
});

const cosigners = ["second cosigner", "third cosigner"].map(
  (label) => publicFacts(fixtureBytes(label), "regtest").cosignerKey,
);

pair("B5", "a cosigner is swapped on the way, and the officer scans the digest from the admins' screen", {
  good: () => cosigners[1] as string,
  bad: () => ATTACKER,
  async judge(last) {
    const home = await pinnedHome();
    const { policy } = home.custody;
    const own = parseDocument(SIGNER_CARD, home.read("card.json")).body.cosignerKeys[0]?.key ?? "";
    const policyOf = (key: string) => {
      const keys = [own, cosigners[0] as string, key];
      const { text } = writeDescriptor({ kind: "p2wsh-sortedmulti", threshold: 3, keys }, "regtest");
      const [vault] = policy.body.wallets as [typeof HOUSE.vault];
      const shared = {
        ...vault,
        name: "shared" as Name,
        descriptor: text,
        threshold: 3,
        foreign: 2,
      };
      return signedPolicy(following(policy, { wallets: [vault, shared] }), [ALICE]);
    };
    const right = policyOf(cosigners[1] as string);
    home.write("policy-2.json", documentBytes(policyOf(last)));
    const typed = [home.logbook, right.digest, SIGNER_PASSPHRASE];
    const { exit, stderr } = await home.terminal(
      ["policy", "pin", "--in", "policy-2.json", "--dry-run"],
      typed,
    );
    return exit === 0 ? "would be pinned" : (/\b[A-Z_]{8,}\b/.exec(stderr)?.[0] ?? stderr);
  },
  accepted: "would be pinned",
  refused: "RETYPED_WRONG",
  removes: ["the digest that was scanned is the policy's"],
  without: "would be pinned",
});
