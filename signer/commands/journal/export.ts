import { counted } from "../../../src/core/count.ts";
import { shellWord } from "../../../src/core/shell-word.ts";
import { assertCarriable, carry } from "../../../src/terminal/carry.ts";
import { requiredFlag, switchedOn, type Run } from "../../../src/terminal/command.ts";
import { writeOutput } from "../../../src/terminal/files.ts";
import { drawFacts, grouped } from "../../../src/terminal/table.ts";
import { tornWarnings } from "../../journal/journal-file.ts";
import { allLines, bytesOfLines } from "../../journal/journal.ts";
import { homeOfCall } from "../../keystore/home.ts";
import { load } from "../../keystore/load.ts";

/** Writes everything that this signer remembers; what is written was verified when it was read. */
export const run: Run = async (call) => {
  assertCarriable(call);
  const { read, signer } = load(homeOfCall(call));
  const lines = allLines(read.journal);
  const out = requiredFlag(call.flags, "out");
  const bytes = bytesOfLines(lines);
  writeOutput(call.io, out, bytes, { force: switchedOn(call.flags, "force") });
  const { head } = read.journal;
  await carry(call, bytes, { type: "custody-journal", title: `Journal of ${signer.name}`, digest: head });
  return {
    data: { entries: lines.length, head, signer: signer.name, key: signer.key, file: out },
    text:
      out === "-"
        ? ""
        : drawFacts([
            ["journal", `${counted(lines.length, "entry", "entries")} of ${signer.name} written to ${out}`],
            ["key", grouped(signer.key)],
            ["head", grouped(head)],
          ]),
    warnings: tornWarnings(read),
    next: `custody-signer journal verify --export ${shellWord(out === "-" ? "journal.jsonl" : out)} --key ${signer.key}`,
  };
};
