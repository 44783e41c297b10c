import { inspect, openPinned, parsePins } from "../../src/chains/inspect.ts";
import { parseNetwork } from "../../src/core/chain.ts";
import { LIMITS } from "../../src/core/limits.ts";
import { optionalFlag, requiredFlag, type Run } from "../../src/terminal/command.ts";
import { readCarried } from "../../src/terminal/carried.ts";
import { readDescriptors } from "../../src/terminal/listed-files.ts";
import { inspectionOutcome } from "../../src/terminal/inspection.ts";

/** Decodes a file without keys or policy. Exit 3: malformed. Exit 4: well formed, but never signed by us. */
export const run: Run = async (call) => {
  const { io, flags } = call;
  const named = optionalFlag(flags, "network");
  const network = named === undefined ? undefined : parseNetwork(named, "--network");
  const bytes = await readCarried(io, requiredFlag(flags, "in"), LIMITS.documentBytesMax, "--in");
  return inspectionOutcome(call, inspect(bytes, network, await readDescriptors(call, parsePins, openPinned)));
};
