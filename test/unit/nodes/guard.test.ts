import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { isError } from "../../../src/core/errors.ts";
import { NODE_REFUSED, NODE_UNREACHABLE } from "../../../src/nodes/failure.ts";
import { guard, type BreakerState } from "../../../src/nodes/guard.ts";

const passing = (error: Error) => isError(error, NODE_UNREACHABLE);

/** An endpoint that fails as often as it is told, and a guard before it. */
function endpoint(options: { readonly attemptsMax?: number; readonly breaker?: boolean } = {}) {
  const states: BreakerState[] = [];
  const at: number[] = [];
  let failures = 0;
  const call = () => {
    at.push(Date.now());
    return failures-- > 0 ? Promise.reject(NODE_UNREACHABLE("down")) : Promise.resolve("answer");
  };
  const guarded = guard({
    attemptsMax: options.attemptsMax ?? 3,
    pauseMs: 300,
    random: () => 0.5,
    passes: passing,
    breaker:
      options.breaker === false
        ? undefined
        : { failuresMax: 3, restMs: 60_000, counts: passing, observe: (state) => states.push(state) },
  });
  const fail = (count: number) => {
    failures = count;
  };
  return { guarded, call, fail, states, at };
}

/** What a promise comes to, while the clock runs on. */
async function outcome<T>(promise: Promise<T>, milliseconds = 10_000): Promise<T | string> {
  const settled = promise.catch((error: { code?: string }) => error.code ?? "an error without a code");
  await vi.advanceTimersByTimeAsync(milliseconds);
  return settled;
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("reads", () => {
  test("are tried again after growing pauses of three quarters, by this chance, of 300 and 600 ms", async () => {
    const { guarded, call, fail, at } = endpoint();
    fail(2);
    expect(await outcome(guarded.read(call))).toBe("answer");
    expect(at).toEqual([0, 225, 675]);
  });

  test("end with the last failure, and never pause longer than two seconds", async () => {
    const { guarded, call, fail, at } = endpoint({ attemptsMax: 8, breaker: false });
    fail(99);
    expect(await outcome(guarded.read(call), 20_000)).toBe("NODE_UNREACHABLE");
    expect(at.map((time, i) => time - (at[i - 1] ?? 0))).toEqual([0, 225, 450, 900, 1500, 1500, 1500, 1500]);
  });

  test("are not tried again after an answer, were it a refusal", async () => {
    const { guarded, at } = endpoint();
    let calls = 0;
    const refused = guarded.read(() => {
      calls += 1;
      return Promise.reject(NODE_REFUSED("no"));
    });
    expect(await outcome(refused)).toBe("NODE_REFUSED");
    expect([calls, at]).toEqual([1, []]);
  });
});

describe("a read of what an endpoint does for one caller at a time", () => {
  const patience = { waits: (error: Error) => isError(error, NODE_REFUSED), attemptsMax: 5 };
  const busy = (times: number, at: number[]) => () => {
    at.push(Date.now());
    return at.length <= times ? Promise.reject(NODE_REFUSED("busy")) : Promise.resolve("answer");
  };

  test("waits for the other one, with the same pauses, and is no failure of the endpoint", async () => {
    const { guarded, states } = endpoint();
    const at: number[] = [];
    expect(await outcome(guarded.read(busy(4, at), patience))).toBe("answer");
    expect(at).toEqual([0, 225, 675, 1575, 3075]);
    expect(states).toEqual([]);
  });

  test("waits as often as it is told, and says then what it was told", async () => {
    const { guarded } = endpoint();
    const at: number[] = [];
    expect(await outcome(guarded.read(busy(5, at), patience))).toBe("NODE_REFUSED");
    expect(at).toHaveLength(5);
  });

  test("is asked no more often than any other when there is no answer", async () => {
    const { guarded, call, fail, at } = endpoint({ breaker: false });
    fail(99);
    expect(await outcome(guarded.read(call, patience))).toBe("NODE_UNREACHABLE");
    expect(at).toHaveLength(3);
  });
});

describe("F3, F4: a write", () => {
  test("is made once, whatever becomes of it", async () => {
    const { guarded, call, fail, at } = endpoint();
    fail(1);
    expect(await outcome(guarded.write(call))).toBe("NODE_UNREACHABLE");
    expect(at).toHaveLength(1);
    expect(await outcome(guarded.write(call))).toBe("answer");
  });

  test("is not made at all while the endpoint rests", async () => {
    const { guarded, call, fail, at } = endpoint();
    fail(3);
    await outcome(guarded.read(call), 5000);
    expect(await outcome(guarded.write(call), 0)).toBe("NODE_RESTING");
    expect(at).toHaveLength(3);
  });
});

describe("the breaker", () => {
  test("opens after three failures in a row, the third of which is told, and rests for a minute", async () => {
    const { guarded, call, fail, states, at } = endpoint();
    fail(3);
    expect(await outcome(guarded.read(call), 675)).toBe("NODE_UNREACHABLE");
    expect(states).toEqual(["open"]);
    expect(await outcome(guarded.read(call), 59_999)).toBe("NODE_RESTING");
    expect(at).toHaveLength(3);
    expect(await outcome(guarded.read(call), 1)).toBe("NODE_RESTING");
    expect(await outcome(guarded.read(call), 0)).toBe("answer");
    expect(states).toEqual(["open", "half-open", "closed"]);
  });

  test("opens again at once when the first call after the rest fails", async () => {
    const { guarded, call, fail, states } = endpoint({ attemptsMax: 1 });
    fail(4);
    for (let i = 0; i < 3; i++) await outcome(guarded.read(call), 0);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await outcome(guarded.read(call), 0)).toBe("NODE_UNREACHABLE");
    expect(await outcome(guarded.read(call), 0)).toBe("NODE_RESTING");
    expect(states).toEqual(["open", "half-open", "open"]);
  });

  test("counts failures in a row, and no refusals", async () => {
    const { guarded, call, fail, states } = endpoint({ attemptsMax: 1 });
    for (let round = 0; round < 5; round++) {
      fail(2);
      for (let i = 0; i < 3; i++) await outcome(guarded.read(call), 0);
      for (let i = 0; i < 3; i++)
        await outcome(
          guarded.read(() => Promise.reject(NODE_REFUSED("no"))),
          0,
        );
    }
    expect(states).toEqual([]);
  });
});
