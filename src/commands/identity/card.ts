import { parseNetwork } from "../../core/chain.ts";
import { makeDocument } from "../../core/document.ts";
import { IDENTITY_CARD } from "../../core/documents/identity-card.ts";
import { parseName } from "../../core/identifier.ts";
import { parseText } from "../../core/text.ts";
import { optionalFlag, requiredFlag, type Call, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { writeDocument } from "../documents.ts";
import { completeDraft, readSecurityKey, writeDraft } from "../desk/draft.ts";
import { cardReading, ONCE_DRAFTED } from "./reading.ts";

/** Makes the card of a key that never leaves its security key. Its signature shows that the card's maker holds it. */
export const run: Run = async (call) =>
  optionalFlag(call.flags, "draft") === undefined ? begin(call) : complete(call);

async function begin(call: Call): Promise<Outcome> {
  const key = await readSecurityKey(call);
  const document = makeDocument(IDENTITY_CARD, {
    kind: "identity-card",
    version: 1,
    network: parseNetwork(requiredFlag(call.flags, "network"), "--network"),
    name: parseName(call.args[0] ?? "", "name"),
    person: parseText(requiredFlag(call.flags, "person"), "--person", 64),
    key,
    alg: "sshsig-sk",
  });
  const next = writeDraft(call, { document, by: key, at: call.io.now() }, "custody identity card");
  const { data, facts } = cardReading(document);
  const [draft, toSign] = [requiredFlag(call.flags, "out"), requiredFlag(call.flags, "toSign")];
  return {
    data: { ...data, draft, toSign },
    text: drawFacts([
      ...facts,
      ["not signed yet", `the security key signs ${toSign}; ${draft} waits for it`],
    ]),
    next,
  };
}

async function complete(call: Call): Promise<Outcome> {
  const card = await completeDraft(call, IDENTITY_CARD);
  const out = requiredFlag(call.flags, "out");
  await writeDocument(call, out, card, `Identity card of ${card.body.name}`);
  const { data, facts } = cardReading(card);
  return {
    data: { ...data, card: out },
    text:
      out === "-"
        ? ""
        : drawFacts([...facts, ["card", `${out} (public: hand it to whoever drafts the policy)`]]),
    next: `custody desk sign policy.draft.json --as policy --security-key ${card.body.name}.pub --to-sign policy.bytes --out policy.${card.body.name}.draft.json   ${ONCE_DRAFTED}`,
  };
}
