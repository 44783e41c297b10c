/** Gathers everything that the online host keeps about one withdrawal into a file of evidence. It only reads. */
import { rungAt, rungOf } from "../chains/attempts.ts";
import { documentBytes, embed, makeDocument, type Document, type DocumentHeader } from "../core/document.ts";
import { assetFacts } from "../core/asset.ts";
import { APPROVAL } from "../core/documents/approval.ts";
import { BENEFICIARY } from "../core/documents/beneficiary.ts";
import { CLEARANCE } from "../core/documents/clearance.ts";
import { DEAD } from "../core/documents/dead.ts";
import { EVIDENCE, type Evidence, type EvidenceDocument } from "../core/documents/evidence.ts";
import { HALT, RESUME } from "../core/documents/halt.ts";
import { INTENT, type IntentDocument } from "../core/documents/intent.ts";
import { PLAN } from "../core/documents/plan.ts";
import { RECEIPT, type ReceiptDocument } from "../core/documents/receipt.ts";
import { REQUEST } from "../core/documents/request.ts";
import { VOID } from "../core/documents/void.ts";
import type { Digest } from "../core/digest.ts";
import { parseDigest } from "../core/digest.ts";
import { assert, declareError } from "../core/errors.ts";
import { toHex } from "../core/hex.ts";
import type { Id } from "../core/identifier.ts";
import type { Instant } from "../core/instant.ts";
import { LIMITS } from "../core/limits.ts";
import { covers } from "../core/policy/halts.ts";
import { custodyId, POLICY, type PolicyDocument } from "../core/policy/policy.ts";
import { isFileSource } from "../core/signature-source.ts";
import { FURTHEST_FIRST } from "../core/states/attempt.ts";
import type { EvidencePorts, KeptAttempt } from "./ports.ts";

export const EVIDENCE_TOO_LARGE = declareError(
  "EVIDENCE_TOO_LARGE",
  "invalid",
  "What is kept about a withdrawal does not fit into one file of evidence.",
);

type Kept = { readonly id: Id; readonly digest: Digest; readonly wallet: string };

/**
 * Gathers evidence. The caller reads at once, so that rows and root are of one moment.
 * @throws EVIDENCE_TOO_LARGE, WITHDRAWAL_UNKNOWN, AUDIT_BROKEN
 */
