import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import {
  accountField,
  assetField,
  countField,
  digestField,
  idField,
  instantField,
  nameField,
  textField,
  unitsField,
} from "../fields.ts";
import { LIMITS } from "../limits.ts";

/** What a warrant allows, with everything that tells one case from another: it is good for that case alone. */
const actField = z.discriminatedUnion("do", [
  /** The funds of a withdrawal on hold are frozen: compliance has confirmed a hit. */
  z.strictObject({ do: z.literal("block"), withdrawal: idField, code: nameField }),
  /** A frozen withdrawal goes back to where compliance looks at it. */
  z.strictObject({ do: z.literal("unblock"), withdrawal: idField, code: nameField }),
  /** What somebody else has put on hold by hand is screened again. `code`: why it is held. */
  z.strictObject({ do: z.literal("unhold"), withdrawal: idField, code: nameField }),
  /** A dead letter is tried again. `attempts`: how often it had failed, so that each warrant is good for one more round. */
  z.strictObject({
    do: z.literal("requeue"),
    letter: idField,
    attempts: countField(1_000_000),
  }),
  /** A dead letter is put away unsolved. */
  z.strictObject({ do: z.literal("drop"), letter: idField, attempts: countField(1_000_000) }),
  /** A halt that the online host alone knows is over. `version`: of the flag, which takes a step each time it is raised again. */
  z.strictObject({
    do: z.literal("lift"),
    flag: idField,
    code: nameField,
    version: countField(Number.MAX_SAFE_INTEGER, 1),
  }),
  /**
   * A database is taken for true again after a restore, or after it was found to differ from the chain or a signer.
   * `size` and `root`: its audit tree when people looked; `report`: digest of what they were shown; `addresses`: receive
   * addresses of each wallet to pass over, 0 for as many as its gap says.
   */
  z.strictObject({
    do: z.literal("reconcile"),
    size: countField(Number.MAX_SAFE_INTEGER),
    root: digestField,
    report: digestField,
    addresses: countField(LIMITS.addressesPassedMax),
  }),
  /** What a transaction that is no attempt of ours took from a wallet, `units` of it, is the house's loss. */
  z.strictObject({
    do: z.literal("book-loss"),
    transaction: digestField,
    wallet: nameField,
    asset: assetField,
    units: unitsField,
  }),
  /** A transaction that is no attempt of ours has paid a withdrawal, to the unit. */
  z.strictObject({
    do: z.literal("paid"),
    withdrawal: idField,
    transaction: digestField,
    account: accountField,
    asset: assetField,
    units: unitsField,
  }),
  /** What such a transaction has paid by these outputs was not this withdrawal. */
  z.strictObject({
    do: z.literal("unpaid"),
    withdrawal: idField,
    transaction: digestField,
    coins: z.array(textField(200)).min(1).max(LIMITS.sightingsPerWarrantMax),
  }),
  /** A withdrawal is not paid by a transaction that has left the chain. `settlement`: the warrant that said that it was. */
  z.strictObject({
    do: z.literal("unsettle"),
    withdrawal: idField,
    transaction: digestField,
    settlement: digestField,
    asset: assetField,
    units: unitsField,
  }),
  /** A coin that came to an address of ours which nobody here was given is a customer's. `account`: the address. */
  z.strictObject({
    do: z.literal("credit"),
    coin: textField(200),
    account: accountField,
    customer: idField,
    asset: assetField,
    units: unitsField,
  }),
  /** A deposit that has left the chain is taken out of the books: what its customer has spent of it is owed to us. */
  z.strictObject({
    do: z.literal("uncredit"),
    coin: textField(200),
    customer: idField,
    asset: assetField,
    units: unitsField,
  }),
]);

/**
 * Two persons allow the online host one act that no single person and no session may do there. No signer reads it, and
 * nothing that it allows is a way to a signature (law 9).
 */
export const WARRANT = documentType("warrant", {
  id: idField,
  act: actField,
  policy: countField(1_000_000, 1),
  expires: instantField,
});

export type Warrant = BodyOf<typeof WARRANT>;
export type WarrantDocument = Document<Warrant>;
export type WarrantAct = Warrant["act"];
