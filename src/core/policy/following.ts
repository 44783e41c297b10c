/** What a policy may change of the one before it, whoever signs it. */
import { canonicalText } from "../canonical.ts";
import { declareError } from "../errors.ts";
import { findWallet } from "./entries.ts";
import {
  custodyId,
  type Policy,
  type PolicyDocument,
  type PolicyRow,
  type PolicySigner,
  type PolicyWallet,
} from "./policy.ts";

export const POLICY_NOT_NEXT = declareError(
  "POLICY_NOT_NEXT",
  "denied",
  "A policy does not follow from the one before it.",
);

/** Whether a wallet of the same name is the same one still, though its descriptor is written otherwise. */
export type SameWallet = (before: PolicyWallet, next: PolicyWallet) => boolean;

/** @param isSameWallet none but those with the same keys, when left out @throws POLICY_NOT_NEXT naming the field */
export function assertFollows(
  previous: PolicyDocument,
  next: PolicyDocument,
  isSameWallet: SameWallet = () => false,
): void {
  for (const [field, why] of breaks(previous, next, isSameWallet)) {
    throw POLICY_NOT_NEXT(`policy ${field}: ${why}`, {
      field,
      hint: "custody policy show --out policy.json, change that, then custody policy draft --from policy.json",
    });
  }
}

type Break = readonly [field: string, why: string];

function* breaks(previous: PolicyDocument, next: PolicyDocument, isSameWallet: SameWallet): Iterable<Break> {
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
  yield* walletBreaks(old, body, isSameWallet);
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
function* walletBreaks(old: Policy, next: Policy, isSameWallet: SameWallet): Iterable<Break> {
  for (const wallet of next.wallets) {
    const before = findWallet(old, wallet.name);
    if (before === undefined) continue;
    const same = before.descriptor === wallet.descriptor && before.chain === wallet.chain;
    if (!same && !isSameWallet(before, wallet))
      yield [`wallets.${wallet.name}.descriptor`, "a wallet keeps its keys: give other keys another name"];
  }
}

/**
 * A signer that has pinned the old policy and one that has pinned a new one judge one approved withdrawal by different
 * rows; and a hold was released by what the old one says of voids and quorums (law 3). Each policy is compared with the
 * one before it alone, so what is asked must hold over any number of steps: while approvals live on, an amount keeps a
 * row, and its row gains no wallet, changes no wallet's signers and asks for no fewer approvers.
 */
function* movedBreaks(old: Policy, next: Policy): Iterable<Break> {
  if (next.approvalsSince === next.number) return;
  for (const before of old.rows.filter(({ type }) => type === "withdrawal")) {
    const rows = next.rows.filter((other) => sharesAmounts(before, other));
    const why =
      rows.map((row) => widened([old, before], [next, row])).find((found) => found !== undefined) ??
      (isCovered(before, rows) ? undefined : `amounts of row ${before.name} have no row any more`);
    if (why === undefined) continue;
    yield [
      "approvalsSince",
      `${why}: set it to ${next.number}, so that what was approved before is approved again`,
    ];
    return;
  }
}

// Wallets of one row have groups that meet (ADR 9), and a hold waits for voids of all of them.
function widened(
  [old, before]: readonly [Policy, PolicyRow],
  [next, row]: readonly [Policy, PolicyRow],
): string | undefined {
  if (row.quorum < before.quorum)
    return `row ${row.name} asks for fewer approvers, so that it allows what was given up for lack of them`;
  const known = old.wallets.filter(({ name }) => before.wallets.includes(name));
  const strange = next.wallets
    .filter(({ name }) => row.wallets.includes(name))
    .filter((wallet) => !isOnline([...known, wallet]))
    .find((wallet) => !known.some((each) => keysOf(each) === keysOf(wallet)));
  if (strange === undefined) return undefined;
  return `row ${row.name} now pays from ${strange.name}, which before it did not, or by other signers`;
}

function isOnline(wallets: readonly PolicyWallet[]): boolean {
  return wallets.every(({ exactlyOnce }) => exactlyOnce === "online");
}

function keysOf({ name, threshold, signers, foreign, descriptor }: PolicyWallet): string {
  return canonicalText({ name, threshold, signers: [...signers].sort(), foreign, descriptor });
}

// A consistent policy's rows share no amount, so the parts add up. A gap could be filled again later, by any row.
function isCovered(band: PolicyRow, rows: readonly PolicyRow[]): boolean {
  const [above, upTo] = boundsOf(band);
  const parts = rows.map(boundsOf).map(([a, b]) => (b < upTo ? b : upTo) - (a > above ? a : above));
  return parts.reduce((sum, part) => sum + part, 0n) === upTo - above;
}

function boundsOf({ aboveUnits, upToUnits }: PolicyRow): readonly [above: bigint, upTo: bigint] {
  return [BigInt(aboveUnits), BigInt(upToUnits)];
}

function sharesAmounts(a: PolicyRow, b: PolicyRow): boolean {
  return (
    a.type === b.type &&
    a.asset === b.asset &&
    BigInt(a.aboveUnits) < BigInt(b.upToUnits) &&
    BigInt(b.aboveUnits) < BigInt(a.upToUnits)
  );
}
