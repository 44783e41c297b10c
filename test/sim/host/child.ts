/**
 * The online host: the mains of `custody` and `custody-watcher`, call after call in one process, over a real database
 * file. The bundle puts `node.ts` and `evm-rpc.ts` of this folder in the place of what asks
 * nodes over a network; everything else is what ships.
 */
import "../world/keys.ts";
import { main as custody } from "../../../src/commands/main.ts";
import { main as watcher } from "../../../watcher/main.ts";
import { forgetAnswers } from "./ask.ts";
import { hostIo } from "./io.ts";
import type { Asked, Call, Program, Told } from "./messages.ts";
import { takeAnswers } from "./pipe.ts";
import { passedPoints, startTrace, traceWrites } from "./trace.ts";

const MAINS = { custody, "custody-watcher": watcher } as const satisfies Record<Program, unknown>;

async function run(call: Call): Promise<void> {
  const { io, stdout, stderr } = hostIo(call);
  forgetAnswers();
  startTrace(call.crashAt);
  const exit = await MAINS[call.program](io);
  const done: Asked = { type: "done", exit, stdout: stdout(), stderr: stderr(), points: passedPoints() };
  process.send?.(done);
}

traceWrites();
process.on("message", (told: Told) => {
  if (told.type === "call") void run(told.call);
  else if (told.type === "answers") takeAnswers(told.answers);
});
process.on("disconnect", () => process.exit());
process.send?.({ type: "ready" } satisfies Asked);
