/** What people say besides yes: halts and their ends, and that a plan is dead. */
import { makeDocument, type Document, type DocumentHeader } from "../../../src/core/document.ts";
import { DEAD, type Dead, type DeadDocument } from "../../../src/core/documents/dead.ts";
import {
  HALT,
  RESUME,
  type Halt,
  type HaltDocument,
  type ResumeDocument,
} from "../../../src/core/documents/halt.ts";
import type { SignedPlan } from "../../../src/core/documents/receipt.ts";
import type { Name } from "../../../src/core/identifier.ts";
import { signedDocument } from "../../factory/documents.ts";
import { at, fixtureDigest, fixtureId, type Cast } from "../../factory/identities.ts";
import type { House } from "./house.ts";

/** A halt; each label is another one. */
export function haltOf(
  house: House,
  label: string,
  scope: Halt["scope"],
  signers: readonly Cast[],
): HaltDocument {
  const document = makeDocument(HALT, {
    kind: "halt",
    version: 1,
    network: "regtest",
    custody: house.custody,
    id: fixtureId(label),
    scope,
    code: "odd-request" as Name,
    policy: house.policy.body.number,
  });
  return signedDocument(document, signers, at("09:10:00"));
}

export function resumeOf(house: House, halt: HaltDocument, signers: readonly Cast[]): ResumeDocument {
  const document = makeDocument(RESUME, {
    kind: "resume",
    version: 1,
    network: "regtest",
    custody: house.custody,
    halt: halt.digest,
    policy: house.policy.body.number,
  });
  return signedDocument(document, signers, at("09:12:00"));
}

/** What a plan was signed as, as far as a proof of its death says it. */
export type Buried = Pick<SignedPlan, "plan" | "conflictKeys" | "rungs">;

/** A proof of death of `plan`, true or not. */
export function deathOf(
  house: House,
  { plan, conflictKeys, rungs }: Buried,
  signers: readonly Cast[],
  changes: Partial<Dead> = {},
): DeadDocument {
  const document = makeDocument<Dead>(DEAD, {
    kind: "dead",
    version: 1,
    network: "regtest",
    custody: house.custody,
    plan,
    transactions: rungs.map(({ transaction }) => transaction),
    conflictKey: conflictKeys[0] as string,
    spentBy: fixtureDigest("another payment of ours"),
    block: { hash: fixtureDigest("block"), height: 900 },
    evidence: fixtureDigest("evidence"),
    policy: house.policy.body.number,
    ...changes,
  });
  return signedDocument(document, signers, at("09:10:00"));
}

/** The document with its first signature once more, under the name of somebody who has not made it. */
export function alsoInTheNameOf<Body extends DocumentHeader>(
  who: Cast,
  document: Document<Body>,
): Document<Body> {
  const { signatures } = document;
  const stolen = signatures.slice(0, 1).map((signature) => ({ ...signature, by: who.key }));
  return { ...document, signatures: [...signatures, ...stolen] };
}
