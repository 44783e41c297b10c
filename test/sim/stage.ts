/** What a test of the simulator plays on: a host's process and the custodies that its worlds begin with. */
import { rmSync } from "node:fs";
import { worldFolder } from "./world/disk.ts";
import { BITCOIN_FAMILY } from "./families/bitcoin/family.ts";
import { Founders, type Founded } from "./world/founding.ts";
import { Host } from "./world/host.ts";

export type Stage = {
  readonly host: Host;
  readonly founded: (seed: number) => Promise<Founded>;
  readonly close: () => void;
};

/** @param bundle the host's process (`bundled.ts`) */
export function openStage(bundle: string, family = BITCOIN_FAMILY): Stage {
  const host = new Host(bundle);
  const folder = worldFolder("found");
  const founders = new Founders(host, folder, family);
  return {
    host,
    founded: (seed) => founders.of(seed),
    close: () => {
      host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
