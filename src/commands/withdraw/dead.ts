import { bitcoinCodec } from "../../chains/bitcoin/index.ts";
import { parseDigest, type Digest } from "../../core/digest.ts";
import { parseId } from "../../core/identifier.ts";
import { rulesFor } from "../../core/policy/entries.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import { shellWord } from "../../core/shell-word.ts";
import { getPlan, type StoredPlan } from "../../store/plans.ts";
import { optionalFlag, requiredFlag, type Call, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import { assertNoneOfFamily, draftDead, finalCancel, type Spent } from "../../withdrawals/ending/dead.ts";
import { finalBlock, spentOf } from "../../withdrawals/ending/spent.ts";
import { attemptsAsBuilt, planDocumentOf, previousBytes } from "../../withdrawals/planning/plan-bytes.ts";
import { withNode } from "../../home/node.ts";
import { requirePolicy, requireSession, walletView, withOnline, type Online } from "../../home/online.ts";
import { READS } from "../../home/ports.ts";
import { coinText } from "../desk/reading.ts";
import { writeDocument } from "../documents.ts";

/** Drafts the proof of a plan's death from what the node shows. Nothing is stored until approvers have signed it. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const plan = getPlan(online.store, parseId(call.args[0] ?? "", "plan"));
    const spentBy = killerOf(call, finalCancel(READS, online.store, plan));
    assertNoneOfFamily(READS, online.store, plan, spentBy);
    const spent = await evidence(online, policy, plan, spentBy);
    const view = walletView(online.store, policy, plan.wallet);
    const decoded = attemptsAsBuilt(READS, online.store, plan, { codec: bitcoinCodec, view: () => view });
    const document = draftDead(plan, decoded, spent, policy);
    const out = requiredFlag(call.flags, "out");
    await writeDocument(call, out, document);
    return {
      data: { file: out, plan: plan.id, digest: document.digest, ...spent },
      text: drawFacts([
        ["dead", `${out}, unsigned: plan ${plan.id}`],
        ["coin", coinText(spent.conflictKey)],
        ["spent by", spent.spentBy],
        ["in block", `${spent.block.hash} at height ${spent.block.height}`],
      ]),
      next: `custody desk sign ${shellWord(out)} --as dead --identity NAME.key --out dead.signed.json   (at each approver's desk)`,
    };
  });

function killerOf({ flags }: Call, cancel: Digest | undefined): Digest {
  const text = optionalFlag(flags, "spentBy");
  if (text === undefined && cancel !== undefined) return cancel;
  return parseDigest(text ?? requiredFlag(flags, "spentBy"), "--spent-by");
}

async function evidence(
  { call, store }: Online,
  policy: PolicyDocument,
  plan: StoredPlan,
  spentBy: Digest,
): Promise<Spent> {
  const { conflictKeys } = planDocumentOf(READS, store, plan).body;
  return withNode(call, policy, async (node) => {
    const { confirmations } = rulesFor(policy.body, node.chain);
    const block = finalBlock(spentBy, await node.status(spentBy), confirmations);
    const killer = { spentBy, block, spends: await node.spends(spentBy) };
    return spentOf(bitcoinCodec, { conflictKeys, previous: previousBytes(plan) }, killer);
  });
}
