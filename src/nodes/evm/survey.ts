/** What each endpoint is like, for people: whether it answers, keeps up, and says what the others say. */
import { CustodyError } from "../../core/errors.ts";
import { LAG_BLOCKS_MAX, type NodeFacts } from "../survey.ts";
import type { Surveyed } from "../quorum.ts";
import type { EvmEndpoint } from "./agreement.ts";
import type { EvmBlock } from "./block.ts";
import { tipOf } from "./followed.ts";

/** @param agreed the newest block that enough of them share; undefined while there is none */
export async function surveyEvm(
  endpoints: readonly EvmEndpoint[],
  agreed: EvmBlock | undefined,
): Promise<Surveyed> {
  const nodes = await Promise.all(endpoints.map((endpoint) => factsOf(endpoint, agreed)));
  return { nodes, agreed: agreed && tipOf(agreed) };
}

async function factsOf({ name, node }: EvmEndpoint, agreed: EvmBlock | undefined): Promise<NodeFacts> {
  try {
    const newest = await node.block("latest");
    const tip = newest && tipOf(newest);
    if (newest === undefined) return { name, standing: "failing", tip, reason: "it has no newest block" };
    if (agreed === undefined) return { name, standing: "ok", tip, reason: "" };
    const behind = agreed.height - newest.height;
    if (behind > LAG_BLOCKS_MAX)
      return { name, standing: "behind", tip, reason: `${behind} blocks behind the others` };
    const same = behind > 0 ? undefined : await node.block({ height: agreed.height });
    if (same !== undefined && same.hash !== agreed.hash)
      return {
        name,
        standing: "apart",
        tip,
        reason: `it has another block ${agreed.height} than the others`,
      };
    return { name, standing: "ok", tip, reason: "" };
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    return { name, standing: "failing", tip: undefined, reason: `${error.code}: ${error.message}` };
  }
}
