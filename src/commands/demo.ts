import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { counted } from "../core/count.ts";
import { declareError } from "../core/errors.ts";
import { shellWord } from "../core/shell-word.ts";
import { startAnvil } from "../../demo/anvil.ts";
import { makeCast, ROLES, type Cast } from "../../demo/cast.ts";
import { startBitcoind } from "../../demo/regtest.ts";
import { tellBitcoinStory, type Narrator, type Told } from "../../demo/story-bitcoin.ts";
import { tellEvmStory } from "../../demo/story-evm.ts";
import { optionalFlag, type Call, type Run } from "../terminal/command.ts";
import { drawFacts, drawTable } from "../terminal/table.ts";

export const STORY_UNKNOWN = declareError("STORY_UNKNOWN", "usage", "There is no story with this name.");

/** Runs the story on a node of its own in a temporary folder, and leaves neither behind unless told to keep. */
export const run: Run = async (call) => {
  const name = optionalFlag(call.flags, "story") ?? "bitcoin";
  const story = STORIES.get(name);
  if (story === undefined)
    throw STORY_UNKNOWN(`there is no story ${JSON.stringify(name)}`, {
      field: "--story",
      hint: `--story ${[...STORIES.keys()].join(" or --story ")}`,
    });
  const keep = optionalFlag(call.flags, "keep");
  const folder =
    keep === undefined ? mkdtempSync(join(tmpdir(), "custody-demo-")) : resolve(call.io.cwd, keep);
  try {
    const told = await tell(call, folder, story);
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

type Story = {
  readonly steps: number;
  readonly roles: readonly string[];
  /** On a node of its own, which does not outlive it. */
  readonly tell: (cast: Cast, say: Narrator) => Promise<Told>;
};

const STORIES: ReadonlyMap<string, Story> = new Map([
  ["bitcoin", { steps: 12, roles: ROLES, tell: onBitcoind }],
  ["evm", { steps: 11, roles: [...ROLES, "second"], tell: onAnvil }],
]);

async function tell({ io }: Call, folder: string, { steps, roles, tell: told }: Story): Promise<Told> {
  let step = 0;
  const say = (text: string) =>
    io.stderr.write(`${io.paint.err.dim(`[${String(++step).padStart(2)}/${steps}]`)} ${text}\n`);
  return told(makeCast(folder, roles), say);
}

async function onBitcoind(cast: Cast, say: Narrator): Promise<Told> {
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

async function onAnvil(cast: Cast, say: Narrator): Promise<Told> {
  const node = await startAnvil({ root: cast.root });
  try {
    return await tellEvmStory(cast, node, say);
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
