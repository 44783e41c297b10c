import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { counted } from "../core/count.ts";
import { declareError } from "../core/errors.ts";
import { shellWord } from "../core/shell-word.ts";
import { makeCast } from "../../demo/cast.ts";
import { startBitcoind } from "../../demo/regtest.ts";
import { tellBitcoinStory, type Told } from "../../demo/story-bitcoin.ts";
import { optionalFlag, type Call, type Run } from "../terminal/command.ts";
import { drawFacts, drawTable } from "../terminal/table.ts";

export const STORY_UNKNOWN = declareError("STORY_UNKNOWN", "usage", "There is no story with this name.");

const STEPS = 12;

/** Runs the story on a node of its own in a temporary folder, and leaves neither behind unless told to keep. */
export const run: Run = async (call) => {
  const story = optionalFlag(call.flags, "story") ?? "bitcoin";
  if (story !== "bitcoin")
    throw STORY_UNKNOWN(`there is no story ${JSON.stringify(story)}`, {
      field: "--story",
      hint: "--story bitcoin",
    });
  const keep = optionalFlag(call.flags, "keep");
  const folder =
    keep === undefined ? mkdtempSync(join(tmpdir(), "custody-demo-")) : resolve(call.io.cwd, keep);
  try {
    const told = await tell(call, folder);
    return {
      data: { ...told, folder: keep === undefined ? "" : folder },
      text: draw(call, told),
      next:
        keep === undefined
          ? "custody demo --keep demo   (keeps every home and file to look at)"
          : `custody status --home ${shellWord(join(folder, "online", "home"))}`,
    };
  } finally {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
};

async function tell({ io }: Call, folder: string): Promise<Told> {
  const cast = makeCast(folder);
  let step = 0;
  const say = (text: string) =>
    io.stderr.write(`${io.paint.err.dim(`[${String(++step).padStart(2)}/${STEPS}]`)} ${text}\n`);
  const node = await startBitcoind({ root: cast.root });
  try {
    await node.mine(101);
    cast.env["CUSTODY_BITCOIND_URL"] = node.url;
    cast.env["CUSTODY_BITCOIND_COOKIE"] = node.cookiePath;
    return await tellBitcoinStory(cast, node, say);
  } finally {
    await node.stop();
  }
}

function draw({ io }: Call, told: Told): string {
  const timeline = drawTable(
    [{ head: "TIME" }, { head: "RECORDED BY" }, { head: "EVENT" }, { head: "STATE" }],
    told.timeline.map(({ at, actor, event, state }) => [at, actor, event, state]),
    io.stdout,
  );
  const facts = drawFacts([
    ["withdrawal", `${told.withdrawal}: ${told.state}`],
    ["transaction", `${told.transaction}, ${counted(told.confirmations, "confirmation")}`],
    ["ledger", `verified, ${counted(told.postings, "posting")}`],
    ["audit tree", `verified, ${told.auditRows} rows`],
    ["root", told.auditRoot],
  ]);
  return `${timeline}\n${facts}`;
}
