/** A signer has closed an intent's family: kept as evidence, and perhaps the last one that a hold waited for (law 3). */
import { assertBelongs } from "../../core/document.ts";
import { familyKeys, familyOf } from "../../core/documents/family.ts";
import type { Intent } from "../../core/documents/intent.ts";
import { VOID, type VoidDocument } from "../../core/documents/void.ts";
import type { Digest } from "../../core/digest.ts";
import { declareError } from "../../core/errors.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { verifySignature } from "../../core/signature.ts";
import { evidenceOf, policiesSince } from "../deciding/evidence.ts";
import type { LifePorts, WithdrawalPorts } from "../ports.ts";
import type { DecidingPorts } from "../deciding/ports.ts";
import type { WithdrawalRow } from "../rows.ts";
import { keptReason, releaseIfClosed } from "./revoke.ts";

export const VOID_UNFOUNDED = declareError(
  "VOID_UNFOUNDED",
  "notFound",
  "A void closes a family that no intent here belongs to.",
);
export const VOID_UNSIGNED = declareError(
  "VOID_UNSIGNED",
  "verification",
  "A void is not signed by the signer that it names.",
);

export type Voided = {
  readonly withdrawal: WithdrawalRow;
  /** What its hold still waits for; undefined when it is released, or when nobody wants it released. */
  readonly open: string | undefined;
};

/**
 * Stores a void. A withdrawal that is REVOKING is released with it once law 3 is met.
 * @throws VOID_UNFOUNDED, VOID_UNSIGNED
 */
export function importVoid<Tx>(
  ports: LifePorts<Tx> & DecidingPorts<Tx>,
  tx: Tx,
  document: VoidDocument,
  { policy }: { policy: PolicyDocument },
): Voided {
  const withdrawal = ports.findWithdrawal(tx, document.body.family.intent);
  const intent = withdrawal?.intent === undefined ? undefined : evidenceOf(ports, tx, withdrawal).intent.body;
  if (withdrawal === undefined || intent === undefined) throw unfounded();
  const content = keepVoid(ports, tx, document, { intent, policy });
  ports.insertDecision(tx, withdrawal.id, { kind: VOID.kind, digest: document.digest, content });
  const after = releaseIfClosed(ports, tx, withdrawal, policy.body);
  if (after.state !== "REVOKING") return { withdrawal: after, open: undefined };
  return { withdrawal: after, open: keptReason(ports, tx, after) ?? "the database is in quarantine" };
}

/**
 * Stores a void as far as it is believed: it is of this custody, closes all of the intent's family, and is signed by a
 * signer that knows the family from its birth.
 * @returns the digest of what was stored
 * @throws VOID_UNFOUNDED, VOID_UNSIGNED
 */
export function keepVoid<Tx>(
  ports: Pick<WithdrawalPorts<Tx>, "findDocuments" | "policiesSince" | "saveDocument">,
  tx: Tx,
  document: VoidDocument,
  { intent, policy }: { readonly intent: Intent; readonly policy: PolicyDocument },
): Digest {
  assertBelongs(document, { network: policy.body.network, custody: custodyId(policy) });
  const { family, signer, epoch } = document.body;
  // All of its names: a void of a twin that shares one of them says nothing of attempts under the other.
  if (familyKeys(family).join() !== familyKeys(familyOf(intent)).join()) throw unfounded();
  // Its maker may have been restored since: what the earlier epoch has closed stays closed. An epoch that is younger than
  // the family does not know what was signed before it (law 7), whatever birth the paper said that was held up to it.
  const keys = policiesSince(ports, tx, 1)
    .flatMap(({ signers }) => signers)
    .filter((candidate) => candidate.name === signer && candidate.epoch === epoch)
    .filter(({ since }) => since <= intent.born)
    .map(({ key }) => key);
  const own = document.signatures.filter(
    (signature) => keys.includes(signature.by) && verifySignature(document.digest, signature),
  );
  if (own.length > 0) return ports.saveDocument(tx, { ...document, signatures: own });
  throw VOID_UNSIGNED(
    `the void is not signed by signer ${signer}, epoch ${epoch}, as a policy named it when the intent was born`,
    {
      field: "void.signatures",
      hint: "take the file as the signer wrote it",
    },
  );
}

function unfounded() {
  return VOID_UNFOUNDED("no intent here belongs to the family that this void closes", {
    field: "void.family",
    hint: "import it at the online host that exported the intent",
  });
}
