/** A request for a payment that a row has conditions for: delay, clearance, keys that are touched, a proof of the audit tree. */
import { consistencyProof } from "../../src/core/audit-proof.ts";
import { embed, makeDocument } from "../../src/core/document.ts";
import { BENEFICIARY, type Beneficiary } from "../../src/core/documents/beneficiary.ts";
import { CLEARANCE, type Clearance, type ClearanceDocument } from "../../src/core/documents/clearance.ts";
import type { IntentDocument } from "../../src/core/documents/intent.ts";
import type { Name } from "../../src/core/identifier.ts";
import type { Instant } from "../../src/core/instant.ts";
import { ANN, BEN, CARO, CLEA, SIGNERS } from "../attack/bench/house.ts";
import { destination, planOf, withdrawal, word, type Papers } from "../attack/bench/papers.ts";
import { signedDocument } from "../factory/documents.ts";
import { at, castMember } from "../factory/identities.ts";
import { LEAVES, place, STRICT, touched } from "./request-houses.ts";

/** A row with delay and clearance; Ben signs with a security key, and so does the customer. */
export function careful(
  changes: {
    readonly release?: Instant;
    readonly cleared?: Instant;
    readonly clearance?: Partial<Clearance>;
    readonly flags?: number;
    readonly proof?: number;
    readonly customer?: Instant;
    readonly units?: string;
  } = {},
): Papers {
  const { release = at("09:10:00"), cleared = at("09:11:00"), flags = 5, proof = 3 } = changes;
  const key = castMember("customer's own key");
  const body: Beneficiary = { ...destination(STRICT, "customer").body, customerKey: key.key };
  const unsigned = makeDocument(BENEFICIARY, body);
  const signed = signedDocument(unsigned, [ANN, CARO], at("08:10:00"));
  const customer = touched(unsigned, key, changes.customer ?? at("08:20:00"));
  const to = { ...signed, signatures: [...signed.signatures, ...customer.signatures] };
  const intent = withdrawal(STRICT, { label: "careful", to, units: changes.units ?? "20000000" });
  const ben = touched(word(STRICT, intent, BEN), BEN, at("09:00:00"), { flags });
  const released = word(STRICT, intent, CARO, { decision: "release" }, release);
  return {
    plans: [planOf(STRICT, [{ intent, to }], { sets: ["a", "b"] })],
    intents: [intent],
    beneficiaries: [to],
    approvals: [word(STRICT, intent, ANN), ben, released],
    body: {
      clearances: [embed(clearanceOf(intent, cleared, changes.clearance))],
      audit: {
        ...place(5),
        extends: [{ signer: SIGNERS[0].who.name, size: 3, proof: [...consistencyProof(LEAVES, proof)] }],
      },
    },
  };
}

function clearanceOf(
  intent: IntentDocument,
  when: Instant,
  changes: Partial<Clearance> = {},
): ClearanceDocument {
  const { version, network, custody } = intent.body;
  const body: Clearance = {
    kind: "clearance",
    version,
    network,
    custody,
    decision: "clear",
    code: "standard" as Name,
    intents: [intent.digest],
    policy: 1,
    expires: at("18:00:00"),
    ...changes,
  };
  return signedDocument(makeDocument(CLEARANCE, body), [CLEA], when);
}
