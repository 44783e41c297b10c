/**
 * Stop and go: a halt by one person, a resume by a quorum (law 13), imported and obeyed here as at the signers; and flags,
 * which this host alone knows and obeys.
 */
import { assertBelongs, type Document } from "../../core/document.ts";
import { HALT, RESUME, type HaltDocument, type ResumeDocument } from "../../core/documents/halt.ts";
import { declareError } from "../../core/errors.ts";
import { countSignatures, withCountedSignatures } from "../../core/policy/counting.ts";
import { covers, HALT_ROLES, haltOver, isHalt, scopeText, type Haltable } from "../../core/policy/halts.ts";
import { custodyId, type PolicyDocument } from "../../core/policy/policy.ts";
import { haltsNow } from "../deciding/evidence.ts";
import type { WithdrawalPorts } from "../ports.ts";

export const HALTED = declareError("HALTED", "denied", "A halt is in force over what was asked for.");

export const HALT_UNSIGNED = declareError(
  "HALT_UNSIGNED",
  "verification",
  "A halt or resume carries no valid signature of anybody who may make it.",
);
export const HALT_UNKNOWN = declareError(
  "HALT_UNKNOWN",
  "notFound",
  "A resume names a halt that is not here.",
);

export const RESUME_POLICY = declareError(
  "RESUME_POLICY",
  "conflict",
  "A resume was made under another policy than the one in force.",
);

type Ports<Tx> = Pick<WithdrawalPorts<Tx>, "saveDocument" | "findDocument">;

type HaltPorts<Tx> = Pick<
  WithdrawalPorts<Tx>,
  "findDocuments" | "documentDigests" | "policiesSince" | "haltFlags"
>;

/** Why nothing new may be built, exported or sent of `what`: a halt, or a flag. Undefined when nothing stops it. */
export function whyHalted<Tx>(ports: HaltPorts<Tx>, tx: Tx, what: Haltable): string | undefined {
  const halt = haltOver(haltsNow(ports, tx), what);
  if (halt !== undefined) {
    const { id, code, scope } = halt.body;
    return `halt ${id} (${code}) over ${scopeText(scope)} is in force`;
  }
  const flag = ports.haltFlags(tx).find(({ scope }) => covers(scope, what));
  if (flag === undefined) return undefined;
  const { code, scope, raisedBy } = flag;
  return `${raisedBy} has halted ${scopeText(scope)} (${code}) on this host`;
}

/** Asserts that neither a halt nor a flag stops `what`. @throws HALTED */
export function assertNotHalted<Tx>(ports: HaltPorts<Tx>, tx: Tx, what: Haltable, field: string): void {
  const why = whyHalted(ports, tx, what);
  if (why === undefined) return;
  throw HALTED(why, { field, hint: "custody emergency resume   (says who ends it)" });
}

/**
 * Stores a halt; it is in force at once. Nobody has to log in to bring one, so that it is written once for each person who
 * has signed it: the same signatures in ever another choice or order would fill disk and audit log.
 * @throws HALT_UNSIGNED
 */
export function importHalt<Tx>(ports: Ports<Tx>, tx: Tx, halt: HaltDocument, policy: PolicyDocument): void {
  assertBelongs(halt, { network: policy.body.network, custody: custodyId(policy) });
  if (!isHalt(policy.body, halt)) throw unsigned(halt, HALT_ROLES.join(", "));
  const kept = withCountedSignatures(policy.body, HALT_ROLES, halt);
  const known = new Set(ports.findDocument(tx, HALT, halt.digest)?.signatures.map(({ by }) => by));
  if (kept.signatures.some(({ by }) => !known.has(by))) ports.saveDocument(tx, kept);
}

export type Resumed = { readonly halt: HaltDocument; readonly signed: number; readonly needed: number };

/**
 * Stores signatures under a resume. Two approvers sign at two desks: the halt ends when the quorum's are together. All of
 * them sign under one policy, the one in force, so that the end of a halt does not hang on who comes or leaves later.
 * @throws HALT_UNKNOWN, HALT_UNSIGNED, RESUME_POLICY
 */
export function importResume<Tx>(
  ports: Ports<Tx>,
  tx: Tx,
  resume: ResumeDocument,
  policy: PolicyDocument,
): Resumed {
  assertBelongs(resume, { network: policy.body.network, custody: custodyId(policy) });
  const halt = ports.findDocument(tx, HALT, resume.body.halt);
  if (halt === undefined) {
    throw HALT_UNKNOWN("no halt here has the digest that this resume names", {
      field: "resume.halt",
      hint: "custody status   (shows the halts in force)",
    });
  }
  if (resume.body.policy !== policy.body.number) {
    throw RESUME_POLICY(
      `the resume was made under policy number ${resume.body.policy}, number ${policy.body.number} is in force`,
      { field: "resume.policy", hint: "custody emergency resume   (makes one under the policy in force)" },
    );
  }
  const kept = withCountedSignatures(policy.body, ["approver"], resume);
  if (kept.signatures.length === 0) throw unsigned(resume, "approver");
  ports.saveDocument(tx, kept);
  const together = ports.findDocument(tx, RESUME, resume.digest) ?? kept;
  return {
    halt,
    signed: countSignatures(policy.body, "approver", together).length,
    needed: policy.body.quorums.resume,
  };
}

function unsigned({ body }: Document<HaltDocument["body"] | ResumeDocument["body"]>, roles: string) {
  return HALT_UNSIGNED(
    `nobody with role ${roles} in the active policy has validly signed this ${body.kind}`,
    {
      field: `${body.kind}.signatures`,
      hint: "custody policy show   (who holds which role)",
    },
  );
}
