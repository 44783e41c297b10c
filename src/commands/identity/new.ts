import { parseNetwork } from "../../core/chain.ts";
import { documentBytes, makeDocument, withSignature } from "../../core/document.ts";
import { IDENTITY_CARD } from "../../core/documents/identity-card.ts";
import { makeIdentity, sealIdentity } from "../../core/identity-file.ts";
import { parseName } from "../../core/identifier.ts";
import { signDigest } from "../../core/signature.ts";
import { parseText } from "../../core/text.ts";
import { requiredFlag, switchedOn, type Run } from "../../terminal/command.ts";
import { writeOutput } from "../../terminal/files.ts";
import { assertCarriable, carryDocument } from "../../terminal/carry.ts";
import { askNewPassphrase } from "../../terminal/passphrase.ts";
import { drawFacts } from "../../terminal/table.ts";
import { assertOwnDesk } from "../desk/pinned.ts";
import { shellWord } from "../../core/shell-word.ts";
import { cardReading, ONCE_DRAFTED } from "./reading.ts";

/** Makes one person's key. The card beside it is public; the officer compares its fingerprint in full. */
export const run: Run = async (call) => {
  const { io, args, flags, dryRun, home } = call;
  const name = parseName(args[0] ?? "", "name");
  const network = parseNetwork(requiredFlag(flags, "network"), "--network");
  const person = parseText(requiredFlag(flags, "person"), "--person", 64);
  const out = requiredFlag(flags, "out");
  assertCarriable(call);
  assertOwnDesk(home, network);
  const passphrase = await askNewPassphrase(io, flags, `${name}'s key`);

  const identity = makeIdentity(name, person, io.random(32));
  const draft = makeDocument(IDENTITY_CARD, {
    kind: "identity-card",
    version: 1,
    network,
    name,
    person,
    key: identity.key,
    alg: "ed25519",
  });
  const card = withSignature(draft, signDigest(draft.digest, identity.seed, io.now()));
  const cardFile = `${out.replace(/\.key$/, "")}.card.json`;
  if (!dryRun) {
    const force = switchedOn(flags, "force");
    writeOutput(
      io,
      out,
      sealIdentity(identity, network, passphrase, { salt: io.random(16), nonce: io.random(12) }),
      { force },
    );
    writeOutput(io, cardFile, documentBytes(card), { force });
  }
  identity.seed.fill(0);
  passphrase.fill(0);
  await carryDocument(call, card, `Identity card of ${name}`);

  const { data, facts } = cardReading(card);
  return {
    data: { ...data, file: out, card: cardFile },
    text: drawFacts([
      ...facts,
      ["key file", `${out} (sealed: keep it and its passphrase apart)`],
      ["card", `${cardFile} (public: hand it to whoever drafts the policy)`],
    ]),
    next: `custody desk sign policy.draft.json --as policy --identity ${shellWord(out)} --out policy.${name}.json   ${ONCE_DRAFTED}`,
  };
};
