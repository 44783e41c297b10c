/**
 * B27: an output that nobody offline can tie to its payee: a silent payment address (BIP-352) is none until the sender's
 * keys are mixed in, and without BIP-375's proofs the online host says where it leads. Refused, as is every later witness
 * version.
 */
import { expect, test } from "vitest";
import { parseAddress } from "../../src/chains/bitcoin/address.ts";
import { makeDocument } from "../../src/core/document.ts";
import { BENEFICIARY } from "../../src/core/documents/beneficiary.ts";
import { fromHex } from "../../src/core/hex.ts";
import { REGTEST, signedDocument } from "../factory/documents.ts";
import { at } from "../factory/identities.ts";
import { codeOf } from "../factory/thrown.ts";
import { ANN, BEN } from "./bench/house.ts";
import { destination } from "./bench/papers.ts";
import { HOUSE, offered, onePayment, withOutput } from "./one-payment.ts";
import { pair } from "./pair.ts";

/** BIP-352's first example, for a test network. */
const SILENT =
  "tsp1qqgste7k9hx0qftg6qmwlkqtwuy6cycyavzmzj85c6qdfhjdpdjtdgqjuexzk6murw56suy3e0rd2cgqvycxttddwsvgxe2usfpxumr70xc9pkqwv";
const P2TR = fromHex("512053a1f6e454df1aa2776a2814a721372d6258050de330b3c6d10ee8f4e0dda343");

pair("B27", "the payment goes to a witness version that has no rules yet", {
  good: onePayment,
  bad: (papers) =>
    withOutput(papers, "pay", ({ units }) => ({ units, script: fromHex(`5220${"11".repeat(32)}`) })),
  judge: offered,
  accepted: "signed",
  refused: "G8 OUTPUT_UNKNOWN",
  removes: ["an output has an address"],
  without: "G6 EFFECT_WITHOUT_INTENT",
});

const { body } = destination(HOUSE, "customer");
const silent = signedDocument(
  makeDocument(BENEFICIARY, { ...body, account: `${REGTEST}:${SILENT}` as never }),
  [ANN, BEN],
  at("08:10:00"),
);

pair("B27", "people approve a silent payment address, and the host chooses the output", {
  good: onePayment,
  bad: () => {
    const papers = onePayment(HOUSE, {}, { changes: { beneficiary: silent.digest } });
    return withOutput({ ...papers, beneficiaries: [silent] }, "pay", ({ units }) => ({
      units,
      script: P2TR,
    }));
  },
  judge: offered,
  accepted: "signed",
  refused: "G6 EFFECT_WITHOUT_INTENT",
  removes: ["an effect is one that an intent asks for"],
  without: "signed",
});

test("B27: a silent payment address is no destination for a person to enter either", () => {
  expect(codeOf(() => parseAddress("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "regtest"))).toBe("none");
  expect(codeOf(() => parseAddress(SILENT, "regtest"))).toBe("ADDRESS_MALFORMED");
});
