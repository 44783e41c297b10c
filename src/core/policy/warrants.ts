/** Who may allow the online host what one person may not: two persons of one role, for one act each time. */
import { canonicalText } from "../canonical.ts";
import { counted as countOf } from "../count.ts";
import type { WarrantAct, WarrantDocument } from "../documents/warrant.ts";
import { declareError } from "../errors.ts";
import type { Instant } from "../instant.ts";
import { countSignatures, type Counted } from "./counting.ts";
import { isWatcherCode } from "./halts.ts";
import type { Policy, Role } from "./policy.ts";

export const WARRANT_UNSIGNED = declareError(
  "WARRANT_UNSIGNED",
  "denied",
  "An act that takes two persons was not signed by two who may.",
);
export const WARRANT_OTHER_ACT = declareError(
  "WARRANT_OTHER_ACT",
  "denied",
  "A warrant allows another act, or the same one in another case, than what is asked for.",
);
export const WARRANT_EXPIRED = declareError(
  "WARRANT_EXPIRED",
  "denied",
  "A warrant has expired, or was signed under a policy that counts no more.",
);

/** Distinct persons that every warrant needs. */
export const WARRANT_QUORUM = 2;

/** In whose hands each act lies. What decides what the books are is the admins'. */
const WARRANT_ROLE: Readonly<Record<WarrantAct["do"], Role>> = {
  block: "compliance",
  unblock: "compliance",
  unhold: "compliance",
  requeue: "approver",
  drop: "approver",
  lift: "approver",
  reconcile: "admin",
  "book-loss": "admin",
  paid: "admin",
  unpaid: "admin",
  unsettle: "admin",
  credit: "admin",
  uncredit: "admin",
};

/** Every role that some act lies with. */
export const WARRANT_ROLES: readonly Role[] = [...new Set(Object.values(WARRANT_ROLE))];

export function warrantRole(act: WarrantAct): Role {
  // What the watcher has stopped this host for says that books and chain may differ, as every act does that is the admins'.
  if (act.do === "lift" && isWatcherCode(act.code)) return "admin";
  return WARRANT_ROLE[act.do];
}

/** Distinct persons whose signature on `warrant` counts under `policy`. */
export function warrantedBy(policy: Policy, warrant: WarrantDocument): readonly Counted[] {
  return countSignatures(policy, warrantRole(warrant.body.act), warrant);
}

/**
 * Asserts that two persons have allowed exactly `act`. Whether the warrant belongs to this custody is the caller's
 * business (`assertBelongs`).
 * @returns who allowed it
 * @throws WARRANT_OTHER_ACT, WARRANT_EXPIRED, WARRANT_UNSIGNED
 */
export function assertWarranted(
  policy: Policy,
  warrant: WarrantDocument,
  act: WarrantAct,
  now: Instant,
): readonly Counted[] {
  const { body } = warrant;
  if (canonicalText(body.act) !== canonicalText(act)) {
    throw WARRANT_OTHER_ACT(
      `the warrant allows ${canonicalText(body.act)}, asked for is ${canonicalText(act)}`,
      {
        field: "warrant.act",
        hint: "custody desk review FILE   (shows what it allows)",
      },
    );
  }
  const current = body.policy >= policy.approvalsSince && body.policy <= policy.number;
  if (!current || now > body.expires) {
    throw WARRANT_EXPIRED(
      current
        ? `the warrant expired at ${body.expires}`
        : `the warrant is of policy number ${body.policy}, number ${policy.number} is in force`,
      { field: "warrant.expires", hint: "draft it anew and have it signed again" },
    );
  }
  const persons = warrantedBy(policy, warrant);
  if (persons.length >= WARRANT_QUORUM) return persons;
  const role = warrantRole(body.act);
  throw WARRANT_UNSIGNED(
    `the warrant asks for ${WARRANT_QUORUM} persons with role ${role}, has ${countOf(persons.length, "signature")}`,
    {
      field: "warrant.signatures",
      hint: "custody desk sign FILE --as warrant --identity NAME.key --out FILE   (by another person, over the same file)",
    },
  );
}
