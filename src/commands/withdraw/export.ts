import { DELEGATION } from "../../core/documents/delegation.ts";
import { assert } from "../../core/errors.ts";
import { documentBytes } from "../../core/document.ts";
import { parseId } from "../../core/identifier.ts";
import { findDocument } from "../../store/documents.ts";
import { requiredFlag, type Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { exportPlan } from "../../withdrawals/export.ts";
import { writeDocument } from "../documents.ts";
import { change, newId, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { readSessionKey } from "../session/key.ts";
import { PORTS } from "../../home/ports.ts";

/** The request is committed to the database before it is written to a file, so that what left is always known. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const session = requireSession(online);
    const delegation = findDocument(online.store, DELEGATION, session.delegation);
    assert(delegation !== undefined, "a session's delegation is stored with it");
    const sessionSeed = await readSessionKey(call, session.key);
    const id = parseId(call.args[0] ?? "", "plan");
    const { request } = change(online, (tx, operation) =>
      exportPlan(PORTS, tx, PORTS.getPlan(tx, id), {
        policy,
        delegation,
        sessionSeed,
        now: call.io.now(),
        operation,
        id: newId(online),
      }),
    );
    sessionSeed.fill(0);
    const out = requiredFlag(call.flags, "out");
    writeDocument(call, out, request);
    return {
      data: { file: out, plan: id, request: request.digest, bytes: documentBytes(request).length },
      text:
        out === "-"
          ? ""
          : drawFacts([
              ["request", `${out}, ${documentBytes(request).length} bytes`],
              ["digest", grouped(request.digest)],
            ]),
      next: `custody-signer sign --in ${out} --out receipt.json --officer NAME.key   (carry the file to the offline machine)`,
    };
  });
