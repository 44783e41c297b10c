/**
 * One question to several endpoints. An answer counts when as many as must agree give the very same, and either nobody says
 * otherwise or they are most of all endpoints: then who says otherwise is outvoted, and named. Endpoints that fail, or have
 * not got as far, say nothing.
 */
import { CustodyError } from "../../core/errors.ts";
import { gather, type Patience } from "../gather.ts";
import type { NodeEvent } from "../send-to-all.ts";
import type { EvmNode } from "./node.ts";

export type EvmEndpoint = { readonly name: string; readonly node: EvmNode };

export type Asking = {
  readonly quorum: number;
  readonly patience: Patience;
  readonly observe: (event: NodeEvent) => void;
};

/** What one endpoint said. */
export type Said<T> = { readonly name: string; readonly answer: T };

export type Heard<T> = {
  readonly said: readonly Said<T>[];
  /** Of endpoints that gave no answer. */
  readonly troubles: readonly CustodyError[];
};

/** @throws whatever is no trouble of an endpoint */
export async function askAll<T>(
  endpoints: readonly EvmEndpoint[],
  ask: (node: EvmNode) => Promise<T>,
  {
    isEnough,
    patience,
  }: { readonly isEnough: (answers: readonly T[]) => boolean; readonly patience: Patience },
): Promise<Heard<T>> {
  const asked = endpoints.map(({ name, node }) => ({ name, answer: ask(node) }));
  const heard = await gather(asked, isEnough, patience);
  const said: Said<T>[] = [];
  const troubles: CustodyError[] = [];
  heard.forEach((one, place) => {
    if (one?.status === "fulfilled") said.push({ name: asked[place]?.name ?? "", answer: one.value });
    if (one?.status !== "rejected") return;
    if (!(one.reason instanceof CustodyError)) throw one.reason;
    troubles.push(one.reason);
  });
  return { said, troubles };
}

export type Agreed<T> =
  | { readonly answer: T }
  | { readonly reason: string; readonly troubles: readonly CustodyError[] };

/** Asks all, until enough of them agree. Undefined is no answer: who has not got as far says nothing. */
export async function agree<T>(
  endpoints: readonly EvmEndpoint[],
  what: string,
  ask: (node: EvmNode) => Promise<T | undefined>,
  asking: Asking,
): Promise<Agreed<T>> {
  const of = endpoints.length;
  const isEnough = (answers: readonly (T | undefined)[]) =>
    winner(spoken(answers.map(alone)), settling({ ...asking, of })) !== undefined;
  const heard = await askAll(endpoints, ask, { isEnough, patience: asking.patience });
  const said = spoken(heard.said);
  const found = decide(said, what, { ...asking, of });
  return found ?? { reason: `${what}: ${disagreement(said, asking.quorum)}`, troubles: heard.troubles };
}

export const alone = <T>(answer: T): Said<T> => ({ name: "", answer });

function spoken<T>(said: readonly Said<T | undefined>[]): readonly Said<T>[] {
  return said.flatMap(({ name, answer }) => (answer === undefined ? [] : [{ name, answer }]));
}

/** How many must say the same, and how many endpoints there are in all. */
export type Count = { readonly quorum: number; readonly of: number };

/** So many that whoever has not answered yet cannot change the answer. */
export function settling<T extends Count>(count: T): T {
  return { ...count, quorum: Math.max(count.quorum, Math.floor(count.of / 2) + 1) };
}

/** The answer that counts, and who is outvoted by it is told of. */
export function decide<T>(
  said: readonly Said<T>[],
  what: string,
  { quorum, of, observe }: Count & Pick<Asking, "observe">,
): { readonly answer: T } | undefined {
  const most = winner(said, { quorum, of });
  if (most === undefined) return undefined;
  const text = textOf(most.answer);
  const reason = `${what}: it says otherwise than the others`;
  for (const { name, answer } of said)
    if (textOf(answer) !== text) observe({ event: "node is outvoted", level: "warn", node: name, reason });
  return most;
}

/** The answer that counts, undefined while none does. */
export function winner<T>(
  said: readonly Said<T>[],
  { quorum, of }: Count,
): { readonly answer: T } | undefined {
  const groups = groupsOf(said);
  const [[first] = [], ...others] = groups;
  const size = groups[0]?.length ?? 0;
  if (first === undefined || size < quorum) return undefined;
  return others.length === 0 || 2 * size > of ? { answer: first.answer } : undefined;
}

/** Those who say the same, the largest group first. */
function groupsOf<T>(said: readonly Said<T>[]): readonly (readonly Said<T>[])[] {
  const groups = new Map<string, Said<T>[]>();
  for (const one of said) {
    const text = textOf(one.answer);
    groups.set(text, [...(groups.get(text) ?? []), one]);
  }
  return [...groups.values()].sort((a, b) => b.length - a.length);
}

function disagreement<T>(said: readonly Said<T>[], quorum: number): string {
  const sizes = groupsOf(said).map((group) => group.map(({ name }) => name).join(" and "));
  if (sizes.length > 1) return `${sizes.join(" against ")}`;
  return `${said.length} of ${quorum} endpoints answer`;
}

/** One spelling of an answer, to compare. */
export function textOf(answer: unknown): string {
  return (
    JSON.stringify(answer, (_, value: unknown) => (typeof value === "bigint" ? `${value}n` : value)) ?? "none"
  );
}
