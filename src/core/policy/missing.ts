/** Who must still sign a policy before it is binding. */
import type { Document, DocumentHeader } from "../document.ts";
import type { ApprovalDocument } from "../documents/approval.ts";
import type { PublicKey } from "../ed25519.ts";
import type { Instant } from "../instant.ts";
import { verifySignature, type SignatureAlgorithm } from "../signature.ts";
import { countSignatures } from "./counting.ts";
import type { Policy, PolicyDocument } from "./policy.ts";
import { releasedAt } from "./recovery.ts";
import { holders } from "./roles.ts";

/** `have` of `need` have signed; `who` can, and has not. */
export type Missing = {
  readonly quorum: "everyone" | "admins before" | "admins after" | "new keys" | "recovery" | "release";
  readonly have: number;
  readonly need: number;
  readonly who: readonly string[];
};

/**
 * What `next` lacks to be binding after `previous`, or as number 1; empty when nothing. Whether it follows at all is
 * another question (`following.ts`).
 * @param releases approvals of decision `release`; a recovery needs one
 */
export function missingFor(
  previous: PolicyDocument | undefined,
  next: PolicyDocument,
  releases: readonly ApprovalDocument[] = [],
): readonly Missing[] {
  if (previous === undefined) return short([ofKeys("everyone", next, keysOf(next.body))]);
  const added = ofKeys("new keys", next, addedKeys(previous.body, next.body));
  if (!recovers(previous, next)) {
    const [before, after] = [previous.body, next.body];
    return short([
      ofQuorum("admins before", before, next, before.quorums.admin),
      ofQuorum("admins after", after, next, after.quorums.admin),
      added,
    ]);
  }
  const quorum = ofQuorum("recovery", previous.body, next, previous.body.recovery?.quorum ?? 0);
  const released = releasedAt(previous, next, releases) === undefined ? 0 : 1;
  const who = namesOf(holders(previous.body, "recovery"));
  return short([quorum, added, { quorum: "release", have: released, need: 1, who }]);
}

/** Whether a recovery is under way: where the admins' quorum has signed, it is a succession like any other. */
export function recovers({ body }: PolicyDocument, next: PolicyDocument): boolean {
  if (body.recovery === undefined) return false;
  const admins = countSignatures(body, "admin", next).length;
  return admins < body.quorums.admin && countSignatures(body, "recovery", next).length > 0;
}

export type NamedKey = {
  readonly of: "person" | "signer";
  readonly name: string;
  readonly key: PublicKey;
  readonly alg: SignatureAlgorithm;
};

/** Everyone's key, people's and signers'. */
export function keysOf({ identities, signers }: Policy): readonly NamedKey[] {
  return [
    ...identities.map(({ name, key, alg }) => ({ of: "person" as const, name, key, alg })),
    ...signers.map(({ name, key }) => ({ of: "signer" as const, name, key, alg: "ed25519" as const })),
  ];
}

/** Keys that `previous` does not name: their owners prove that they hold them. */
export function addedKeys(previous: Policy, next: Policy): readonly NamedKey[] {
  const known = new Set(keysOf(previous).map(textOf));
  return keysOf(next).filter((key) => !known.has(textOf(key)));
}

function textOf({ of, alg, key }: NamedKey): string {
  return `${of} ${alg} ${key}`;
}

/** When the owner of `key` has signed `document`, at the earliest. */
export function provenAt(
  { digest, signatures }: Document<DocumentHeader>,
  { key, alg }: NamedKey,
): Instant | undefined {
  return signatures
    .filter((signature) => signature.by === key && signature.alg === alg)
    .filter((signature) => verifySignature(digest, signature))
    .map(({ at }) => at)
    .sort()[0];
}

function ofKeys(quorum: Missing["quorum"], document: PolicyDocument, keys: readonly NamedKey[]): Missing {
  const open = keys.filter((key) => provenAt(document, key) === undefined);
  return { quorum, have: keys.length - open.length, need: keys.length, who: namesOf(open) };
}

function ofQuorum(quorum: Missing["quorum"], judge: Policy, next: PolicyDocument, need: number): Missing {
  const role = quorum === "recovery" ? "recovery" : "admin";
  const counted = countSignatures(judge, role, next);
  const persons = new Set(counted.map(({ identity }) => identity.person));
  const others = holders(judge, role).filter(({ person }) => !persons.has(person));
  return { quorum, have: counted.length, need, who: namesOf(others) };
}

function short(all: readonly Missing[]): readonly Missing[] {
  return all.filter(({ have, need }) => have < need);
}

function namesOf(named: readonly { readonly name: string }[]): readonly string[] {
  return named.map(({ name }) => name);
}
