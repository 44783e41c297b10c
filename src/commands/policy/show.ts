import { declareError } from "../../core/errors.ts";
import { utf8 } from "../../core/hex.ts";
import { POLICY, type PolicyDocument } from "../../core/policy/policy.ts";
import type { Instant } from "../../core/instant.ts";
import { shellWord } from "../../core/shell-word.ts";
import { findDocument } from "../../store/documents.ts";
import { policiesSince } from "../../store/policies.ts";
import { isCarried } from "../../terminal/carry.ts";
import { countFlag, optionalFlag, requiredFlag, switchedOn, type Run } from "../../terminal/command.ts";
import { writeOutput } from "../../terminal/files.ts";
import { USAGE } from "../../terminal/program.ts";
import { drawFacts } from "../../terminal/table.ts";
import { writeDocument } from "../documents.ts";
import { requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { endsSoon } from "../policy-end.ts";
import { drawPolicy } from "./draw.ts";

export const POLICY_NUMBER_UNKNOWN = declareError(
  "POLICY_NUMBER_UNKNOWN",
  "notFound",
  "No policy of this number was ever in force in this home.",
);

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const active = requirePolicy(online);
    const { number } = active.body;
    const asked = countFlag(call.flags, "number", { min: 1, max: 1_000_000, otherwise: number });
    const policy = asked === number ? active : formerPolicy(online, asked);
    const out = isCarried(call) ? requiredFlag(call.flags, "out") : optionalFlag(call.flags, "out");
    const indent = switchedOn(call.flags, "indent");
    if (indent && isCarried(call))
      throw USAGE("what is written for editing is no document, and does not cross", {
        field: "--indent",
        hint: "leave out --indent, or the flags for QR codes",
      });
    if (out !== undefined && indent) {
      const text = `${JSON.stringify(policy.body, undefined, 2)}\n`;
      writeOutput(call.io, out, utf8(text), { force: switchedOn(call.flags, "force") });
    } else if (out !== undefined) await writeDocument(call, out, policy);
    const facts = drawFacts([
      [asked === number ? "active" : "former", `policy number ${asked}`],
      ...drawPolicy(policy),
    ]);
    return {
      data: { digest: policy.digest, policy: policy.body },
      text: out === "-" ? "" : facts,
      next:
        out === undefined || out === "-"
          ? undefined
          : indent
            ? nextEdit(out, policy, call.io.now())
            : nextPin(out),
    };
  });

/** One that was in force: a signer that begins anew pins all of them in order, from number 1. */
function formerPolicy({ store }: Online, number: number): PolicyDocument {
  const found = policiesSince(store, number).find((policy) => policy.number === number);
  const policy = found === undefined ? undefined : findDocument(store, POLICY, found.digest);
  if (policy !== undefined) return policy;
  throw POLICY_NUMBER_UNKNOWN(`policy number ${number} was never in force here`, {
    field: "--number",
    hint: "custody policy show",
  });
}

// Without --days the draft keeps the end that stands in the file.
function nextEdit(out: string, { body: { expires } }: PolicyDocument, now: Instant): string {
  return `custody policy draft --from ${shellWord(out)}${endsSoon(expires, now) ? " --days 365" : ""} --out policy.draft.json   (once it is edited)`;
}

const nextPin = (out: string): string =>
  `custody-signer policy pin --in ${shellWord(out)}   (at each signer; and at each desk: custody desk init --policy ${shellWord(out)})`;
