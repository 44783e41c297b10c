import { parseName } from "../../core/identifier.ts";
import { HALT_ROLES, parseScope, scopeText } from "../../core/policy/halts.ts";
import { optionalFlag, switchedOn, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { change, newId, requirePolicy, requireSession, withOnline, type Online } from "../../home/online.ts";
import { raiseHaltFlag } from "../../store/halt-flags.ts";
import type { HaltScope } from "../../core/documents/halt.ts";
import { describeFlags, describeHalts, drawHalts } from "./draw.ts";

/**
 * A halt is a person's signature, made at a desk: this host says how, and what is in force. With `--now` the operator
 * raises a flag as well, which stops this host at once and nobody else (law 13).
 */
export const run: Run = async (call) =>
  withOnline(call, (online) => {
    const scope = parseScope(optionalFlag(call.flags, "scope") ?? "everything", requirePolicy(online).body);
    return switchedOn(call.flags, "now") ? stopHere(online, scope) : explain(online, scope);
  });

const signingOf = (scope: HaltScope, code: string) =>
  `custody desk sign --as halt --scope ${scopeText(scope)} --code ${code} --identity NAME.key --out halt.json`;

function stopHere(online: Online, scope: HaltScope): Outcome {
  const { operator } = requireSession(online);
  const code = parseName(optionalFlag(online.call.flags, "code") ?? "operator", "--code");
  const flag = change(online, (tx) =>
    raiseHaltFlag(tx, { id: newId(online), scope, code, detail: undefined }),
  );
  return {
    data: { flag: flag.id, scope: scopeText(scope), code, by: operator, inForce: true },
    text: drawFacts([
      ["halted here", `${scopeText(scope)} (${code}), by ${flag.raisedBy} at ${flag.raised}`],
      ["stops", "builds, exports and first sendings of this host; what is out already is followed"],
      ["flag", flag.id],
    ]),
    warnings: ["it stops this host alone: no signer knows it. A halt that signers obey is signed at a desk"],
    next: signingOf(scope, code),
  };
}

function explain(online: Online, scope: HaltScope): Outcome {
  const sign = signingOf(scope, "CODE");
  const [halts, flags] = [describeHalts(online), describeFlags(online)];
  return {
    data: { scope: scopeText(scope), roles: [...HALT_ROLES], sign, halts, flags },
    text: drawFacts([
      ["who", `one person with role ${HALT_ROLES.join(", ")}`],
      ["at a desk", sign],
      [
        "here",
        "custody withdraw import halt.json   (needs no session; stops building, exporting, first sendings)",
      ],
      ["each signer", "custody-signer import halt.json   (stops signing)"],
      ["until then", "custody emergency halt --now   (the operator stops this host alone, at once)"],
      ...drawHalts(halts, flags),
    ]),
    next: sign,
  };
}
