/** The pipe to the world. What is asked in one turn is asked in one message, since each of them costs more than its answer. */
import type { Asked, NodeAnswer, NodeQuestion } from "./messages.ts";

type Waiting = { readonly question: NodeQuestion; readonly resolve: (answer: NodeAnswer) => void };

let gathered: Waiting[] = [];
const sent: Waiting[] = [];

/** @param atOnce when what is told changes the world: the process may die before it tells the next */
export function askWorld(question: NodeQuestion, atOnce: boolean): Promise<NodeAnswer> {
  return new Promise((resolve) => {
    gathered.push({ question, resolve });
    if (atOnce) send();
    else if (gathered.length === 1) setImmediate(send);
  });
}

function send(): void {
  if (gathered.length === 0) return;
  const questions = gathered.map(({ question }) => question);
  sent.push(...gathered);
  gathered = [];
  process.send?.({ type: "nodes", questions } satisfies Asked);
}

/** Takes answers of the world's: it gives them in the order in which it was asked. */
export function takeAnswers(answers: readonly NodeAnswer[]): void {
  for (const answer of answers) sent.shift()?.resolve(answer);
}
