/** What a policy may change of the one before it, whoever signs it. */
import { canonicalText } from "../canonical.ts";
import { declareError } from "../errors.ts";
import { alwaysMeet, spendingQuorum, type SpendingQuorum } from "./groups.ts";
import { custodyId, type Policy, type PolicyDocument, type PolicyRow, type PolicySigner } from "./policy.ts";

export const POLICY_NOT_NEXT = declareError(
  "POLICY_NOT_NEXT",
  "denied",
  "A policy does not follow from the one before it.",
);

/** @throws POLICY_NOT_NEXT naming the field */
export function assertFollows(previous: PolicyDocument, next: PolicyDocument): void {
  for (const [field, why] of breaks(previous, next)) {
    throw POLICY_NOT_NEXT(`policy ${field}: ${why}`, {
      field,
      hint: "custody policy show --out policy.json, change that, then custody policy draft --from policy.json",
    });
  }
}

type Break = readonly [field: string, why: string];

function* breaks(previous: PolicyDocument, next: PolicyDocument): Iterable<Break> {
  const [old, body] = [previous.body, next.body];
  if (body.number !== old.number + 1)
    yield ["number", `number ${body.number} does not follow number ${old.number}`];
  if (body.previous !== previous.digest) yield ["previous", "is not the digest of the policy before it"];
  if (body.network !== old.network) yield ["network", `the policy before it is for ${old.network}`];
  if (body.custody !== custodyId(previous)) yield ["custody", "is not the custody id"];
  if (body.issued < old.issued) yield ["issued", `is before ${old.issued}, when the one before was issued`];
  if (body.approvalsSince < old.approvalsSince)
    yield ["approvalsSince", `goes back: approvals under policies before ${old.approvalsSince} have ended`];
  // Else the admins could give themselves, or take from the recovery quorum, what number 1 has settled.
  if (canonicalText(body.recovery ?? "none") !== canonicalText(old.recovery ?? "none"))
    yield ["recovery", "only policy number 1 can give it, and nothing can change it"];
  yield* auditBreaks(old, body);
  for (const signer of body.signers) yield* signerBreaks(old, signer, body.number);
  yield* walletBreaks(old, body);
  yield* movedBreaks(old, body);
}

// A restored database begins a new epoch; within one, where it begins can no longer change.
function* auditBreaks({ audit: old }: Policy, { audit }: Policy): Iterable<Break> {
  const same = audit.size === old.size && audit.root === old.root;
  if (audit.epoch === old.epoch + 1 || (audit.epoch === old.epoch && same)) return;
  yield ["audit", `audit epoch ${old.epoch} keeps its start, or epoch ${old.epoch + 1} begins`];
}

// Law 7: `since` says which families an epoch may sign, so nobody may set it as he likes.
function* signerBreaks(old: Policy, signer: PolicySigner, number: number): Iterable<Break> {
  const field = `signers.${signer.name}`;
  const before = old.signers.find(({ name }) => name === signer.name);
  if (before !== undefined && before.epoch === signer.epoch) {
    if (canonicalText(before) !== canonicalText(signer))
      yield [field, `its key, start head and since cannot change within epoch ${signer.epoch}`];
    return;
  }
  if (before !== undefined && signer.epoch < before.epoch)
    yield [`${field}.epoch`, `goes back from ${before.epoch}`];
  if (old.signers.some(({ key }) => key === signer.key)) yield [`${field}.key`, "a new epoch has a new key"];
  if (signer.since !== number) yield [`${field}.since`, `this epoch is first named by number ${number}`];
}

// Journals, databases and addresses given to customers know a wallet by its name.
function* walletBreaks(old: Policy, next: Policy): Iterable<Break> {
  for (const wallet of next.wallets) {
    const before = old.wallets.find(({ name }) => name === wallet.name);
    if (before === undefined) continue;
    if (before.descriptor !== wallet.descriptor || before.chain !== wallet.chain)
      yield [`wallets.${wallet.name}.descriptor`, "a wallet keeps its keys: give other keys another name"];
  }
}

/**
 * A signer that has pinned the old policy and one that has pinned the new judge one approved withdrawal by different
 * rows. Where both rows hold its amount, the groups of either must meet (ADR 9), or the old approvals must end.
 */
function* movedBreaks(old: Policy, next: Policy): Iterable<Break> {
  if (next.approvalsSince === next.number) return;
  for (const row of next.rows.filter(({ type }) => type === "withdrawal")) {
    for (const before of old.rows.filter((other) => sharesAmounts(row, other))) {
      const apart = groupsApart([old, before], [next, row]);
      if (apart === undefined) continue;
      yield [
        "approvalsSince",
        `row ${row.name} now pays from ${apart[1]}, whose signers need share none with those of ${apart[0]} before: set it to ${next.number}, so that what was approved before is approved again`,
      ];
      return;
    }
  }
}

function groupsApart(
  [old, before]: readonly [Policy, PolicyRow],
  [next, row]: readonly [Policy, PolicyRow],
): readonly [string, string] | undefined {
  const known = new Map(old.signers.map(({ name, epoch }) => [name as string, epoch]));
  // An epoch that the old policy does not name refuses every family born under it (law 7), so it takes no part.
  const elders = new Set(next.signers.filter(({ name, epoch }) => known.get(name) === epoch).map(nameOf));
  for (const a of old.wallets.filter(({ name }) => before.wallets.includes(name))) {
    for (const b of next.wallets.filter(({ name }) => row.wallets.includes(name))) {
      if (a.exactlyOnce === "online" && b.exactlyOnce === "online") continue;
      if (!alwaysMeet(spendingQuorum(a), among(elders, spendingQuorum(b)))) return [a.name, b.name];
    }
  }
  return undefined;
}

function among(elders: ReadonlySet<string>, { signers, needed }: SpendingQuorum): SpendingQuorum {
  return { signers: signers.filter((name) => elders.has(name)), needed };
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function sharesAmounts(a: PolicyRow, b: PolicyRow): boolean {
  return (
    a.type === b.type &&
    a.asset === b.asset &&
    BigInt(a.aboveUnits) < BigInt(b.upToUnits) &&
    BigInt(b.aboveUnits) < BigInt(a.upToUnits)
  );
}
