import { killerName } from "../../chains/death.ts";
import type { TransactionStatus } from "../../chains/chain-node.ts";
import { codecOf } from "../../chains/registry.ts";
import { parseChain, type ChainId } from "../../core/chain.ts";
import { chainInKey } from "../../core/conflict-key.ts";
import { parseDigest, type Digest } from "../../core/digest.ts";
import { CustodyError } from "../../core/errors.ts";
import { parseId } from "../../core/identifier.ts";
import type { PlanAttempts } from "../../core/policy/death.ts";
import { rulesFor } from "../../core/policy/entries.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import { shellWord } from "../../core/shell-word.ts";
import { attemptsOf, type Attempt } from "../../store/attempts.ts";
import { findPlanByDigest, getPlan, type StoredPlan } from "../../store/plans.ts";
import { optionalFlag, requiredFlag, type Call, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import {
  assertNoneOfFamily,
  draftDead,
  finalEnd,
  unfounded,
  type Spent,
} from "../../withdrawals/ending/dead.ts";
import { attemptsBuilt, deceasedOf, listedIn } from "../../withdrawals/ending/deceased.ts";
import { assertPaysNoneOfLost } from "../../withdrawals/ending/lost.ts";
import { finalBlock, spentOf, takenBy } from "../../withdrawals/ending/spent.ts";
import { attemptsAsBuilt, previousBytes } from "../../withdrawals/planning/plan-bytes.ts";
import { withChain } from "../../home/chains.ts";
import { requirePolicy, requireSession, withOnline, type Online } from "../../home/online.ts";
import { planReading } from "../../home/plan-reading.ts";
import { READS } from "../../home/ports.ts";
import { coinText } from "../desk/reading.ts";
import { writeDocument } from "../documents.ts";

/** Drafts the proof of a plan's death from what the node shows. Nothing is stored until approvers have signed it. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    requireSession(online);
    const policy = requirePolicy(online);
    const found = accused(online, policy);
    const { attempts, name } = found;
    const spent = await evidence(call, policy, found);
    found.assertPaysOthers(killerName(spent));
    const document = draftDead(attempts, spent, policy);
    const out = requiredFlag(call.flags, "out");
    await writeDocument(call, out, document);
    return {
      data: { file: out, plan: name, digest: document.digest, ...spent },
      text: drawFacts([
        ["dead", `${out}, unsigned: plan ${name}`],
        ["coin", coinText(spent.conflictKey)],
        ["spent by", spent.withoutEffect === true ? `${spent.spentBy}, which failed` : spent.spentBy],
        ["in block", `${spent.block.hash} at height ${spent.block.height}`],
      ]),
      next: `custody desk sign ${shellWord(out)} --as dead --identity NAME.key --out dead.signed.json   (at each approver's desk)`,
    };
  });

/** A plan that is said to be dead, with what is said to have killed it. */
type Accused = {
  readonly attempts: PlanAttempts;
  /** Its id; its digest where no row of it is here. */
  readonly name: string;
  /** What its inputs spend, as far as it is known here. */
  readonly previous: readonly Uint8Array[];
  readonly spentBy: Digest;
  /** The attempt of the plan's own that this is. */
  readonly own: Attempt | undefined;
  /** @throws DEAD_UNFOUNDED where the killer pays what the plan pays */
  readonly assertPaysOthers: (killer: Digest) => void;
};

function accused(online: Online, policy: PolicyDocument): Accused {
  const { call, store } = online;
  const plan = planNamed(online);
  if (typeof plan === "string") return accusedOfLost(online, plan);
  const spentBy = killerOf(call, finalEnd(READS, store, plan)?.txid);
  const own = attemptsOf(store, plan.id).find(
    ({ txid, effect }) => txid === spentBy || effect?.id === spentBy,
  );
  const assertPaysOthers = (killer: Digest) => assertNoneOfFamily(READS, store, plan, killer);
  assertPaysOthers(own?.txid ?? spentBy);
  const decoded = attemptsAsBuilt(READS, store, plan, planReading(store, policy, plan));
  return {
    attempts: attemptsBuilt(plan, decoded),
    name: plan.id,
    previous: previousBytes(plan),
    spentBy: own?.txid ?? spentBy,
    own,
    assertPaysOthers,
  };
}

// Hours that a restore has lost had exported it: signers alone remember it, and say so in their voids (F9).
function accusedOfLost({ call, store }: Online, digest: Digest): Accused {
  const attempts = deceasedOf(READS, store, digest, listedIn(READS, store, digest));
  if (attempts === undefined) throw unfounded("plan", `no plan here is ${digest}, and no void lists it`);
  const spentBy = killerOf(call, undefined);
  const assertPaysOthers = (killer: Digest) => assertPaysNoneOfLost(READS, store, digest, killer);
  assertPaysOthers(spentBy);
  return { attempts, name: digest, previous: [], spentBy, own: undefined, assertPaysOthers };
}

/** By id; by digest the plan that has it, or the digest where no row has. */
function planNamed({ call: { args }, store }: Online): StoredPlan | Digest {
  const [text = ""] = args;
  const digest = digestIn(text);
  if (digest === undefined) return getPlan(store, parseId(text, "plan"));
  return findPlanByDigest(store, digest) ?? digest;
}

function digestIn(text: string): Digest | undefined {
  try {
    return parseDigest(text, "plan");
  } catch (error) {
    if (error instanceof CustodyError) return undefined;
    throw error;
  }
}

function killerOf({ flags }: Call, end: Digest | undefined): Digest {
  const text = optionalFlag(flags, "spentBy");
  if (text === undefined && end !== undefined) return end;
  // As explorers of accounts show it, and as those of coins do.
  return parseDigest((text ?? requiredFlag(flags, "spentBy")).replace(/^0x/, ""), "--spent-by");
}

async function evidence(
  call: Call,
  policy: PolicyDocument,
  { attempts, previous, spentBy, own }: Accused,
): Promise<Spent> {
  const { conflictKeys } = attempts;
  return withChain(call, policy, chainOf(conflictKeys), async (node) => {
    const codec = codecOf(node.chain);
    const { confirmations } = rulesFor(policy.body, node.chain);
    const status = await node.status(spentBy, own?.bytes);
    const block = finalBlock(spentBy, status, confirmations);
    const spends = codec.killerIn === undefined ? await node.spends(spentBy) : conflictKeys;
    if (codec.killerIn === undefined || own !== undefined)
      return {
        ...spentOf(codec, { conflictKeys, previous }, { spentBy, block, spends }),
        ...failing(status),
      };
    const seen = await node.block(block.height);
    const taken = takenBy(codec, attempts, { transaction: spentBy, block, seen });
    // A lost plan's own cancel rung may be another's here: it is named as rungs are, for it pays nobody whoever sent it.
    const isCancel = killerName(taken) === attempts.cancel;
    return isCancel ? { conflictKey: taken.conflictKey, spentBy: killerName(taken), block } : taken;
  });
}

function failing(status: TransactionStatus): Pick<Spent, "withoutEffect"> {
  const failed = status.state === "included" && status.effect?.failed === true;
  return failed ? { withoutEffect: true } : {};
}

function chainOf([key = ""]: readonly string[]): ChainId {
  return parseChain(chainInKey(key) ?? "", "plan");
}
