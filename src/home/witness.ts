/**
 * The witness: a small file beside the database that says how far its audit tree had come. A database file that was copied
 * back is whole in itself; only something that was not copied with it can tell that it is old (failures F9, F26).
 */
import {
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import * as z from "zod";
import { canonicalBytes } from "../core/canonical.ts";
import type { Network } from "../core/chain.ts";
import { countField, digestField, idField, networkField } from "../core/fields.ts";
import type { Id } from "../core/identifier.ts";
import { auditHead } from "../store/audit.ts";
import { rootAt } from "../store/audit-proof.ts";
import { activePolicy } from "../store/policies.ts";
import { instanceOf, type Quarantine } from "../store/quarantine.ts";
import type { Reader } from "../store/statement.ts";
import { asFileError, syncFolder } from "../terminal/files.ts";

const witnessSchema = z.strictObject({
  network: networkField,
  instance: idField,
  size: countField(Number.MAX_SAFE_INTEGER),
  root: digestField.optional(),
});

export type Witness = z.output<typeof witnessSchema>;

/** What the witness gives reason to doubt: what a quarantine is opened for. */
export type Doubt = Pick<Quarantine, "cause" | "subject" | "detail">;

const BYTES_MAX = 4096;

export function witnessFile(home: string, network: Network): string {
  return join(home, `instance-${network}.json`);
}

/** The witness as it lies in the home; undefined when it is missing or says nothing that can be read. */
export function readWitness(path: string): Witness | undefined {
  try {
    if (!existsSync(path) || statSync(path).size > BYTES_MAX) return undefined;
    const parsed = witnessSchema.safeParse(JSON.parse(readFileSync(path, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw asFileError(error, path);
  }
}

/**
 * What is to be doubted about a database, by a witness that was read before it was: another program may have committed since.
 * A home without a policy needs no witness: nothing can be built there, and `init` may have been cut short.
 */
export function doubtOf(reader: Reader, witness: Witness | undefined): Doubt | undefined {
  const instance = instanceOf(reader);
  const size = auditHead(reader)?.size ?? 0;
  if (witness === undefined) {
    if (activePolicy(reader) === undefined) return undefined;
    const detail = `the witness beside the database is missing or unreadable; the audit tree has ${size} rows`;
    return { cause: "witness-missing", subject: `${instance}:${size}`, detail };
  }
  if (witness.instance === instance && stands(reader, witness)) return undefined;
  const other = witness.instance === instance ? "" : ", of another line of its history";
  const detail = `the witness beside the database has seen ${witness.size} audit rows${other}; this file has ${size}, or others`;
  return { cause: "set-back", subject: `${witness.instance}:${witness.size}`, detail };
}

function stands(reader: Reader, { size, root }: Witness): boolean {
  return size === 0 || rootAt(reader, size) === root;
}

/** Where the database stands now. */
export function witnessOf(reader: Reader, network: Network): Witness {
  const head = auditHead(reader);
  const instance = instanceOf(reader) as Witness["instance"];
  return { network, instance, size: head?.size ?? 0, root: head?.root };
}

/**
 * Puts a witness in place. Its bytes are on disk before the name is theirs; that the name itself may be lost at a power cut
 * leaves an older witness, which is behind the database and doubts nothing. Only the first has to be seen to stay.
 * @param operation names the draft, so that two programs write two
 */
export function writeWitness(path: string, witness: Witness, operation: Id): void {
  const draft = join(dirname(path), `.${basename(path)}.${operation}.tmp`);
  const first = !existsSync(path);
  try {
    const file = openSync(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      writeSync(file, canonicalBytes(witness));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
    if (first) syncFolder(dirname(path));
  } catch (error) {
    throw asFileError(error, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
