/** Everything a program may touch of its process, as one object: tests hand in another one. */
import { randomBytes } from "node:crypto";
import { Chalk, type ChalkInstance } from "chalk";
import { EXIT } from "../core/errors.ts";
import { instantOf, type Instant } from "../core/instant.ts";

export type InputStream = {
  readonly isTTY: boolean;
  /** All bytes up to the end of input, at most `bytesMax`. */
  readAll(bytesMax: number): Promise<Uint8Array>;
  /** Listens to raw chunks until the returned function is called. For prompts. */
  listen(onData: (chunk: string) => void, onEnd: () => void): () => void;
  setRawMode(raw: boolean): void;
};

export type OutputStream = {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows: number;
  write(text: string | Uint8Array): void;
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

/**
 * Output that cannot be written. A reader that went away (`custody … | head`) ends it quietly; a full disk behind
 * `> file` is local trouble, whatever the command had to say.
 */
function endUnheard(stream: NodeJS.WriteStream, { code }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") return;
  if (stream !== process.stderr)
    process.stderr.write(
      `error: the answer could not be written (${code ?? "unknown error"}); the command may have done its work\n` +
        "hint: make room on the disk, then look before you repeat it: custody status\n",
    );
  process.exit(EXIT.local);
}

function nodeOutput(stream: NodeJS.WriteStream): OutputStream {
  stream.on("error", (error: NodeJS.ErrnoException) => endUnheard(stream, error));
  return {
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns || 80; // some pseudo-terminals say 0
    },
    get rows() {
      return stream.rows || 24;
    },
    write: (text) => void stream.write(text),
  };
}

function nodeInput(): InputStream {
  const { stdin } = process;
  return {
    isTTY: stdin.isTTY === true,
    readAll: async (bytesMax) => {
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of stdin) {
        chunks.push(chunk as Buffer);
        length += (chunk as Buffer).length;
        if (length > bytesMax) break;
      }
      return new Uint8Array(Buffer.concat(chunks));
    },
    listen: (onData, onEnd) => {
      const decoder = new TextDecoder(); // a letter may arrive in two chunks
      const data = (chunk: Buffer) => onData(decoder.decode(chunk, { stream: true }));
      stdin.on("data", data).on("end", onEnd).resume();
      return () => void stdin.off("data", data).off("end", onEnd).pause();
    },
    setRawMode: (raw) => void (stdin.isTTY === true && stdin.setRawMode(raw)),
  };
}
