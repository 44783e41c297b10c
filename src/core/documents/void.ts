import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { countField, nameField } from "../fields.ts";
import { attemptField, familyField } from "./family.ts";

/**
 * A signer closes an intent's family: it names every attempt of it that it has signed, and will never sign another.
 * A hold is released only when n - m + 1 distinct wallet keys have done so and every attempt listed is dead (law 3).
 */
export const VOID = documentType("void", {
  family: familyField,
  signer: nameField,
  epoch: countField(1_000_000, 1),
  policy: countField(1_000_000, 1),
  attempts: z.array(attemptField).max(1000),
});

export type Void = BodyOf<typeof VOID>;
export type VoidDocument = Document<Void>;
