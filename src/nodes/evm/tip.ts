/**
 * The newest block that enough endpoints share: the ground on which everything else is asked, by its hash, so that their
 * answers can be compared and none can answer from another block.
 */
import { NODES_TOO_FEW } from "../quorum.ts";
import { agree, askAll, type Asking, type EvmEndpoint } from "./agreement.ts";
import type { BlockTag, EvmBlock } from "./block.ts";
import type { CustodyError } from "../../core/errors.ts";

/** How far below their tips endpoints that contradict each other are asked for a common block. */
const FORK_BLOCKS_MAX = 128;

export type EvmTip = {
  readonly latest: EvmBlock;
  /** Height of the newest block that enough endpoints call finalized; undefined where too few do. */
  readonly finalized: number | undefined;
};

/** @throws NODES_TOO_FEW, or the first trouble where no endpoint answered */
export async function agreedTip(endpoints: readonly EvmEndpoint[], asking: Asking): Promise<EvmTip> {
  const [latest, finalized] = await Promise.all([
    reachOf(endpoints, "latest", asking),
    reachOf(endpoints, "finalized", asking),
  ]);
  const { reach, answers, troubles } = latest;
  if (answers === 0 && troubles[0] !== undefined) throw troubles[0];
  if (reach === undefined)
    throw tooFew(`${answers} of ${asking.quorum} endpoints say what their newest block is`);
  const shared = await commonBlock(endpoints, reach, asking);
  return {
    latest: shared,
    finalized: finalized.reach === undefined ? undefined : Math.min(finalized.reach, shared.height),
  };
}

type Reach = {
  readonly reach: number | undefined;
  readonly answers: number;
  readonly troubles: readonly CustodyError[];
};

/** The height that as many as must agree have reached: one alone cannot raise it. */
async function reachOf(
  endpoints: readonly EvmEndpoint[],
  tag: BlockTag,
  { quorum, patience }: Asking,
): Promise<Reach> {
  const isEnough = (blocks: readonly (EvmBlock | undefined)[]) => heightsOf(blocks).length >= quorum;
  const { said, troubles } = await askAll(endpoints, (node) => node.block(tag), { isEnough, patience });
  const heights = heightsOf(said.map(({ answer }) => answer));
  return { reach: heights[quorum - 1], answers: heights.length, troubles };
}

function heightsOf(blocks: readonly (EvmBlock | undefined)[]): readonly number[] {
  return blocks.flatMap((block) => block?.height ?? []).sort((a, b) => b - a);
}

/** The block at `reach`; where they contradict each other there, one below it on which they agree, in doubled steps. */
async function commonBlock(
  endpoints: readonly EvmEndpoint[],
  reach: number,
  asking: Asking,
): Promise<EvmBlock> {
  let why = "";
  for (let back = 0; back <= FORK_BLOCKS_MAX; back = back === 0 ? 1 : 2 * back) {
    const height = Math.max(reach - back, 0);
    const found = await agree(endpoints, `block ${height}`, (node) => node.block({ height }), asking);
    if ("answer" in found) return found.answer;
    if (why === "") why = found.reason;
    if (height === 0) break;
  }
  throw tooFew(why);
}

export function tooFew(reason: string): CustodyError {
  return NODES_TOO_FEW(`the endpoints do not agree: ${reason}`, {
    field: "node",
    hint: "custody doctor   (and name more endpoints of the chain)",
  });
}
