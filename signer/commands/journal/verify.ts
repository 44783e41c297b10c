import type { Run } from "../../../src/terminal/command.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { tornWarnings } from "../../journal/journal-file.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load } from "../../keystore/load.ts";

/** Reading the journal verifies all of it; this says so. */
export const run: Run = async (call) => {
  const { read, signer } = load(homeOfCall(call));
  const { lines, head, time } = read.journal;
  return {
    data: { verified: true, entries: lines.length, head, time, signer: signer.name, key: signer.key },
    text: drawFacts([
      ["journal", `${lines.length} entries verify: chain, times, signatures, receipts`],
      ["signer", `${signer.name}, epoch ${signer.epoch}, ${grouped(signer.key)}`],
      ["head", grouped(head)],
      ["journal time", time],
    ]),
    warnings: tornWarnings(read),
  };
};
