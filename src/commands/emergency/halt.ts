import { declareError } from "../../core/errors.ts";
import { parseName, type Name } from "../../core/identifier.ts";
import { LIMITS } from "../../core/limits.ts";
import { HALT_ROLES, isWatcherCode, parseScope, scopeText } from "../../core/policy/halts.ts";
import { optionalFlag, switchedOn, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { change, newId, requirePolicy, requireSession, withOnline, type Online } from "../../home/online.ts";
import { haltFlags, raiseHaltFlag, type HaltFlag } from "../../store/halt-flags.ts";
import type { HaltScope } from "../../core/documents/halt.ts";
import { describeFlags, describeHalts, drawHalts } from "./draw.ts";

export const FLAGS_FULL = declareError(
  "FLAGS_FULL",
  "conflict",
  "Operators have raised as many halts of this host alone as may be in force.",
);

export const FLAG_CODE_RESERVED = declareError(
  "FLAG_CODE_RESERVED",
  "usage",
  "A code is that of a flag which the watcher raises over what it has seen.",
);

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
  // Under the watcher's own code a flag would take two admins to end, and hide what the watcher sees after it.
  if (isWatcherCode(code)) {
    throw FLAG_CODE_RESERVED(`${code} is what the watcher alone halts this host for`, {
      field: "--code",
      hint: "custody emergency halt --now --code operator",
    });
  }
  const flag = change(online, (tx) => {
    assertRoom(haltFlags(tx), scope, code);
    return raiseHaltFlag(tx, { id: newId(online), scope, code, detail: undefined });
  });
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

// Whoever holds a session could ask for a thousand warrants. There is always room for one more over everything, unless
// one is in force: then nothing is left to stop.
function assertRoom(flags: readonly HaltFlag[], scope: HaltScope, code: Name): void {
  const own = flags.filter(({ raisedBy }) => raisedBy !== "watcher");
  if (own.length < LIMITS.operatorFlagsMax) return;
  const same = flags.some((flag) => flag.code === code && scopeText(flag.scope) === scopeText(scope));
  const stopped = own.some((flag) => flag.scope.of === "everything");
  if (same || (scope.of === "everything" && !stopped)) return;
  throw FLAGS_FULL(`${own.length} halts of this host alone are in force, raised by operators`, {
    field: "--scope",
    hint: stopped
      ? "custody emergency resume   (one of them is over everything already)"
      : "custody emergency halt --now --scope everything",
  });
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
