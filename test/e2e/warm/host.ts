/** The mains of the three programs, call after call in one process; each call has a home, settings and an io of its own. */
import { randomBytes } from "node:crypto";
import { Chalk } from "chalk";
import { main as signer } from "../../../signer/main.ts";
import { main as custody } from "../../../src/commands/main.ts";
import { instantOf } from "../../../src/core/instant.ts";
import type { Io } from "../../../src/terminal/io.ts";
import { main as watcher } from "../../../watcher/main.ts";
import type { Asked, Told } from "./messages.ts";

const MAINS = { custody, "custody-signer": signer, "custody-watcher": watcher } as const;

const NOTHING = { isTTY: false, readAll: async () => new Uint8Array(), setRawMode: () => undefined };

function ioOf({ argv, cwd, env }: Asked): {
  readonly io: Io;
  readonly said: Pick<Told, "stdout" | "stderr">;
} {
  const said = { stdout: "", stderr: "" };
  const output = (name: keyof typeof said) => ({
    isTTY: false,
    columns: 80,
    rows: 24,
    write: (text: string | Uint8Array) => void (said[name] += Buffer.from(text).toString("utf8")),
  });
  const none = new Chalk({ level: 0 });
  const ended = (_: unknown, onEnd: () => void) => {
    queueMicrotask(onEnd);
    return () => undefined;
  };
  const io: Io = {
    ...{ argv, cwd, env },
    stdin: { ...NOTHING, listen: ended },
    stdout: output("stdout"),
    stderr: output("stderr"),
    paint: { out: none, err: none },
    now: () => instantOf(Date.now() / 1000 + Number(env["CLOCK_AHEAD"] ?? "0")),
    random: (length) => new Uint8Array(randomBytes(length)),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    onStop: () => () => undefined,
  };
  return { io, said };
}

async function answer(asked: Asked): Promise<void> {
  const { io, said } = ioOf(asked);
  const exit = await MAINS[asked.program](io);
  process.send?.({ id: asked.id, exit, ...said } satisfies Told);
}

// One after the other: a process is one program at a time.
let last: Promise<void> = Promise.resolve();
process.on("message", (asked: Asked) => {
  last = last.then(() => answer(asked));
});
process.on("disconnect", () => process.exit());
