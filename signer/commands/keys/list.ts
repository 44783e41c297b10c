import type { Run } from "../../../src/terminal/command.ts";
import { drawTable } from "../../../src/terminal/table.ts";
import { homeOfCall, loadSigner } from "../../keystore/home.ts";
import { loadSeeds } from "../../keystore/load.ts";

export const run: Run = async (call) => {
  const home = homeOfCall(call);
  const { name: signer, key } = loadSigner(home);
  const seeds = loadSeeds(home);
  return {
    data: {
      signer,
      network: home.network,
      key,
      seeds: seeds.map(({ name, fingerprint, cosignerKey, descriptor }) => ({
        name,
        fingerprint,
        cosignerKey,
        descriptor,
      })),
    },
    text: drawTable(
      [
        { head: "NAME" },
        { head: "NETWORK" },
        { head: "FINGERPRINT" },
        { head: "COSIGNER KEY" },
        { head: "OWN WALLET" },
      ],
      seeds.map(({ name, network, fingerprint, cosignerKey, descriptor }) => [
        name,
        network,
        fingerprint,
        cosignerKey,
        descriptor,
      ]),
      call.io.stdout,
    ),
    ...(seeds.length === 0 ? { next: "custody-signer keys new --name NAME" } : {}),
  };
};
