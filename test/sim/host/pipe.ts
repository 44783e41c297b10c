/** The pipe to the world: what is asked is answered in order. */
import type { Asked, Told } from "./messages.ts";

const waiting: ((told: Told) => void)[] = [];

export function askWorld(asked: Asked): Promise<Told> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    process.send?.(asked);
  });
}

/** Takes an answer of the world's. */
export function takeAnswer(told: Told): void {
  waiting.shift()?.(told);
}
