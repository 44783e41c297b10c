/** G2: everything belongs to this custody, and an operator's session, delegated by a person, asks for it. */
import { assertBelongs, type Document, type DocumentHeader } from "../../src/core/document.ts";
import { lendsTooLong } from "../../src/core/documents/delegation.ts";
import { declareRule } from "../../src/core/gate.ts";
import { addSeconds } from "../../src/core/instant.ts";
import type { PolicyIdentity } from "../../src/core/policy/policy.ts";
import { identityNamed } from "../../src/core/policy/roles.ts";
import { verifySignature } from "../../src/core/signature.ts";
import type { Container } from "./g1-container.ts";
import { refusingAt } from "./refuse.ts";
import { timeOf, type SignerState } from "./state.ts";

const OPERATOR_UNKNOWN = declareRule(
  "G2",
  "OPERATOR_UNKNOWN",
  "the delegation names nobody with role operator.",
);
const DELEGATION_UNSIGNED = declareRule(
  "G2",
  "DELEGATION_UNSIGNED",
  "the delegation is not signed by the operator it names.",
);
const DELEGATION_NOT_IN_FORCE = declareRule(
  "G2",
  "DELEGATION_NOT_IN_FORCE",
  "the delegation has expired or has not begun.",
);
const DELEGATION_TOO_LONG = declareRule(
  "G2",
  "DELEGATION_TOO_LONG",
  "the delegation lends a session key for longer than a day.",
);
const REQUEST_UNSIGNED = declareRule(
  "G2",
  "REQUEST_UNSIGNED",
  "the request does not carry exactly one valid signature of the delegated session key.",
);
const REQUEST_SIGNED_OUTSIDE = declareRule(
  "G2",
  "REQUEST_SIGNED_OUTSIDE",
  "the request was signed at a time outside its delegation.",
);

const NEW_SESSION =
  "custody session new --out key.json; sign its delegation at the operator's desk, then export again";

/** @returns the operator who lent the session key @throws Refusal of G2 */
export function assertAuthentic(container: Container, state: SignerState): PolicyIdentity {
  const { request, parts } = container;
  const embedded: readonly Document<DocumentHeader>[] = [
    parts.delegation,
    ...parts.plans,
    ...parts.intents,
    ...parts.superseded,
    ...parts.beneficiaries,
    ...parts.approvals,
    ...parts.clearances,
    ...parts.dead,
  ];
  refusingAt("G2", () => [request, ...embedded].forEach((document) => assertBelongs(document, state)));
  const operator = assertDelegation(container, state);
  assertRequestSignature(container);
  return operator;
}

function assertDelegation({ request, parts: { delegation } }: Container, state: SignerState): PolicyIdentity {
  const { operator: name, notBefore, expires } = delegation.body;
  const policy = state.policy.body;
  const operator = identityNamed(policy, name);
  if (operator === undefined || !operator.roles.includes("operator")) {
    const newer = request.body.policy > policy.number;
    throw OPERATOR_UNKNOWN(`${name} does not hold role operator in policy number ${policy.number}`, {
      field: "delegation.operator",
      hint: newer ? `custody-signer policy pin --in policy-${request.body.policy}.json` : NEW_SESSION,
    });
  }
  const signed = delegation.signatures.some(
    (signature) =>
      signature.by === operator.key &&
      signature.alg === operator.alg &&
      verifySignature(delegation.digest, signature),
  );
  if (!signed) {
    throw DELEGATION_UNSIGNED(`the delegation is not signed by ${name}`, {
      field: "delegation.signatures",
      hint: NEW_SESSION,
    });
  }
  // A desk refuses to sign a longer one; a stolen session key must not be good for years because a desk was careless.
  if (lendsTooLong(delegation.body)) {
    throw DELEGATION_TOO_LONG(`the delegation holds from ${notBefore} to ${expires}`, {
      field: "delegation.expires",
      hint: NEW_SESSION,
    });
  }
  const now = timeOf(state);
  if (now > expires || addSeconds(now, policy.clockToleranceSeconds) < notBefore) {
    throw DELEGATION_NOT_IN_FORCE(
      `the delegation is in force from ${notBefore} to ${expires}, it is ${now}`,
      {
        field: "delegation.expires",
        hint: NEW_SESSION,
      },
    );
  }
  return operator;
}

function assertRequestSignature({ request, parts: { delegation } }: Container): void {
  const { session, notBefore, expires } = delegation.body;
  const [signature, ...others] = request.signatures;
  const valid =
    signature !== undefined &&
    others.length === 0 &&
    signature.by === session &&
    // A session key lives in the online host's memory; no security key is touched for a request.
    signature.alg === "ed25519" &&
    verifySignature(request.digest, signature);
  if (!valid) {
    throw REQUEST_UNSIGNED("the request is not signed by the session key of its delegation", {
      field: "request.signatures",
      hint: "export the request again: it was changed after it was signed, or signed by another session",
    });
  }
  if (signature.at < notBefore || signature.at > expires) {
    throw REQUEST_SIGNED_OUTSIDE(
      `the request was signed at ${signature.at}, its delegation holds from ${notBefore} to ${expires}`,
      {
        field: "request.signatures",
        hint: NEW_SESSION,
      },
    );
  }
}