export function collectEvidence<Reader>(
  ports: EvidencePorts<Reader>,
  reader: Reader,
  id: Id,
  now: Instant,
): EvidenceDocument {
  const policies = policiesOf(ports, reader);
  const [first] = policies as [PolicyDocument];
  const last = policies[policies.length - 1] as PolicyDocument;
  const intents = intentsOf(ports, reader, id);
  const plans = ports.plansOfWithdrawal(reader, id);
  const all = <Body extends DocumentHeader>(type: Parameters<typeof ports.findDocuments<Body>>[1]) =>
    ports.findDocuments(reader, type, ports.documentDigests(reader, type.kind));
  const said = <Body extends DocumentHeader>(type: Parameters<typeof ports.findDocuments<Body>>[1]) =>
    ports.findDocuments(reader, type, ports.decisionsOf(reader, id, type.kind));
  const { chain } = assetFacts((intents.at(-1) as IntentDocument).body.asset);
  const over = [undefined, ...plans.map(({ wallet }) => wallet)].map((wallet) => ({ wallet, chain }));
  const halts = all(HALT).filter(({ body }) => over.some((what) => covers(body.scope, what)));
  const digests = new Set(plans.map(({ digest }) => digest));
  const receipts = plans.flatMap((plan) => ports.receiptsOf(reader, plan.id).map(({ receipt }) => receipt));
  const signed = inOrder(ports, reader, ports.findDocuments(reader, RECEIPT, [...new Set(receipts)]));
  const requests = [...new Set(plans.flatMap((plan) => ports.requestsOf(reader, plan.id)))];
  const attempts = plans.flatMap((plan) => ports.attemptsOf(reader, plan.id));
  // Of a plan that this database has lost, signers' voids are the record (F9).
  const listed = new Set(said(VOID).flatMap(({ body }) => body.attempts.map(({ plan }) => plan)));
  const document = makeDocument<Evidence>(EVIDENCE, {
    kind: "evidence",
    version: 1,
    network: first.body.network,
    custody: custodyId(first),
    withdrawal: id,
    made: now,
    policies: policies.map((policy) => ({
      policy: embed(policy),
      releases: releasesOf(policies, policy, () => all(APPROVAL)).map((release) => embed(release)),
    })),
    intents: embedAll(intents),
    beneficiaries: embedAll(ports.findDocuments(reader, BENEFICIARY, beneficiariesOf(intents))),
    approvals: embedAll(said(APPROVAL)),
    clearances: embedAll(said(CLEARANCE)),
    halts: embedAll(halts),
    resumes: embedAll(all(RESUME).filter(({ body }) => halts.some(({ digest }) => digest === body.halt))),
    requests: embedAll(ports.findDocuments(reader, REQUEST, requests)),
    receipts: embedAll(signed),
    partials: plans.flatMap((plan) => partialsOf(ports, reader, plan, signed)),
    voids: embedAll(said(VOID)),
    dead: embedAll(all(DEAD).filter(({ body }) => digests.has(body.plan) || listed.has(body.plan))),
    ...settlementOf(plans, attempts),
    audit: auditOf(ports, reader, id, { plans, attempts, signed, epoch: last.body.audit.epoch }),
  });
  const { length } = documentBytes(document);
  if (length <= EVIDENCE.bytesMax) return document;
  throw EVIDENCE_TOO_LARGE(`the evidence has ${length} bytes, a file of it holds ${EVIDENCE.bytesMax}`, {
    field: "evidence",
    hint: `custody withdraw show ${id}   (its plan left in many requests: hand them over one by one)`,
  });
}

function embedAll<Body extends DocumentHeader>(documents: readonly Document<Body>[]) {
  return documents.slice(0, LIMITS.evidenceDocumentsMax).map((document) => embed(document));
}

function policiesOf<Reader>(ports: EvidencePorts<Reader>, reader: Reader): readonly PolicyDocument[] {
  const digests = ports.policiesSince(reader, 1).map(({ digest }) => digest);
  const policies = ports.findDocuments(reader, POLICY, [...digests].reverse());
  assert(policies.length > 0, "a withdrawal was asked for under a policy");
  return policies;
}

// Only a recovery needs any, and number 1 says whether there can be one.
function releasesOf<Body extends DocumentHeader & { readonly intent: Digest }>(
  [first]: readonly PolicyDocument[],
  { digest }: PolicyDocument,
  approvals: () => readonly Document<Body>[],
): readonly Document<Body>[] {
  return first?.body.recovery === undefined ? [] : approvals().filter(({ body }) => body.intent === digest);
}

function intentsOf<Reader>(ports: EvidencePorts<Reader>, reader: Reader, id: Id): readonly IntentDocument[] {
  const { intent: digest } = ports.getWithdrawal(reader, id);
  const intent = digest === undefined ? undefined : ports.findDocument(reader, INTENT, digest);
  assert(intent !== undefined, "an admitted withdrawal has an intent");
  return [...ports.findDocuments(reader, INTENT, [...intent.body.supersedes].reverse()), intent];
}

function beneficiariesOf(intents: readonly IntentDocument[]): readonly Digest[] {
  return [...new Set(intents.flatMap(({ body }) => (body.type === "withdrawal" ? [body.beneficiary] : [])))];
}

function inOrder<Reader>(
  ports: EvidencePorts<Reader>,
  reader: Reader,
  receipts: readonly ReceiptDocument[],
): readonly ReceiptDocument[] {
  return receipts
    .map((receipt) => ({ receipt, at: ports.beganAt(reader, { entity: "receipt", id: receipt.digest }) }))
    .sort((a, b) => a.at - b.at)
    .map(({ receipt }) => receipt);
}

