/** What people are told of flags that halt this host: the watcher's before operators', and again when they are raised again. */
import { isWatcherCode, scopeText } from "../../src/core/policy/halts.ts";
import type { Condition } from "../../src/store/alerts.ts";
import type { HaltFlag } from "../../src/store/halt-flags.ts";

/** @param max flags that are told of; operators' are left out first */
export function ofFlags(flags: readonly HaltFlag[], max: number): readonly Condition[] {
  return watchersFirst(flags).slice(0, max).flatMap(halted);
}

// What a person alone has raised is known to that person.
function watchersFirst(flags: readonly HaltFlag[]): readonly HaltFlag[] {
  return flags.toSorted((a, b) => Number(isWatchers(b)) - Number(isWatchers(a)));
}

const isWatchers = ({ code }: HaltFlag) => isWatcherCode(code);

// A second theft under a flag that is in force changes the first alert's words alone, so it has an alert of its own.
function halted(flag: HaltFlag): readonly Condition[] {
  const { id, scope, code, raisedBy, raised, detail, version } = flag;
  const why = detail === undefined ? "" : `: ${detail}`;
  const first: Condition = {
    kind: "halted-here",
    subject: id,
    severity: isWatchers(flag) ? "critical" : "warning",
    text: `this host is halted over ${scopeText(scope)} (${code}) by ${raisedBy} since ${raised}${why}`,
    next: `custody emergency resume --flag ${id} --out warrant.json   (docs/runbooks/halt-and-resume.md)`,
  };
  if (version === 1 || !isWatchers(flag)) return [first];
  const text = `the halt of this host over ${scopeText(scope)} (${code}) was raised again${why}`;
  return [first, { ...first, kind: "halted-again", subject: `${id}.${version}`, text }];
}
