/** A dead letter as JSON and as facts. */
import type { Letter } from "../../store/dead-letters.ts";

export function describeLetter({ id, subject, class: reason, ...letter }: Letter) {
  const { code, why, payload, attempts, firstFailed, lastFailed, state } = letter;
  return {
    letter: id,
    state,
    entity: subject.entity,
    id: subject.id,
    step: subject.step,
    class: reason,
    code,
    why,
    payload,
    attempts,
    firstFailed,
    lastFailed,
  };
}

export function letterFacts(letter: Letter): (readonly [string, string])[] {
  const { id, subject, code, why, attempts, firstFailed, lastFailed, state, payload } = letter;
  const shown = SHOWN.get(subject.entity);
  return [
    ["dead letter", id],
    ["state", `${state}: ${MEANING[state]}`],
    ["about", `${subject.entity} ${subject.id}, ${subject.step}`],
    ["reason", `${letter.class} (${code}): ${why}`],
    ["failed", `${attempts} times, from ${firstFailed} to ${lastFailed}`],
    ["payload", payload],
    ...(shown === undefined ? [] : [["look at", `${shown} ${subject.id}`] as const]),
  ];
}

const MEANING: Readonly<Record<Letter["state"], string>> = {
  OPEN: "not tried any more until two persons decide",
  REQUEUED: "tried again",
  DROPPED: "put away unsolved, not tried any more",
};

const SHOWN: ReadonlyMap<string, string> = new Map([
  ["withdrawal", "custody withdraw show"],
  ["movement", "custody intent show"],
]);
