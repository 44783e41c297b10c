import { parseDocument } from "../../../src/core/document.ts";
import { BUILD, type BuildDocument } from "../../../src/core/documents/build.ts";
import { later } from "../../../src/core/instant.ts";
import { readCarried } from "../../../src/terminal/carried.ts";
import { requiredFlag, type Call } from "../../../src/terminal/command.ts";
import type { Running } from "../../../src/terminal/running.ts";
import type { Home } from "../../keystore/home.ts";
import { load, stateOf } from "../../keystore/load.ts";
import type { Site } from "../../program/judge.ts";
import { keystoreVersion, pinnedBuild } from "../../program/pinned.ts";

/** The build of `--in`. */
export async function readBuild(call: Call): Promise<BuildDocument> {
  return parseDocument(BUILD, await readCarried(call.io, requiredFlag(call.flags, "in"), BUILD.bytesMax));
}

/** What this home judges a build by. @throws POLICY_NOT_PINNED */
export function siteOf(call: Call, home: Home, { version }: Running): Site {
  const { policy, network, journal, clock } = stateOf(load(home), call.io.now());
  return {
    network,
    policy,
    now: later(clock, journal.time),
    version,
    pinned: pinnedBuild(home),
    keystore: keystoreVersion(home),
  };
}
