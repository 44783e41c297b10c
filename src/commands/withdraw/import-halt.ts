/** Stop and go, as `withdraw import` meets them (law 13). */
import { counted } from "../../core/count.ts";
import { parseDocument } from "../../core/document.ts";
import { HALT, RESUME } from "../../core/documents/halt.ts";
import { haltedBy, scopeText } from "../../core/policy/halts.ts";
import type { Outcome } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { importHalt, importResume } from "../../withdrawals/stopping/halt.ts";
import { change, requirePolicy, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";

/**
 * Takes a halt in. It is the act of the person who signed it, and needs no operator's session: whoever finds a theft at
 * night does not wait for an operator, who may be the thief.
 */
export function importStop(online: Online, bytes: Uint8Array): Outcome {
  const policy = requirePolicy(online);
  const halt = parseDocument(HALT, bytes);
  const by = haltedBy(policy.body, halt)?.identity.name;
  change(online, (tx) => importHalt(PORTS, tx, halt, policy), by);
  const { id, scope, code } = halt.body;
  const over = scopeText(scope);
  return {
    data: { halt: halt.digest, id, scope: over, code, inForce: true },
    text: drawFacts([
      ["halt", `over ${over}, in force here (${code})`],
      ["digest", halt.digest],
    ]),
    warnings: ["a signer obeys it once it has imported the same file: custody-signer import FILE"],
    next: "custody emergency resume",
  };
}

/** Takes signatures under a resume in. The caller has asked for a session. */
export function importGo(online: Online, bytes: Uint8Array): Outcome {
  const resume = parseDocument(RESUME, bytes);
  const resumed = change(online, (tx) => importResume(PORTS, tx, resume, requirePolicy(online)));
  const { halt, signed, needed } = resumed;
  const over = signed >= needed;
  return {
    data: { halt: halt.digest, signed, needed, inForce: !over },
    text: drawFacts([
      ["halt", over ? "ended" : `still in force: signed by ${signed} of ${counted(needed, "approver")}`],
    ]),
    next: over ? "custody status" : "custody emergency resume",
  };
}
