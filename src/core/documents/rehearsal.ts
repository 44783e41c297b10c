import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { countField, digestField, hexField } from "../fields.ts";
import { LIMITS } from "../limits.ts";

/**
 * A trip across the gap for practice, of a person or of a new camera. It carries no signature, no reader counts it for
 * anything, and no field of it could hold what a receipt holds: however it is wrapped, it cannot be taken for one.
 */
export const REHEARSAL = documentType(
  "rehearsal",
  {
    content: z.discriminatedUnion("type", [
      /** Made online to be carried: noise, so that it has as many frames as a real document of its size. */
      z.strictObject({ type: z.literal("sent"), noise: hexField }),
      /** What arrived at the signer: SHA-256 of the very bytes, and how many they were. */
      z.strictObject({
        type: z.literal("answer"),
        to: z.enum(["request", "rehearsal"]),
        arrived: digestField,
        bytes: countField(LIMITS.documentBytesMax, 1),
      }),
    ]),
  },
  { signed: false, custody: "optional" },
);

export type Rehearsal = BodyOf<typeof REHEARSAL>;
export type RehearsalDocument = Document<Rehearsal>;
/** What every reader says of one. */
export const REHEARSED = "this was a rehearsal: nothing is signed";
