import { statSync } from "node:fs";
import { adapterOf, codecOf } from "../chains/registry.ts";
import { carrierFault, type Carrier } from "../chains/chain-node.ts";
import { splitAccount } from "../core/account.ts";
import { formatAmount } from "../core/amount.ts";
import { BITCOIN_CHAINS, type ChainId } from "../core/chain.ts";
import { counted } from "../core/count.ts";
import { CustodyError, declareError, isError } from "../core/errors.ts";
import { shellWord } from "../core/shell-word.ts";
import { verifyAudit } from "../store/audit.ts";
import { databaseProblems, verifyLedger } from "../store/integrity.ts";
import { getPlan, unsettledPlans } from "../store/plans.ts";
import type { Run } from "../terminal/command.ts";
import { drawTable } from "../terminal/table.ts";
import {
  databaseFile,
  POLICY_MISSING,
  requirePolicy,
  requireSession,
  withOnline,
  type Online,
} from "../home/online.ts";
import { chainsOfWallets, withChain } from "../home/chains.ts";
import { TIP_STALE, whyStale } from "../home/node.ts";
import { READS } from "../home/ports.ts";
import type { NodeFacts } from "../nodes/survey.ts";
import { planDocumentOf } from "../withdrawals/planning/plan-bytes.ts";
import { rebuildPlan } from "../withdrawals/planning/rebuild.ts";
import { agreedWords, describeNode, nodeWords, runbookOf } from "./nodes.ts";

export const TROUBLE_FOUND = declareError(
  "TROUBLE_FOUND",
  "verification",
  "A check of this host found something that has to be mended.",
);

type Check = {
  readonly check: string;
  readonly ok: boolean;
  readonly result: string;
  readonly fix: string;
  /** Of what was found. */
  readonly code?: string;
  /** As the survey found it, of a check of one node. */
  readonly node?: ReturnType<typeof describeNode>;
};

/** Looks at everything that this host needs and says what to do about what is missing. Exit 7 when anything is. */
export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const checks: Check[] = [];
    const probe = async (check: string, look: () => string | Promise<string>) => {
      try {
        checks.push({ check, ok: true, result: await look(), fix: "" });
      } catch (error) {
        if (!(error instanceof CustodyError)) throw error;
        checks.push({ check, ok: false, result: error.message, fix: error.hint ?? "", code: error.code });
      }
    };
    await probe("files", () => privateFiles(online));
    await probe("database", () => wholeDatabase(online));
    await probe("ledger", () => `${counted(verifyLedger(online.store).postings, "posting")} verified`);
    await probe("audit tree", () => `${counted(verifyAudit(online.store).rows, "row")} verified`);
    await probe("plans", () => `${counted(rebuiltPlans(online), "live plan")} rebuilt, byte for byte`);
    await probe(
      "policy",
      () => `number ${requirePolicy(online).body.number}, until ${requirePolicy(online).body.expires}`,
    );
    await probe(
      "session",
      () => `${requireSession(online).operator}, until ${requireSession(online).expires}`,
    );
    for (const chain of followedChains(online)) {
      const codec = codecOf(chain);
      await probe(codec.addresses === "many" ? `${codec.name} nodes` : `nodes of ${chain}`, async () => {
        const survey = await withChain(call, requirePolicy(online), chain, (nodes) => nodes.survey());
        checks.push(...survey.nodes.map(nodeCheck));
        if (survey.carrier !== undefined) checks.push(gasKeyCheck(survey.carrier));
        const stale = whyStale(survey.agreed, call.io, chain);
        if (stale === undefined) return `agree on ${agreedWords(survey)}`;
        throw TIP_STALE(stale, { hint: "see FIX beside each node; nothing new is built until then" });
      });
    }
    const bad = checks.filter(({ ok }) => !ok).length;
    return {
      data: checks,
      text: drawTable(
        [{ head: "CHECK" }, { head: "RESULT" }, { head: "FIX" }],
        checks.map(({ check, ok, result, fix }) => [check, `${ok ? "ok" : "NO"}: ${result}`, fix]),
        call.io.stdout,
      ),
      failure:
        bad === 0
          ? undefined
          : TROUBLE_FOUND(`${bad} of ${checks.length} checks found trouble`, { hint: "see FIX beside each" }),
    };
  });

// Without a policy nobody knows which: bitcoin's are looked for, and what is said is why there is no policy.
function followedChains(online: Online): readonly ChainId[] {
  try {
    return chainsOfWallets(requirePolicy(online).body);
  } catch (error) {
    if (isError(error, POLICY_MISSING)) return [BITCOIN_CHAINS[online.network]];
    throw error;
  }
}

function nodeCheck(facts: NodeFacts): Check {
  const ok = facts.standing === "ok";
  return {
    check: `node ${facts.name}`,
    ok,
    result: ok && facts.tip !== undefined ? `height ${facts.tip.height}` : nodeWords(facts),
    fix: ok ? "" : runbookOf(facts.standing),
    node: describeNode(facts),
  };
}

// It pays for Safes' transactions, and holds nobody's money.
function gasKeyCheck(carrier: Carrier): Check {
  const fault = carrierFault(carrier);
  const { account, holds, most, needs } = carrier;
  return {
    check: `gas key ${splitAccount(account).address}`,
    ok: fault === undefined,
    result: `${fault === undefined ? "" : `${fault}: `}${formatAmount(holds)}`,
    fix:
      fault === undefined
        ? ""
        : fault === "too little"
          ? `send it more than ${formatAmount(needs)}: no Safe pays until then`
          : `take from it what is above ${formatAmount(most)}, or custody config set evm.relayer-max DECIMAL`,
  };
}

function privateFiles({ call, network }: Online): string {
  const file = databaseFile(call.home, network);
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return `private (0${mode.toString(8)})`;
  throw TROUBLE_FOUND(`others may read the database (0${mode.toString(8)})`, {
    hint: `chmod 600 ${shellWord(file)}`,
  });
}

// Whoever changed a snapshot, a plan or the builder is found before anything of it is signed or sent.
function rebuiltPlans({ store }: Online): number {
  const plans = unsettledPlans(store);
  for (const id of plans) {
    const plan = getPlan(store, id);
    const { chain } = planDocumentOf(READS, store, plan).body;
    rebuildPlan(READS, store, plan, adapterOf(chain).builder);
  }
  return plans.length;
}

function wholeDatabase({ store }: Online): string {
  const [problem] = databaseProblems(store);
  if (problem === undefined) return "whole";
  throw TROUBLE_FOUND(problem, { hint: "custody db check" });
}
