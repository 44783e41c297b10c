/**
 * B4: change that goes to most of our cosigners and one stranger, or to all of them under a lower threshold. It looks
 * like ours by every key that a hurried reader compares; only the whole script tells them apart.
 */
import { deriveKey, parseDescriptor, writeDescriptor } from "../../src/chains/bitcoin/descriptor.ts";
import { formatKeyExpression } from "../../src/chains/bitcoin/key-expression.ts";
import { testSeed } from "../bitcoin/regtest-wallet.ts";
import { claimOf, HOUSE, offered, onePayment, vaultKey, withChangeTo, withOutput } from "./one-payment.ts";
import { pair } from "./pair.ts";

const OURS = parseDescriptor(HOUSE.vault.descriptor, "regtest").keys.map(formatKeyExpression);
const STRANGER = testSeed("a fourth cosigner", [48, 1, 0, 2]).key;
const INDEX = 5;

/** The change address of another quorum at the very same place. */
function elsewhere(threshold: number, keys: readonly string[]) {
  const quorum = writeDescriptor({ kind: "p2wsh-sortedmulti", threshold, keys }, "regtest");
  return deriveKey(quorum, 1, INDEX);
}

const own = vaultKey(1, INDEX);
const good = () => withChangeTo(onePayment(), own);
const isOurs = (fingerprint: string) => own.keys.some((key) => key.fingerprint === fingerprint);

pair("B4", "change goes to {p1, p2, p4} instead of {p1, p2, p3}", {
  good,
  bad: (papers) => {
    const other = elsewhere(2, [...OURS.slice(0, 2), STRANGER]);
    // Ours first: a reader that looks at one claim alone sees a key of the wallet.
    const keys = other.keys.toSorted((a, b) => Number(isOurs(b.fingerprint)) - Number(isOurs(a.fingerprint)));
    return withOutput(
      papers,
      "change",
      ({ units }) => ({ units, script: other.script }),
      claimOf(other, keys),
    );
  },
  judge: offered,
  accepted: "signed",
  refused: "G8 CHANGE_FALSE",
  removes: ["a claimed key makes the very script", "every key of the wallet is claimed"],
  without: "signed",
});

pair("B4", "change goes to the wallet's keys, one of which would be enough", {
  good,
  bad: (papers) => withChangeTo(papers, elsewhere(1, OURS)),
  judge: offered,
  accepted: "signed",
  refused: "G8 CHANGE_FALSE",
  removes: ["a claimed key makes the very script"],
  without: "signed",
});
