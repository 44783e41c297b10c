/**
 * Runs programs in one process that stays: to begin one takes longer than most of what a story asks of it. The shipped files,
 * as processes, are run by the withdrawal's story, the transcripts, the demo, and whoever kills or races them.
 */
import { fork, type ChildProcess } from "node:child_process";
import type { Runner } from "../../../demo/cast.ts";
import { HOST } from "./bundled.ts";
import type { Asked, Told } from "./messages.ts";

type Waiting = { readonly resolve: (told: Told) => void; readonly reject: (error: Error) => void };

let host: ChildProcess | undefined;
let count = 0;
const waiting = new Map<number, Waiting>();

export const warm: Runner = async (program, argv, { cwd, env }) => {
  const told = await new Promise<Told>((resolve, reject) => {
    count += 1;
    waiting.set(count, { resolve, reject });
    running().send({ id: count, program, argv, cwd, env } satisfies Asked);
  });
  return told;
};

function running(): ChildProcess {
  if (host !== undefined) return host;
  const child = fork(HOST, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.on("message", (told: Told) => {
    waiting.get(told.id)?.resolve(told);
    waiting.delete(told.id);
  });
  child.on("exit", (code, signal) => {
    host = undefined;
    for (const { reject } of waiting.values())
      reject(new Error(`the programs' process has ended: ${String(code ?? signal)}`));
    waiting.clear();
  });
  // It ends with the process of the tests, which does not wait for it.
  child.unref();
  child.channel?.unref();
  host = child;
  return child;
}
