/** Everything a program may touch of its process, as one object: tests hand in another one. */
import { randomBytes } from "node:crypto";
import { Chalk, type ChalkInstance } from "chalk";
import { instantOf, type Instant } from "../core/instant.ts";
import { nodeOutput, type OutputStream } from "./output.ts";

export type InputStream = {
  readonly isTTY: boolean;
  /** All bytes up to the end of input, at most `bytesMax`. */
  readAll(bytesMax: number): Promise<Uint8Array>;
  /** Listens to raw chunks until the returned function is called. For prompts. */
  listen(onData: (chunk: string) => void, onEnd: () => void): () => void;
  setRawMode(raw: boolean): void;
};

export type Io = {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** One Chalk for stdout and one for stderr: chalk itself ignores NO_COLOR. */
  readonly paint: { readonly out: ChalkInstance; readonly err: ChalkInstance };
  now(): Instant;
  random(length: number): Uint8Array;
  /** Ends early when `signal` is aborted, and then keeps nothing waiting. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** Runs `stop` on SIGINT or SIGTERM; the returned function takes that back. */
  onStop(stop: () => void): () => void;
};

/** The io of a real process. */
export function nodeIo(argv: readonly string[] = process.argv.slice(2)): Io {
  const { env } = process;
  return {
    argv,
    env,
    cwd: process.cwd(),
    stdin: nodeInput(),
    stdout: nodeOutput(process.stdout),
    stderr: nodeOutput(process.stderr),
    paint: {
      out: new Chalk({ level: colourLevel(process.stdout.isTTY, argv, env) }),
      err: new Chalk({ level: colourLevel(process.stderr.isTTY, argv, env) }),
    },
    now: () => instantOf(Date.now() / 1000),
    random: (length) => new Uint8Array(randomBytes(length)),
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        signal?.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
      }),
    onStop: (stop) => {
      process.on("SIGINT", stop).on("SIGTERM", stop);
      return () => void process.off("SIGINT", stop).off("SIGTERM", stop);
    },
  };
}

/** no-color.org and force-color.org, per stream; a dumb terminal gets none. */
export function colourLevel(
  isTTY: boolean | undefined,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): 0 | 1 {
  if (argv.includes("--no-color") || (env["NO_COLOR"] ?? "") !== "") return 0;
  if ((env["FORCE_COLOR"] ?? "") !== "") return env["FORCE_COLOR"] === "0" ? 0 : 1;
  return isTTY === true && env["TERM"] !== "dumb" ? 1 : 0;
}

// To open standard input takes time, and most commands read none: it is opened by the first to ask for it.
function nodeInput(): InputStream {
  return {
    get isTTY() {
      return process.stdin.isTTY === true;
    },
    readAll: async (bytesMax) => {
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of process.stdin) {
        chunks.push(chunk as Buffer);
        length += (chunk as Buffer).length;
        if (length > bytesMax) break;
      }
      return new Uint8Array(Buffer.concat(chunks));
    },
    listen: (onData, onEnd) => {
      const { stdin } = process;
      const decoder = new TextDecoder(); // a letter may arrive in two chunks
      const data = (chunk: Buffer) => onData(decoder.decode(chunk, { stream: true }));
      stdin.on("data", data).on("end", onEnd).resume();
      return () => void stdin.off("data", data).off("end", onEnd).pause();
    },
    setRawMode: (raw) => void (process.stdin.isTTY === true && process.stdin.setRawMode(raw)),
  };
}
