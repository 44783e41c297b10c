/** The halts in force, as JSON and as facts: signed ones, which signers obey too, and flags, which this host alone knows. */
import type { Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { scopeText } from "../../core/policy/halts.ts";
import { warrantRole } from "../../core/policy/warrants.ts";
import { haltFlags } from "../../store/halt-flags.ts";
import { haltsNow } from "../../withdrawals/deciding/evidence.ts";

export function describeHalts(online: Online) {
  return haltsNow(READS, online.store).map(({ digest, body, signatures }) => ({
    halt: digest,
    id: body.id,
    scope: scopeText(body.scope),
    code: body.code,
    ...(signatures[0] === undefined ? {} : { at: signatures[0].at }),
  }));
}

export function describeFlags({ store }: Online) {
  return haltFlags(store).map(({ id, scope, code, detail, raisedBy, raised, version }) => ({
    flag: id,
    scope: scopeText(scope),
    code,
    ...(detail === undefined ? {} : { detail }),
    by: raisedBy,
    at: raised,
    endedBy: warrantRole({ do: "lift", flag: id, code, version }),
  }));
}

export function drawHalts(
  halts: ReturnType<typeof describeHalts>,
  flags: ReturnType<typeof describeFlags>,
): (readonly [string, string])[] {
  if (halts.length + flags.length === 0) return [["halts", "none in force"]];
  return [
    ...halts.map(
      ({ halt, scope, code, at }) =>
        ["HALT", `over ${scope} (${code})${at === undefined ? "" : ` since ${at}`}, digest ${halt}`] as const,
    ),
    ...flags.map(
      ({ flag, scope, code, detail, by, at }) =>
        [
          "HALT HERE",
          `over ${scope} (${code}) by ${by} since ${at}, flag ${flag}${detail === undefined ? "" : `: ${detail}`}`,
        ] as const,
    ),
  ];
}

/** Below them, for whoever looks at the whole: what ends each, and where that is told at length. */
export function drawResumes(
  halts: ReturnType<typeof describeHalts>,
  flags: ReturnType<typeof describeFlags>,
): (readonly [string, string])[] {
  const ends = [
    ...halts.map(({ halt }) => `--halt ${halt} --out resume.json`),
    ...flags.map(({ flag }) => `--flag ${flag} --out warrant.json`),
  ];
  if (ends.length === 0) return [];
  return [
    ...ends.map((end) => ["ends it", `custody emergency resume ${end}`] as const),
    ["", "docs/runbooks/halt-and-resume.md"],
  ];
}