function partialsOf<Reader>(
  ports: EvidencePorts<Reader>,
  reader: Reader,
  { id, digest }: Kept,
  receipts: readonly ReceiptDocument[],
): Evidence["partials"] {
  const plan = ports.findDocument(reader, PLAN, digest)?.body;
  const receivedAt = receipts.map((receipt) =>
    ports.beganAt(reader, { entity: "receipt", id: receipt.digest }),
  );
  return ports
    .rungSignaturesOf(reader, id)
    .filter(({ source }) => isFileSource(source))
    .map(({ rung, source, signatures }) => {
      const at = ports.beganAt(reader, { entity: "rung-signature", id: `${id}:${rung}:${source}` });
      return {
        plan: digest,
        rung: plan === undefined ? rung : rungAt(plan, rung),
        afterReceipts: receivedAt.filter((received) => received < at).length,
        signatures: [...signatures],
        at,
      };
    })
    .sort((a, b) => a.at - b.at)
    .map(({ at: _, ...partial }) => partial);
}

/** The attempt that has come furthest; none while nothing was sent. */
function settlementOf(
  plans: readonly Kept[],
  attempts: readonly KeptAttempt[],
): Pick<Evidence, "settlement"> | undefined {
  const sent = FURTHEST_FIRST.filter((state) => state !== "SIGNED");
  const found = sent.flatMap((state) => attempts.filter((attempt) => attempt.state === state));
  // One that failed in its block has settled nothing: a later generation's has, where there is one (F18).
  const best = found.find((attempt) => !hasFailed(attempt)) ?? found[0];
  const plan = plans.find(({ id }) => id === best?.plan);
  if (best === undefined || plan === undefined) return undefined;
  const { txid, bytes, block, confirmationsSeen } = best;
  return {
    settlement: {
      plan: plan.digest,
      rung: rungOf(best),
      transaction: txid,
      bytes: toHex(bytes),
      ...(hasFailed(best) && { withoutEffect: true }),
      ...(block === undefined
        ? {}
        : {
            block: {
              hash: parseDigest(block.hash, "block.hash"),
              height: block.height,
              confirmations: confirmationsSeen,
            },
          }),
    },
  };
}

const hasFailed = ({ state, effect }: KeptAttempt): boolean => state === "FINAL" && effect?.failed === true;

type About = {
  readonly plans: readonly Kept[];
  readonly attempts: readonly KeptAttempt[];
  readonly signed: readonly ReceiptDocument[];
  readonly epoch: number;
};

function auditOf<Reader>(
  ports: EvidencePorts<Reader>,
  reader: Reader,
  withdrawal: Id,
  { plans, attempts, signed, epoch }: About,
): Evidence["audit"] {
  const postings = ports
    .postingsAbout(reader, withdrawal)
    .map(({ subject, reason, turn }) => ({ entity: "posting", id: `${subject}:${reason}:${turn}` }));
  const { size, root, rows } = ports.proveRowsAbout(reader, [
    { entity: "withdrawal", id: withdrawal },
    ...ports.decisionSubjects(reader, withdrawal).map((id) => ({ entity: "decision", id })),
    ...plans.map(({ id }) => ({ entity: "plan", id })),
    ...attempts.map(({ id }) => ({ entity: "attempt", id })),
    ...postings,
  ]);
  const places = signed.flatMap(({ body: { outcome } }) =>
    outcome.type === "signed" && outcome.audit.epoch === epoch ? [outcome.audit.size] : [],
  );
  return {
    epoch,
    size,
    root,
    rows: rows.map(({ row, proof }) => ({ row, proof: [...proof] })),
    extends: [...new Set(places)]
      .sort((a, b) => a - b)
      .map((place) => ({ size: place, proof: [...ports.proveConsistency(reader, place).proof] })),
  };
}
