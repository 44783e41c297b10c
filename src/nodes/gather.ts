/**
 * Answers of several nodes that were asked the same. Once enough have answered, the rest is given a little longer and is
 * then left behind: one node that is slow must not hold up everything that the others agree on.
 */
import { setTimeout as delay } from "node:timers/promises";
import { CustodyError } from "../core/errors.ts";

/** Waits until the time is over or the signal is aborted; never rejects. */
export type Pause = (signal: AbortSignal) => Promise<void>;

/**
 * bitcoind answers nothing while it connects a block, and one that is far away is later than one on this machine: both are
 * a matter of seconds. Longer than the pause before a read is tried again (`bitcoind/rpc.ts`), or one lost packet makes a
 * node a slow one.
 */
export const GRACE_MS = 5000;

/** @param milliseconds for which nodes are waited for once enough have answered */
export function graceOf(milliseconds: number): Pause {
  return (signal) => delay(milliseconds, undefined, { signal }).catch(() => undefined);
}

export type Asked<T> = { readonly name: string; readonly answer: Promise<T> };

/** How long nodes are waited for that have not answered when enough others have. */
export type Patience = {
  grace(names: readonly string[], signal: AbortSignal): Promise<void>;
};

/** Gives each node one grace: who was late once is not waited for again, until it is forgotten. */
export function patienceOf(pause: Pause): Patience & { isLate(name: string): boolean; forget(): void } {
  const late = new Set<string>();
  return {
    async grace(names, signal) {
      if (names.every((name) => late.has(name))) return;
      await pause(signal);
      if (!signal.aborted) for (const name of names) late.add(name);
    },
    isLate: (name) => late.has(name),
    forget: () => late.clear(),
  };
}

/**
 * Waits for all, or until `isEnough` says so of the answers that are here and the others' grace is over.
 * @returns in the order in which they were asked; undefined for who has not answered
 */
export async function gather<T>(
  asked: readonly Asked<T>[],
  isEnough: (answers: readonly T[]) => boolean,
  patience: Patience,
): Promise<readonly (PromiseSettledResult<T> | undefined)[]> {
  const heard = asked.map((): PromiseSettledResult<T> | undefined => undefined);
  const over = new AbortController();
  let waits = true;
  await new Promise<void>((resolve, reject) => {
    const consider = () => {
      const missing = asked.filter((_, place) => heard[place] === undefined).map(({ name }) => name);
      if (missing.length === 0) return resolve();
      if (!waits || !isEnough(fulfilled(heard))) return;
      waits = false;
      patience.grace(missing, over.signal).then(resolve, reject);
    };
    const hear = (place: number, result: PromiseSettledResult<T>) => {
      heard[place] = result;
      consider();
    };
    asked.forEach(({ answer }, place) => {
      const heardOf = answer.then(
        (value) => hear(place, { status: "fulfilled", value }),
        (reason: unknown) => hear(place, { status: "rejected", reason }),
      );
      heardOf.catch(reject);
    });
    consider();
  });
  over.abort();
  return [...heard];
}

/**
 * The answers of those that gave one.
 * @throws the first trouble, where none did; whatever is no trouble of a node
 */
export async function answersOf<T>(
  asked: readonly Asked<T>[],
  isEnough: (answers: readonly T[]) => boolean,
  patience: Patience,
): Promise<readonly T[]> {
  const heard = await gather(asked, isEnough, patience);
  const failed = heard.filter((one) => one?.status === "rejected");
  for (const { reason } of failed) if (!(reason instanceof CustodyError)) throw reason;
  const answers = fulfilled(heard);
  const [failure] = failed;
  if (answers.length === 0 && failure !== undefined) throw failure.reason;
  return answers;
}

/** For a question that all must be asked: nothing is enough. */
export const never = (): boolean => false;

/**
 * Asks one after the other for what its own bytes prove; whoever is slow is not waited for longer than its grace, and still
 * heard after it.
 * @returns the first that was found, undefined where nobody has it
 * @throws the first trouble, where nobody has it
 */
export async function firstOf<T>(
  askers: readonly { readonly name: string; readonly ask: () => Promise<T | undefined> }[],
  patience: Patience,
): Promise<T | undefined> {
  const asked: Asked<T | undefined>[] = [];
  let found: T | undefined;
  for (const { name, ask } of askers) {
    const answer = ask().then((one) => (found ??= one));
    asked.push({ name, answer });
    await gather([{ name, answer }], () => true, patience);
    if (found !== undefined) return found;
  }
  await answersOf(asked, () => found !== undefined, patience);
  return found;
}

function fulfilled<T>(heard: readonly (PromiseSettledResult<T> | undefined)[]): readonly T[] {
  return heard.flatMap((one) => (one?.status === "fulfilled" ? [one.value] : []));
}
