/**
 * What stands between us and one endpoint: reads are tried again with growing pauses, and an endpoint that fails several
 * times in a row is left alone for a while, so that a dead one does not hold up the others. A call that may change
 * something passes once or not at all; what became of it is the caller's to judge (F4).
 */
import {
  BrokenCircuitError,
  CircuitState,
  ConsecutiveBreaker,
  DelegateBackoff,
  circuitBreaker,
  handleWhen,
  retry,
  type IPolicy,
} from "cockatiel";
import { declareError } from "../core/errors.ts";

export const NODE_RESTING = declareError(
  "NODE_RESTING",
  "network",
  "A node failed several times in a row and is left alone for a while.",
);

export type BreakerState = "closed" | "open" | "half-open";

export type GuardOptions = {
  /** Attempts of one read in all. */
  readonly attemptsMax: number;
  /** Before the second attempt; doubled before each further one. */
  readonly pauseMs: number;
  /** Uniform in [0, 1). Spreads attempts out, no secret depends on it. */
  readonly random: () => number;
  /** Whether an error may be gone when the same is asked again. */
  readonly passes: (error: Error) => boolean;
  /** Absent: the endpoint is never left alone. */
  readonly breaker?: BreakerOptions | undefined;
};

export type BreakerOptions = {
  /** Failures in a row after which the endpoint rests. */
  readonly failuresMax: number;
  readonly restMs: number;
  /** Whether an error is the endpoint's failure, rather than an answer. */
  readonly counts: (error: Error) => boolean;
  readonly observe: (state: BreakerState) => void;
};

/** For an endpoint that answers, and says that the same will be answered later. */
export type Patience = {
  readonly waits: (error: Error) => boolean;
  /** Times that it is asked in all. */
  readonly attemptsMax: number;
};

export type Guard = {
  /** @throws whatever `call` throws at its last attempt, and NODE_RESTING */
  read<T>(call: () => Promise<T>, patience?: Patience): Promise<T>;
  /** @throws whatever `call` throws, and NODE_RESTING, when nothing was sent */
  write<T>(call: () => Promise<T>): Promise<T>;
};

const PAUSE_MS_MAX = 2000;

export function guard(options: GuardOptions): Guard {
  const once = breakerOf(options.breaker);
  const retried = (passes: (error: Error) => boolean, attemptsMax: number) =>
    retry(handleWhen(passes), {
      maxAttempts: attemptsMax - 1,
      backoff: new DelegateBackoff(({ attempt }) => pauseMs(options, attempt)),
    });
  const again = retried(options.passes, options.attemptsMax);
  const read = <T>(call: () => Promise<T>) => again.execute(() => once(call));
  return {
    read: (call, patience) =>
      patience === undefined
        ? read(call)
        : retried(patience.waits, patience.attemptsMax).execute(() => read(call)),
    write: (call) => once(call),
  };
}

/** At least half of the full pause: many callers that failed together do not come back together. */
function pauseMs({ pauseMs: first, random }: GuardOptions, attempt: number): number {
  return Math.min(first * 2 ** (attempt - 1), PAUSE_MS_MAX) * (0.5 + random() / 2);
}

function breakerOf(options: BreakerOptions | undefined): <T>(call: () => Promise<T>) => Promise<T> {
  if (options === undefined) return (call) => call();
  const { failuresMax, restMs, counts, observe } = options;
  const breaker = circuitBreaker(handleWhen(counts), {
    halfOpenAfter: restMs,
    breaker: new ConsecutiveBreaker(failuresMax),
  });
  breaker.onStateChange((state) => observe(STATES[state]));
  return (call) => executed(breaker, call, options);
}

const STATES: Readonly<Record<CircuitState, BreakerState>> = {
  [CircuitState.Closed]: "closed",
  [CircuitState.Open]: "open",
  [CircuitState.HalfOpen]: "half-open",
  [CircuitState.Isolated]: "open",
};

async function executed<T>(breaker: IPolicy, call: () => Promise<T>, options: BreakerOptions): Promise<T> {
  try {
    return await breaker.execute(call);
  } catch (error) {
    if (!(error instanceof BrokenCircuitError)) throw error;
    throw NODE_RESTING(
      `the node failed ${options.failuresMax} times in a row and is left alone for ${options.restMs / 1000} seconds`,
      { hint: "is the node running, and is its address right?", cause: error },
    );
  }
}
