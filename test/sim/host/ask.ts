/** Questions to the world's nodes. What is asked twice in one call is told once: until something is sent, nothing changes it. */
import { CustodyError } from "../../../src/core/errors.ts";
import type { NodeQuestion } from "./messages.ts";
import { askWorld } from "./pipe.ts";
import { pass } from "./trace.ts";

let heard = new Map<string, Promise<unknown>>();

/** A call begins. */
export function forgetAnswers(): void {
  heard = new Map();
}

/** @param how `once`: no other question is the same */
export async function ask(question: NodeQuestion, how: "read" | "once" | "send"): Promise<unknown> {
  if (how === "send") forgetAnswers();
  if (how !== "read") return tell(question, how);
  const name = JSON.stringify(question);
  const answer = heard.get(name) ?? tell(question, how);
  heard.set(name, answer);
  return answer;
}

// What is only read leaves no trace, so that the process may as well die at the next write.
async function tell(question: NodeQuestion, how: "read" | "once" | "send"): Promise<unknown> {
  const sends = how === "send";
  if (sends) pass(`before node ${question.node + 1} is sent`);
  const told = await askWorld(question, sends);
  if (sends) pass(`after node ${question.node + 1} was sent`);
  if (told.type === "answer") return told.value;
  const { code, message, rpcCode } = told.error;
  throw new CustodyError(code, "network", message, rpcCode === undefined ? {} : { details: { rpcCode } });
}
