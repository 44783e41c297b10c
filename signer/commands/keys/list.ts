import type { Run } from "../../../src/terminal/command.ts";
import { drawTable } from "../../../src/terminal/table.ts";
import { homeOfCall, loadSigner } from "../../keystore/home.ts";
import { loadSeeds } from "../../keystore/load.ts";
import { drawStandard } from "./store.ts";

export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const { name: signer, key } = loadSigner(home);
  const seeds = loadSeeds(home);
  return {
    data: {
      signer,
      network: home.network,
      key,
      seeds: seeds.map(({ name, standard, passphrase, fingerprint, cosignerKey, descriptor }) => ({
        name,
        standard,
        passphrase,
        fingerprint,
        cosignerKey,
        descriptor,
      })),
    },
    text: drawTable(
      [
        { head: "NAME" },
        { head: "NETWORK" },
        { head: "BACKUP" },
        { head: "FINGERPRINT" },
        { head: "COSIGNER KEY" },
        { head: "OWN WALLET" },
      ],
      seeds.map((seed) => [
        seed.name,
        seed.network,
        drawStandard(seed),
        seed.fingerprint,
        seed.cosignerKey,
        seed.descriptor,
      ]),
      call.io.stdout,
    ),
    ...(seeds.length === 0 ? { next: "custody-signer keys new --name NAME" } : {}),
  };
};
