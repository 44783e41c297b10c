import { Chalk } from "chalk";
import type { Instant } from "../../src/core/instant.ts";
import { colourLevel, type Io } from "../../src/terminal/io.ts";
import { at } from "./identities.ts";

export type FakeIoOptions = {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Who listens at the other end: terminals (true) or pipes. */
  readonly tty?: { readonly stdin?: boolean; readonly stdout?: boolean; readonly stderr?: boolean };
  readonly columns?: number;
  /** All bytes of a piped stdin. */
  readonly input?: Uint8Array;
  /** What a person types, one entry for each question; a missing one is an end of input. */
  readonly typed?: readonly (string | readonly string[])[];
  readonly now?: Instant;
};

export type FakeIo = {
  readonly io: Io;
  readonly stdout: () => string;
  readonly stdoutBytes: () => Uint8Array;
  readonly stderr: () => string;
  /** Every change of raw mode, in order. */
  readonly raw: readonly boolean[];
};

/** An io that remembers what was written and answers from a script. Random bytes count up: 0, 1, 2 … */
export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const { argv = [], env = {}, cwd = "/nowhere", tty = {}, columns = 80, now = at("09:30:00") } = options;
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const raw: boolean[] = [];
  const script = [...(options.typed ?? [])];
  let counter = 0;
  const stream = (into: Buffer[], isTTY: boolean) => ({
    isTTY,
    columns,
    rows: 24,
    write: (text: string | Uint8Array) => void into.push(Buffer.from(text)),
  });
  const io: Io = {
    argv,
    env,
    cwd,
    stdin: {
      isTTY: tty.stdin === true,
      readAll: async (bytesMax) => (options.input ?? new Uint8Array()).subarray(0, bytesMax + 1),
      listen: (onData, onEnd) => {
        let listening = true;
        const line = script.shift();
        queueMicrotask(() => {
          for (const chunk of line === undefined ? [] : [line].flat()) if (listening) onData(chunk);
          if (line === undefined && listening) onEnd();
        });
        return () => void (listening = false);
      },
      setRawMode: (on) => void raw.push(on),
    },
    stdout: stream(out, tty.stdout === true),
    stderr: stream(err, tty.stderr === true),
    paint: {
      out: new Chalk({ level: colourLevel(tty.stdout, argv, env) }),
      err: new Chalk({ level: colourLevel(tty.stderr, argv, env) }),
    },
    now: () => now,
    random: (length) => Uint8Array.from({ length }, () => counter++ % 256),
    sleep: async () => undefined,
    onStop: () => () => undefined,
  };
  return {
    io,
    stdout: () => Buffer.concat(out).toString("utf8"),
    stdoutBytes: () => new Uint8Array(Buffer.concat(out)),
    stderr: () => Buffer.concat(err).toString("utf8"),
    raw,
  };
}
