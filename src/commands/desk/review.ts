import { existsSync } from "node:fs";
import type { Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { readAnyDocument } from "../documents.ts";
import { decodeForDesk, drawDecoded } from "./decode.ts";
import { pinnedPolicy } from "./pinned.ts";

/** Decodes a file and shows it against the pinned policy. Signs nothing. */
export const run: Run = async (call) => {
  const file = call.args[0] ?? "-";
  const { kind, bytes } = await readAnyDocument(call, file);
  const decoded = decodeForDesk(kind, bytes);
  const policy = existsSync(call.home) ? await pinnedPolicy(call).catch(() => undefined) : undefined;
  const facts = drawDecoded(decoded, policy, call.io.now());
  return {
    data: { kind, digest: decoded.subject.digest, facts: facts.map(([label, value]) => ({ label, value })) },
    text: drawFacts(facts),
    next: `custody desk sign ${file} --as ${DECISIONS[decoded.content.kind]} --identity NAME.key --out signed.json`,
  };
};

const DECISIONS = {
  bundle: "approve",
  beneficiary: "beneficiary",
  delegation: "delegate",
  policy: "policy",
} as const;
