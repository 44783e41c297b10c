/** A quarantine ends here: people are shown what the chain says, two admins sign the report, and the database counts again. */
import { assertBelongs, parseDocument } from "../../core/document.ts";
import { WARRANT, type WarrantAct, type WarrantDocument } from "../../core/documents/warrant.ts";
import { CustodyError, declareError } from "../../core/errors.ts";
import { LIMITS } from "../../core/limits.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { assertWarranted, WARRANT_OTHER_ACT } from "../../core/policy/warrants.ts";
import type { Id } from "../../core/identifier.ts";
import { passOverAddresses } from "../../home/lost-addresses.ts";
import { withNode } from "../../home/node.ts";
import { change, distrust, newId, requirePolicy, withOnline, type Online } from "../../home/online.ts";
import { PORTS } from "../../home/ports.ts";
import { reconcileNow } from "../../home/trust.ts";
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
import { readCarried } from "../../terminal/carried.ts";
import { countFlag, optionalFlag, requiredFlag, type Outcome, type Run } from "../../terminal/command.ts";
import { drawFacts } from "../../terminal/table.ts";
import type { Compared } from "../../withdrawals/settling/reconcile.ts";
import { releaseIfClosed } from "../../withdrawals/ending/revoke.ts";
import { describeCompared, drawCompared, failureOf } from "../reconciliation.ts";
import { draftWarrant, useWarrant } from "../warrants.ts";

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
    const { compared } = await withNode(call, policy, (node) => reconcileNow(online, policy, node));
    if (compared.verdict === "behind") return shown(online, compared);
    if (optionalFlag(call.flags, "warrant") !== undefined) return accept(online, policy, compared);
    return optionalFlag(call.flags, "out") === undefined
      ? shown(online, compared)
      : draft(online, policy, compared);
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

async function draft(online: Online, policy: PolicyDocument, compared: Compared): Promise<Outcome> {
  if (distrust(online) === undefined && compared.verdict === "even") {
    throw NOTHING_TO_RECONCILE("the database is in no quarantine, and fits the chain", {
      field: "--out",
      hint: "custody withdraw queue",
    });
  }
  // Kept as it is shown: what people sign is found again by its digest.
  change(online, (tx) => insertReconciliation(tx, { ...compared, id: newId(online) }));
  const next = await draftWarrant(online.call, policy, actOf(online, compared));
  return { data: describeCompared(compared), text: drawAll(online, compared), next };
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

async function accept(online: Online, policy: PolicyDocument, compared: Compared): Promise<Outcome> {
  const warrant = await warrantOf(online, policy);
  const { act } = warrant.body;
  const signed = act.do === "reconcile" ? findReconciliation(online.store, act.report) : undefined;
  if (signed === undefined) {
    throw WARRANT_OTHER_ACT("the warrant names no report that was drafted in this database", {
      field: "warrant.act",
      hint: "custody db reconcile --out warrant.json",
    });
  }
  assertWarranted(policy.body, warrant, actOf(online, signed), online.call.io.now());
  const { ended, kept, passed } = change(online, (tx) => {
    // Under the lock: what the watcher has found meanwhile was not what people have signed for.
    assertNothingNew(online, signed, compared);
    useWarrant(tx, warrant);
    for (const detail of compared.differences)
      openQuarantine(tx, { id: newId(online), cause: "differs", subject: detail, detail });
    const open = openQuarantines(tx);
    for (const { id } of open) endQuarantine(tx, id, warrant.digest);
    const lost = open.some(isLoss);
    return {
      kept: releaseKept(online, tx, policy),
      ended: open,
      passed: lost ? passOverAddresses(tx, online.network, policy, passedOver(online)) : [],
    };
  });
  return {
    data: {
      ended: ended.map(({ cause, subject, detail }) => ({ cause, subject, detail })),
      warrant: warrant.digest,
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

async function warrantOf({ call }: Online, policy: PolicyDocument): Promise<WarrantDocument> {
  const bytes = await readCarried(call.io, requiredFlag(call.flags, "warrant"), LIMITS.documentBytesMax);
  const warrant = parseDocument(WARRANT, bytes);
  assertBelongs(warrant, { network: policy.body.network, custody: custodyId(policy) });
  return warrant;
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
