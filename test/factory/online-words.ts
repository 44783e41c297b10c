/** What people and signers say to the online host of the fixtures: documents over one payment of a desk. */
import { makeDocument } from "../../src/core/document.ts";
import { CLEARANCE, type Clearance, type ClearanceDocument } from "../../src/core/documents/clearance.ts";
import { familyOf, type SignedAttempt } from "../../src/core/documents/family.ts";
import { HALT, RESUME, type HaltDocument, type ResumeDocument } from "../../src/core/documents/halt.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import { VOID, type VoidDocument } from "../../src/core/documents/void.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import type { Policy } from "../../src/core/policy/policy.ts";
import type { Desk } from "../attack/online.ts";
import { header, policyBody, row, signedDocument } from "./documents.ts";
import { at, castMember, fixtureId, SIGNER, type Cast } from "./identities.ts";

/** A person of compliance, whom the fixtures' own policy does not name. */
export const CARL = castMember("carl", "Carl Compliance");

/** Changes to the fixtures' policy: its small band with `changes`, and Carl. */
export function strict(changes: Partial<Policy["rows"][number]>): Partial<Policy> {
  const body = policyBody();
  return {
    identities: [
      ...body.identities,
      { name: CARL.name, person: CARL.person, key: CARL.key, alg: "ed25519", roles: ["compliance"] },
    ],
    rows: [row("small", "0", "100000000", 1, changes)],
    quorums: { ...body.quorums, resume: 2 },
  };
}

export function clearance(
  { custody }: Desk,
  intents: readonly IntentDocument[],
  changes: Partial<Clearance> = {},
  signers: readonly Cast[] = [CARL],
): ClearanceDocument {
  const body: Clearance = {
    ...header("clearance"),
    custody: custody.id,
    decision: "clear",
    code: "basic" as Name,
    intents: intents.map(({ digest }) => digest),
    policy: 1,
    expires: at("18:00:00"),
    ...changes,
  };
  return signedDocument(makeDocument(CLEARANCE, body), signers, at("09:01:00"));
}

export function halt({ custody }: Desk, by: Cast, wallet?: string): HaltDocument {
  const scope =
    wallet === undefined
      ? ({ of: "everything" } as const)
      : ({ of: "wallet", wallet: wallet as Name } as const);
  const body = {
    ...header("halt"),
    custody: custody.id,
    id: fixtureId(`halt ${wallet}`),
    scope,
    code: "odd" as Name,
    policy: 1,
  };
  return signedDocument(makeDocument(HALT, body), [by], at("09:02:00"));
}

export function resume({ custody }: Desk, of: HaltDocument, signers: readonly Cast[]): ResumeDocument {
  const body = { ...header("resume"), custody: custody.id, halt: of.digest, policy: 1 };
  return signedDocument(makeDocument(RESUME, body), signers, at("09:04:00"));
}

/** A signer's word that it has closed the family, and what it had signed of it. */
export function voided(
  { custody }: Desk,
  intent: IntentDocument,
  attempts: readonly SignedAttempt[] = [],
  signer: Cast = SIGNER,
  when: Instant = at("09:40:00"),
): VoidDocument {
  const body = {
    ...header("void"),
    custody: custody.id,
    family: familyOf(intent.body),
    signer: signer.name,
    epoch: 1,
    policy: 1,
    attempts: [...attempts],
  };
  return signedDocument(makeDocument(VOID, body), [signer], when);
}
