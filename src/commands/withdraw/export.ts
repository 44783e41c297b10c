import { DELEGATION } from "../../core/documents/delegation.ts";
import { counted } from "../../core/count.ts";
import { assert } from "../../core/errors.ts";
import { walletNamed } from "../../core/policy/entries.ts";
import { documentBytes } from "../../core/document.ts";
import { parseId, type Id } from "../../core/identifier.ts";
import { shellWord } from "../../core/shell-word.ts";
import { findDocument } from "../../store/documents.ts";
import { getPlan } from "../../store/plans.ts";
import { requiredFlag, type Call, type Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { assertCarriable } from "../../terminal/carry.ts";
import { exportPlans } from "../../withdrawals/crossing/export.ts";
import { writeDocument } from "../documents.ts";
import { change, newId, requirePolicy, requireSession, withOnline } from "../../home/online.ts";
import { assertInNoQuarantine, assertReconciled } from "../../home/trust.ts";
import { warnOfEnd } from "../policy-end.ts";
import { plainForms, writePlainForms } from "./plain-files.ts";
import { plainFormsAsked } from "./plain-forms.ts";
import { readSessionKey } from "../session/key.ts";
import { PORTS } from "../../home/ports.ts";

/** The request is committed to the database before it is written to a file, so that what left is always known. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    assertCarriable(call);
    const asked = plainFormsAsked(call.flags);
    const policy = requirePolicy(online);
    const session = requireSession(online);
    const delegation = findDocument(online.store, DELEGATION, session.delegation);
    assert(delegation !== undefined, "a session's delegation is stored with it");
    const sessionSeed = await readSessionKey(call, session.key);
    const [id, ...more] = plansNamed(call);
    assertInNoQuarantine(online);
    const { wallet } = getPlan(online.store, id);
    assertReconciled(online, walletNamed(policy.body, wallet, "plan").chain);
    if (asked.folder !== undefined) for (const each of [id, ...more]) plainForms(online, each, asked);
    const { request, signers } = change(online, (tx, operation) => {
      const plans = [PORTS.getPlan(tx, id), ...more.map((each) => PORTS.getPlan(tx, each))] as const;
      return exportPlans(PORTS, tx, [...plans], {
        policy,
        delegation,
        sessionSeed,
        now: call.io.now(),
        operation,
        id: newId(online),
      });
    });
    sessionSeed.fill(0);
    const out = requiredFlag(call.flags, "out");
    const what = more.length === 0 ? `plan ${id}` : `${more.length + 1} plans`;
    const codes = await writeDocument(call, out, request, `Request for ${what} of wallet ${wallet}`);
    const psbts = [id, ...more].flatMap((each) => writePlainForms(online, each, asked));
    return {
      data: {
        file: out,
        plan: id,
        ...(more.length === 0 ? {} : { plans: [id, ...more] }),
        request: request.digest,
        bytes: documentBytes(request).length,
        signers: [...signers],
        psbts: [...psbts],
        codes: [...codes],
      },
      text:
        out === "-"
          ? ""
          : drawFacts([
              ["request", `${out}, ${documentBytes(request).length} bytes`],
              ["digest", grouped(request.digest)],
              [
                "for",
                `${signers.join(", ")}   (the same file; ${counted(walletNamed(policy.body, wallet).threshold, "signature")} complete it)`,
              ],
              ...psbts.map((file) => ["for other makers", file] as const),
              ...(codes.length === 0 ? [] : [["codes", placesOf(codes)] as const]),
            ]),
      warnings: warnOfEnd(policy, call.io.now()),
      next: `custody-signer review --in ${shellWord(out)}   (carry the file to the offline machine, and sign it there)`,
    };
  });

// Each once: a plan that stands twice in a request is refused by every signer.
function plansNamed({ args }: Call): readonly [Id, ...Id[]] {
  const [first, ...others] = [...new Set(args.map((text) => parseId(text, "plan")))];
  return [first ?? parseId("", "plan"), ...others];
}

const placesOf = (files: readonly string[]): string =>
  files.length === 1 ? String(files[0]) : `${files.length} files, ${files[0]} the first`;
