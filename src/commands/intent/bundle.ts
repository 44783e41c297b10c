import { embed, makeDocument } from "../../core/document.ts";
import { BUNDLE, type Bundle } from "../../core/documents/bundle.ts";
import { parseId } from "../../core/identifier.ts";
import { custodyId } from "../../core/policy/policy.ts";
import { shellWord } from "../../core/shell-word.ts";
import { getMovement, movementDecisionsOf } from "../../store/treasury.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { movementEvidence } from "../../treasury/evidence.ts";
import { writeDocument } from "../documents.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const movement = getMovement(online.store, parseId(call.args[0] ?? "", "id"));
    const { intent, approvals, clearances } = movementEvidence(
      { ...READS, movementDecisionsOf },
      online.store,
      movement,
    );
    const bundle = makeDocument<Bundle>(BUNDLE, {
      kind: "bundle",
      version: 1,
      network: online.network,
      custody: custodyId(policy),
      policy: policy.body.number,
      intent: embed(intent),
      superseded: [],
      approvals: approvals.map((approval) => embed(approval)),
      clearances: clearances.map((clearance) => embed(clearance)),
      similar: [],
    });
    const out = requiredFlag(call.flags, "out");
    await writeDocument(call, out, bundle, `Bundle of intent ${movement.id}`);
    return {
      data: { file: out, intent: intent.digest, id: movement.id },
      text: out === "-" ? "" : `${out}: what a desk needs to decide on ${movement.id}`,
      next: `custody desk review ${shellWord(out)}   (at a desk; it says what is to be signed)`,
    };
  });
