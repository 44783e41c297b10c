import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { countField, digestField, idField, instantField, nameField } from "../fields.ts";

/** What a warrant allows, with everything that tells one case from another: it is good for that case alone. */
const actField = z.discriminatedUnion("do", [
  /** The funds of a withdrawal on hold are frozen: compliance has confirmed a hit. */
  z.strictObject({ do: z.literal("block"), withdrawal: idField, code: nameField }),
  /** A frozen withdrawal goes back to where compliance looks at it. */
  z.strictObject({ do: z.literal("unblock"), withdrawal: idField, code: nameField }),
  /** A dead letter is tried again. `attempts`: how often it had failed, so that each warrant is good for one more round. */
  z.strictObject({
    do: z.literal("requeue"),
    letter: idField,
    attempts: countField(1_000_000),
  }),
  /** A dead letter is put away unsolved. */
  z.strictObject({ do: z.literal("drop"), letter: idField, attempts: countField(1_000_000) }),
  /** A halt that the online host alone knows is over. */
  z.strictObject({ do: z.literal("lift"), flag: idField, code: nameField }),
  /**
   * A database is taken for true again after a restore, or after it was found to differ from the chain or a signer.
   * `size` and `root`: its audit tree when people looked; `report`: digest of what they were shown.
   */
  z.strictObject({
    do: z.literal("reconcile"),
    size: countField(Number.MAX_SAFE_INTEGER),
    root: digestField,
    report: digestField,
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
