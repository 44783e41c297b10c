/** T5 at the gates, and in what an officer reads: text that moves the cursor or turns around is neither read nor obeyed. */
import { utf8 } from "../../src/core/hex.ts";
import { drawings } from "../factory/drawings.ts";
import { goodRequest, makeCustody, stateFor } from "../factory/custody.ts";
import { reviewed } from "../factory/gates.ts";
import { said } from "./bench/machine.ts";
import { bytesOf, requestOf } from "./bench/papers.ts";
import { IN_PROCESS } from "./bench/stage.ts";
import { HOUSE, onePayment } from "./one-payment.ts";
import { pair } from "./pair.ts";

pair("T5", "a wallet's name in a request is turned around by an override", {
  good: () => Buffer.from(bytesOf(requestOf(HOUSE, onePayment()))).toString("utf8"),
  bad: (text) => text.replace('"wallet":"vault"', '"wallet":"va\u202eult"'),
  judge: (text) => said(IN_PROCESS.machine(HOUSE).offer(utf8(text))),
  accepted: "signed",
  refused: "G1 CANONICAL_MALFORMED",
  removes: ["text in a document is safe to show", "text that is written is safe to show"],
  without: "G1 DOCUMENT_MALFORMED",
});

const { review } = reviewed(goodRequest(makeCustody()), stateFor(makeCustody()));

/** What a terminal does with a review in which somebody else's name stands. */
function drawn(person: string): string {
  const operator = { ...review.body.operator, person };
  const { terminal } = drawings({ ...review, body: { ...review.body, operator } });
  return terminal.includes("\u001b") || terminal.includes("\u202e") ? "it is obeyed" : "it is shown";
}

pair("T5", "a person's name clears the screen above it", {
  good: () => "Otto Operator",
  bad: (name) => `${name}\u001b[2J`,
  judge: drawn,
  accepted: "it is shown",
  refused: "it is shown",
  removes: ["unsafe text is written out"],
  without: "it is obeyed",
});

pair("T5", "a person's name turns the line around", {
  good: () => "Otto Operator",
  bad: (name) => `\u202e${name}`,
  judge: drawn,
  accepted: "it is shown",
  refused: "it is shown",
  removes: ["unsafe text is written out"],
  without: "it is obeyed",
});
