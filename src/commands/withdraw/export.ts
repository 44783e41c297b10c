import { rungAt, rungNumber } from "../../chains/attempts.ts";
import { DELEGATION } from "../../core/documents/delegation.ts";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { asPsbtV2 } from "../../chains/bitcoin/index.ts";
import { counted } from "../../core/count.ts";
import { assert } from "../../core/errors.ts";
import { walletNamed } from "../../core/policy/entries.ts";
import { documentBytes } from "../../core/document.ts";
import { parseId, type Id } from "../../core/identifier.ts";
import { shellWord } from "../../core/shell-word.ts";
import { findDocument } from "../../store/documents.ts";
import { getPlan } from "../../store/plans.ts";
import { writeOutput } from "../../terminal/files.ts";
import { plainAttempts, planDocumentOf } from "../../withdrawals/planning/plan-bytes.ts";
import { requiredFlag, switchedOn, type Call, type Run } from "../../terminal/command.ts";
import { drawFacts, grouped } from "../../terminal/table.ts";
import { assertCarriable } from "../../terminal/carry.ts";
import { exportPlans } from "../../withdrawals/crossing/export.ts";
import { writeDocument } from "../documents.ts";
import { change, newId, requirePolicy, requireSession, withOnline, type Online } from "../../home/online.ts";
import { planReading } from "../../home/plan-reading.ts";
import { assertReconciled } from "../../home/trust.ts";
import { warnOfEnd } from "../policy-end.ts";
import { plainPsbtsAsked, type PlainPsbts } from "./plain-psbts.ts";
import { readSessionKey } from "../session/key.ts";
import { PORTS, READS } from "../../home/ports.ts";

/** The request is committed to the database before it is written to a file, so that what left is always known. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    assertCarriable(call);
    const asked = plainPsbtsAsked(call.flags);
    const policy = requirePolicy(online);
    const session = requireSession(online);
    const delegation = findDocument(online.store, DELEGATION, session.delegation);
    assert(delegation !== undefined, "a session's delegation is stored with it");
    const sessionSeed = await readSessionKey(call, session.key);
    const [id, ...more] = plansNamed(call);
    const { wallet } = getPlan(online.store, id);
    assertReconciled(online, walletNamed(policy.body, wallet, "plan").chain);
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
    const psbts = [id, ...more].flatMap((each) => writePsbts(online, each, asked));
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
              ...psbts.map((file) => ["plain PSBT", file] as const),
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

// For other makers' signers: each attempt as a PSBT of its own, named by its place. They check less than ours do.
function writePsbts(online: Online, id: Id, { folder, version }: PlainPsbts): readonly string[] {
  const { call, store } = online;
  if (folder === undefined) return [];
  const plan = getPlan(store, id);
  const attempts = plainAttempts(READS, store, plan, planReading(store, requirePolicy(online), plan));
  // Made here, as that of --frames is: a folder that is missing must not end an export that is committed already.
  if (!call.dryRun) mkdirSync(resolve(call.io.cwd, folder), { recursive: true });
  const { body } = planDocumentOf(READS, store, plan);
  return attempts.map((bytes, place) => {
    const rung = rungAt(body, place);
    const name = rung === "cancel" ? rung : `rung-${rungNumber(rung)}`;
    const path = join(folder, `${id}.${name}.psbt`);
    const written = version === 2 ? asPsbtV2(bytes) : bytes;
    if (!call.dryRun) writeOutput(call.io, path, written, { force: switchedOn(call.flags, "force") });
    return path;
  });
}
