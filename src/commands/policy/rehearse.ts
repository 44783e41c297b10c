import { assertBelongs } from "../../core/document.ts";
import { custodyId, POLICY } from "../../core/policy/policy.ts";
import { rehearse } from "../../core/policy/rehearse.ts";
import { assertConsistent } from "../../core/policy/verify.ts";
import { shellWord } from "../../core/shell-word.ts";
import type { Run } from "../../terminal/command.ts";
import { drawTable } from "../../terminal/table.ts";
import { requirePolicy, withOnline } from "../../home/online.ts";
import { readDocument } from "../documents.ts";
import { recordedEvidence } from "./recorded.ts";

/** Judges every recorded intent by the active policy and by a draft, and says which decisions would differ. */
export const run: Run = async (call) =>
  withOnline(call, async ({ store, network }) => {
    const path = call.args[0] ?? "-";
    const draft = await readDocument(call, path, POLICY);
    const active = requirePolicy({ call, store, network });
    assertBelongs(draft, { network, custody: custodyId(active) });
    assertConsistent(draft.body);
    const recorded = recordedEvidence(store);
    const differences = rehearse(active.body, draft.body, recorded, call.io.now());
    const columns = ["intent", "judged at", "now", "draft", "why"].map((head) => ({ head }));
    const rows = differences.map(({ intent, at, before, after }) => [
      intent,
      at,
      `${before.decision}${before.row === undefined ? "" : ` (${before.row})`}`,
      `${after.decision}${after.row === undefined ? "" : ` (${after.row})`}`,
      after.why,
    ]);
    const summary = `${differences.length} of ${recorded.length} recorded intents would be decided otherwise\n`;
    return {
      data: {
        rehearsed: recorded.length,
        differences: differences.map((one) => ({
          ...one,
          before: { ...one.before },
          after: { ...one.after },
        })),
      },
      text: `${drawTable(columns, rows, call.io.stdout)}${summary}`,
      next: `custody desk sign ${shellWord(path)} --as policy --identity NAME.key --out policy.NAME.json`,
    };
  });
