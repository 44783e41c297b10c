/** A quarantine ends here: people are shown what the chain says, two admins sign the report, and the database counts again. */
import type { Digest } from "../../core/digest.ts";
import type { WarrantAct } from "../../core/documents/warrant.ts";
import { CustodyError, declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import type { PolicyDocument } from "../../core/policy/policy.ts";
import { WARRANT_OTHER_ACT } from "../../core/policy/warrants.ts";
import type { Id } from "../../core/identifier.ts";
import { passOverAddresses } from "../../home/lost-addresses.ts";
import { reconcileAll } from "../../home/chains.ts";
import { change, distrust, newId, requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { auditHead } from "../../store/audit.ts";
import {
  endQuarantine,
  isLoss,
  openQuarantine,
  openQuarantines,
  type Quarantine,
} from "../../store/quarantine.ts";
import {
  findReconciliation,
  insertReconciliation,
  type Reconciliation,
} from "../../store/reconciliations.ts";
import type { Tx } from "../../store/transaction.ts";
import { listWithdrawals } from "../../store/withdrawal-lists.ts";
import { countFlag, optionalFlag, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import type { Compared } from "../../withdrawals/settling/reconcile.ts";
import { releaseIfClosed } from "../../withdrawals/ending/revoke.ts";
import { describeCompared, drawCompared, failureOf } from "../reconciliation.ts";
import { byWarrant } from "../warrants.ts";

export const NOTHING_TO_RECONCILE = declareError(
  "NOTHING_TO_RECONCILE",
  "conflict",
  "The database is in no quarantine and does not differ from the chain: there is nothing for people to sign.",
);
export const REPORT_STALE = declareError(
  "REPORT_STALE",
  "conflict",
  "What was found since is not in the report that people have signed.",
);

export const run: Run = async (call) =>
  withOnline(call, async (online) => {
    const policy = requirePolicy(online);
    const { worst: compared } = await reconcileAll(online, policy);
    if (compared.verdict === "behind") return shown(online, compared);
    if (optionalFlag(call.flags, "warrant") !== undefined) return decide(online, policy, compared);
    if (optionalFlag(call.flags, "out") === undefined) return shown(online, compared);
    keepReport(online, compared);
    return decide(online, policy, compared);
  });

function shown(online: Online, compared: Compared): Outcome {
  const failure = failureOf(compared) ?? distrust(online);
  return {
    data: describeCompared(compared),
    text: drawAll(online, compared),
    failure: compared.verdict === "behind" ? failure : undefined,
    next:
      failure === undefined
        ? "custody withdraw queue"
        : "custody db reconcile --out warrant.json   (people have read the report: two admins sign it)",
  };
}

// Kept as it is shown: what people sign is found again by its digest.
function keepReport(online: Online, compared: Compared): void {
  if (distrust(online) === undefined && compared.verdict === "even") {
    throw NOTHING_TO_RECONCILE("the database is in no quarantine, and fits the chain", {
      field: "--out",
      hint: "custody withdraw queue",
    });
  }
  change(online, (tx) => insertReconciliation(tx, { ...compared, id: newId(online) }));
}

// It takes no session: whoever could delegate one may be known to the lost rows alone, and two admins say what is true.
async function decide(online: Online, policy: PolicyDocument, compared: Compared): Promise<Outcome> {
  const signed = (named: WarrantAct) => reportOf(online, named);
  const result = await byWarrant(
    online,
    policy,
    (named) => actOf(online, named === undefined ? compared : signed(named)),
    (tx, { body, digest }) => {
      // Under the lock: what the watcher has found meanwhile was not what people have signed for.
      assertNothingNew(online, signed(body.act), compared);
      return endQuarantines(online, tx, policy, { compared, warrant: digest });
    },
    { session: false },
  );
  if (result.drafted)
    return { data: describeCompared(compared), text: drawAll(online, compared), next: result.next };
  return trustedAgain(online, policy, result.done, result.warrant.digest);
}

// The report that people were shown, by the digest that their warrant names.
function reportOf({ store }: Online, act: WarrantAct): Reconciliation {
  const report = act.do === "reconcile" ? findReconciliation(store, act.report) : undefined;
  if (report !== undefined) return report;
  throw WARRANT_OTHER_ACT("the warrant names no report that was drafted in this database", {
    field: "warrant.act",
    hint: "custody db reconcile --out warrant.json",
  });
}

function actOf(online: Online, { audit, digest }: Pick<Compared, "audit" | "digest">): WarrantAct {
  return {
    do: "reconcile",
    size: audit.size,
    root: audit.root,
    report: digest,
    addresses: passedOver(online),
  };
}

type Trusted = {
  readonly ended: readonly Quarantine[];
  readonly passed: ReturnType<typeof passOverAddresses>;
  /** Why each withdrawal keeps its hold that could have been released. */
  readonly kept: readonly string[];
};

function endQuarantines(
  online: Online,
  tx: Tx,
  policy: PolicyDocument,
  { compared, warrant }: { readonly compared: Compared; readonly warrant: Digest },
): Trusted {
  for (const detail of compared.differences)
    openQuarantine(tx, { id: newId(online), cause: "differs", subject: detail, detail });
  const ended = openQuarantines(tx);
  for (const { id } of ended) endQuarantine(tx, id, warrant);
  const lost = ended.some(isLoss);
  return {
    kept: releaseKept(online, tx, policy),
    ended,
    passed: lost ? passOverAddresses(tx, policy, passedOver(online)) : [],
  };
}

function trustedAgain(
  online: Online,
  policy: PolicyDocument,
  { ended, passed, kept }: Trusted,
  warrant: Digest,
): Outcome {
  return {
    data: {
      ended: ended.map(({ cause, subject, detail }) => ({ cause, subject, detail })),
      warrant,
      audit: nextAudit(online, policy),
      passedOver: passed,
    },
    text: drawFacts([
      ...ended.map(({ cause, detail }) => [cause, `${detail}: ended`] as const),
      ...passed.map(
        ({ wallet, from, to }) =>
          [
            wallet,
            `receive addresses ${from} to ${to} are passed over: the lost hours may have given them out`,
          ] as const,
      ),
      ...drawAudit(online, policy, ended),
    ]),
    warnings: kept,
    next: "custody ledger reconcile",
  };
}

// 0 where nobody knows that more were given out than a wallet's gap.
function passedOver({ call }: Online): number {
  return countFlag(call.flags, "addresses", { min: 0, max: LIMITS.addressesPassedMax, otherwise: 0 });
}

// What was refused in quarantine, and whose family was closed meanwhile: nothing else would come back to it. One that cannot
// be released keeps its hold, and neither the others nor the quarantine wait for it.
function releaseKept(online: Online, tx: Tx, { body }: PolicyDocument): readonly string[] {
  const kept: string[] = [];
  for (let after: Id | undefined; ; ) {
    const page = listWithdrawals(tx, { state: "REVOKING" }, { limit: LIMITS.pageRowsMax, after });
    for (const withdrawal of page) {
      try {
        change(online, (step) => releaseIfClosed(PORTS, step, withdrawal, body));
      } catch (error) {
        if (!(error instanceof CustodyError)) throw error;
        kept.push(`withdrawal ${withdrawal.id} is not released: ${error.message}`);
      }
    }
    after = page.at(-1)?.id;
    if (page.length < LIMITS.pageRowsMax) return kept;
  }
}

// What people have not seen they have not allowed.
function assertNothingNew(online: Online, { report }: Reconciliation, compared: Compared): void {
  const known = report as unknown as {
    readonly differences: readonly string[];
    readonly quarantine: readonly Pick<Quarantine, "cause" | "subject">[];
  };
  const opened = openQuarantines(online.store).find(
    ({ cause, subject }) =>
      !known.quarantine.some((other) => other.cause === cause && other.subject === subject),
  );
  const differs = compared.differences.find((difference) => !known.differences.includes(difference));
  const what = online.witness?.doubt?.detail ?? opened?.detail ?? differs;
  if (what === undefined) return;
  throw REPORT_STALE(`the report that was signed does not say this: ${what}`, {
    field: "warrant",
    hint: "custody db reconcile --out warrant.json   (and have it signed anew)",
  });
}

/** What the admins' next policy would name, where signers have countersigned rows that are lost here. */
function nextAudit({ store }: Online, { body: { audit } }: PolicyDocument) {
  const { size, root } = auditHead(store) ?? audit;
  return { epoch: audit.epoch + 1, size, root };
}

function drawAudit(online: Online, policy: PolicyDocument, ended: readonly Quarantine[]) {
  if (!ended.some(isLoss)) return [];
  const { epoch, size, root } = nextAudit(online, policy);
  return [
    [
      "signers",
      "one that has countersigned rows that are lost here refuses every request (gate G3), until the next policy names this place of the audit tree:",
    ],
    ["policy.audit", `{ "epoch": ${epoch}, "size": ${size}, "root": "${root}" }`],
  ] as const;
}

function drawAll(online: Online, compared: Compared): string {
  const { doubt } = online.witness ?? {};
  const { sightings = [] } = compared.report as {
    readonly sightings?: readonly { readonly withdrawal: string; readonly transaction: string }[];
  };
  return (
    drawCompared(compared, online.call.io.stdout) +
    drawFacts([
      ...openQuarantines(online.store).map(
        ({ cause, since, detail }) => [cause, `since ${since}: ${detail}`] as const,
      ),
      ...(doubt === undefined ? [] : [[doubt.cause, doubt.detail] as const]),
      ...sightings.map(
        ({ withdrawal, transaction }) =>
          [
            "perhaps paid",
            `withdrawal ${withdrawal} by transaction ${transaction}: stopped until two admins say what that was`,
          ] as const,
      ),
    ])
  );
}
