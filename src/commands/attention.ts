/** What people have to look at: what was given up, and what the watcher tells people of. For whoever looks at the whole, or at one thing. */
import { countLetters, lettersOn, listLetters, type Letter } from "../store/dead-letters.ts";
import { firingAlerts, type Alert, type Severity } from "../store/alerts.ts";
import type { Reader } from "../store/statement.ts";
import type { Online } from "../home/online.ts";
import { describeLetter } from "./dlq/draw.ts";
import { describeFlags, describeHalts, drawHalts, drawResumes } from "./emergency/draw.ts";

/** Letters and alerts that are named one by one; the rest is counted. */
const NAMED_MAX = 5;

type DescribedLetter = ReturnType<typeof describeLetter> & { readonly hint: string };

type Letters = { readonly open: number; readonly letters: readonly DescribedLetter[] };

const withHint = (letter: Letter): DescribedLetter => ({
  ...describeLetter(letter),
  hint: `custody dlq show ${letter.id}`,
});

/** The open letters: how many, and the oldest. */
function describeLetters(reader: Reader): Letters {
  const oldest = listLetters(reader, "OPEN", { limit: NAMED_MAX });
  return { open: countLetters(reader).get("OPEN") ?? 0, letters: oldest.map(withHint) };
}

/** The letters about any of `subjects` that nobody has solved. */
export function lettersAbout(
  reader: Reader,
  subjects: readonly { readonly entity: string; readonly id: string }[],
): Letters {
  const letters = subjects
    .flatMap(({ entity, id }) => lettersOn(reader, entity, id))
    .filter(({ state }) => state !== "REQUEUED");
  return { open: letters.length, letters: letters.slice(0, NAMED_MAX).map(withHint) };
}

export function drawLetters({ open, letters }: Letters): readonly (readonly [string, string])[] {
  const more = open - letters.length;
  return [
    ...letters.flatMap(({ entity, id, step, class: reason, attempts, state, hint }) => [
      [
        "DEAD LETTER",
        `${step} of ${entity} ${id} has failed ${attempts} times (${reason})${state === "DROPPED" ? ", put away" : ""}`,
      ] as const,
      ["", hint] as const,
    ]),
    ...(more > 0 ? [["", `and ${more} more: custody dlq list`] as const] : []),
  ];
}

type DescribedAlert = ReturnType<typeof describeAlert>;

function describeAlert({ id, kind, subject, severity, text, next, firstSeen }: Alert) {
  return { alert: id, kind, subject, severity, text, since: firstSeen, hint: next };
}

const GRAVITY: Readonly<Record<Severity, number>> = { critical: 0, error: 1, warning: 2 };

/** What fires, as the watcher's last pass found it: the gravest first, and of those the oldest. */
export function describeAlerts(
  reader: Reader,
  about: (alert: Alert) => boolean = () => true,
): readonly DescribedAlert[] {
  return firingAlerts(reader)
    .filter(about)
    .toSorted((a, b) => GRAVITY[a.severity] - GRAVITY[b.severity])
    .map(describeAlert);
}

/** Kinds whose cause `custody status` shows by itself, as it is at this moment. */
const SHOWN_ANYWAY: ReadonlySet<string> = new Set([
  "halted-here",
  "halted-again",
  "quarantine",
  "reconciliation-break",
  "dead-letter",
  "stuck-state",
]);

export function drawAlerts(alerts: readonly DescribedAlert[]): readonly (readonly [string, string])[] {
  const drawn = alerts.filter(({ kind }) => !SHOWN_ANYWAY.has(kind));
  const more = drawn.length - NAMED_MAX;
  return [
    ...drawn
      .slice(0, NAMED_MAX)
      .flatMap(({ kind, severity, text, hint }) => [
        ["ALERT", `${kind} (${severity}): ${text}`] as const,
        ["", hint] as const,
      ]),
    ...(more > 0 ? [["", `and ${more} more: custody-watcher status`] as const] : []),
  ];
}

export type Attention = ReturnType<typeof describeAttention>;

/** Everything of that kind in the house. @param founded before it is, nobody can have signed a halt */
export function describeAttention(online: Online, founded: boolean) {
  const { open, letters } = describeLetters(online.store);
  return {
    halts: founded ? describeHalts(online) : [],
    flags: describeFlags(online),
    deadLetters: open,
    letters,
    alerts: describeAlerts(online.store),
  };
}

/** @param said what is told to type elsewhere: an alert that says no more is left out */
export function drawAttention(
  { halts, flags, deadLetters, letters, alerts }: Attention,
  said: ReadonlySet<string>,
): readonly (readonly [string, string])[] {
  return [
    ...(halts.length + flags.length === 0 ? [] : drawHalts(halts, flags)),
    ...drawResumes(halts, flags),
    ...drawLetters({ open: deadLetters, letters }),
    ...drawAlerts(alerts.filter(({ hint }) => !said.has(hint))),
  ];
}
