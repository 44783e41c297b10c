/** The io of one call: its clock stands where the world's does, and its random bytes come from the world's seed. */
import { Chalk } from "chalk";
import { sha256 } from "../../../src/core/digest.ts";
import { concatBytes, utf8 } from "../../../src/core/hex.ts";
import type { Io } from "../../../src/terminal/io.ts";
import { WORLD_ENDPOINTS } from "./evm-rpc.ts";
import type { Call } from "./messages.ts";

export type HostIo = { readonly io: Io; readonly stdout: () => string; readonly stderr: () => string };

export function hostIo({ argv, folder, now, seed }: Call): HostIo {
  const out: string[] = [];
  const err: string[] = [];
  let drawn = 0;
  const stream = (into: string[]) => ({
    isTTY: false,
    columns: 80,
    rows: 24,
    write: (text: string | Uint8Array) => void into.push(Buffer.from(text).toString("utf8")),
  });
  const io: Io = {
    argv: [...argv, "--home", `${folder}/home`, "--json"],
    env: {
      HOME: folder,
      CUSTODY_SESSION_IDLE_MINUTES: "720",
      CUSTODY_BACKUP_MINUTES: "60",
      CUSTODY_EVM_URL: WORLD_ENDPOINTS,
      CUSTODY_NODE_QUORUM: "2",
    },
    cwd: folder,
    stdin: {
      isTTY: false,
      readAll: async () => new Uint8Array(),
      listen: (_, onEnd) => {
        queueMicrotask(onEnd);
        return () => undefined;
      },
      setRawMode: () => undefined,
    },
    stdout: stream(out),
    stderr: stream(err),
    paint: { out: new Chalk({ level: 0 }), err: new Chalk({ level: 0 }) },
    now: () => now,
    random: (length) => {
      const blocks: Uint8Array[] = [];
      for (let have = 0; have < length; have += 32) blocks.push(sha256(utf8(`sim ${seed} ${drawn++}`)));
      return concatBytes(...blocks).slice(0, length);
    },
    sleep: async () => undefined,
    onStop: () => () => undefined,
  };
  return { io, stdout: () => out.join(""), stderr: () => err.join("") };
}
