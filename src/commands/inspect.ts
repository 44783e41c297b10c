import { inspect, openPinned, parsePins } from "../chains/inspect.ts";
import { parseNetwork } from "../core/chain.ts";
import { LIMITS } from "../core/limits.ts";
import { optionalFlag, requiredFlag, type Run } from "../terminal/command.ts";
import { readCarried } from "../terminal/carried.ts";
import { readDescriptors } from "../terminal/listed-files.ts";
import { inspectionOutcome } from "../terminal/inspection.ts";

export const run: Run = async (call) => {
  const { io, flags } = call;
  const named = optionalFlag(flags, "network");
  const network = named === undefined ? undefined : parseNetwork(named, "--network");
  const bytes = await readCarried(io, requiredFlag(flags, "in"), LIMITS.documentBytesMax, "--in");
  return inspectionOutcome(call, inspect(bytes, network, await readDescriptors(call, parsePins, openPinned)));
};
