import * as z from "zod";
import { documentType, type BodyOf, type Document } from "../document.ts";
import { countField, digestField, parsed } from "../fields.ts";
import { LIMITS } from "../limits.ts";
import { parseProgramVersion } from "../program-version.ts";

/** As node calls itself: `linux-x64`. */
const platformField = z
  .string()
  .regex(/^[a-z0-9]{1,16}-[a-z0-9]{1,16}$/, "is not a platform such as linux-x64");
const bytesField = countField(LIMITS.programBytesMax, 1);

/**
 * One release of the signer's program, as people built it on machines of their own and found the same: what an
 * installed signer compares a new file with before it is put in its own place.
 */
export const BUILD = documentType("build", {
  program: parsed(parseProgramVersion),
  /** The script that node runs. */
  file: z.strictObject({ sha256: digestField, bytes: bytesField }),
  /** The same script inside a copy of node, one for each platform; empty where none is used. */
  executables: z
    .array(z.strictObject({ platform: platformField, sha256: digestField, bytes: bytesField }))
    .max(LIMITS.buildNodesMax),
  /** The programs called node that may run the script. */
  nodes: z
    .array(
      z.strictObject({ platform: platformField, version: parsed(parseProgramVersion), sha256: digestField }),
    )
    .min(1)
    .max(LIMITS.buildNodesMax),
  /** Lowest version of the keystore's files that this release can open. */
  keystore: countField(100, 1),
});

export type Build = BodyOf<typeof BUILD>;
export type BuildDocument = Document<Build>;
