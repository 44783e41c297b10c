import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { chainField, countField, digestField, idField, nameField } from "../fields.ts";

/** What a halt stops: every signature, those of one chain's wallets, or those of one wallet. */
const scopeField = z.discriminatedUnion("of", [
  z.strictObject({ of: z.literal("everything") }),
  z.strictObject({ of: z.literal("chain"), chain: chainField }),
  z.strictObject({ of: z.literal("wallet"), wallet: nameField }),
]);

/** One person stops signatures; a signer that has imported it obeys until a quorum resumes (law 13). */
export const HALT = documentType("halt", {
  id: idField,
  scope: scopeField,
  /** Reason code. */
  code: nameField,
  policy: countField(1_000_000, 1),
});

/** The resume quorum ends one halt. */
export const RESUME = documentType("resume", { halt: digestField, policy: countField(1_000_000, 1) });

export type Halt = BodyOf<typeof HALT>;
export type HaltScope = Halt["scope"];
export type HaltDocument = Document<Halt>;
export type Resume = BodyOf<typeof RESUME>;
export type ResumeDocument = Document<Resume>;
