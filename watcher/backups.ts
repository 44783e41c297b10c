/** Backups while everything goes on: verified, private, of a size that stays. A failing one stops nothing, and is told. */
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { CustodyError } from "../src/core/errors.ts";
import { addSeconds, seconds, type Instant } from "../src/core/instant.ts";
import { backupName, backupOf, outlived, type BackupFile } from "../src/home/backup-files.ts";
import type { Online } from "../src/home/online.ts";
import { countSetting, optionalSetting } from "../src/home/settings.ts";
import { auditHead } from "../src/store/audit.ts";
import { backupStore } from "../src/store/backup.ts";
import { removeDatabase } from "../src/store/database.ts";
import { asFileError } from "../src/terminal/files.ts";
import type { World } from "./world.ts";

/** Drafts of a program that was killed are taken away when nothing can be writing them any more. */
const DRAFT_HOURS = 6;

/** Makes a backup when the last one is old enough, and takes away those that have had their time. */
export async function backUp({ online, log }: World): Promise<void> {
  const { io } = online.call;
  const minutes = countSetting(io, "backup.minutes");
  if (minutes === 0) return;
  const folder = backupFolder(online);
  try {
    const last = newestBackup(online);
    const now = io.now();
    // A clock that went back makes no backup wait for ever.
    if (last !== undefined && last.at <= now && seconds(now) - seconds(last.at) < 60 * minutes) return;
    makeFolder(folder);
    const name = backupName(online.network, now, auditHead(online.store)?.size ?? 0);
    const { rows, root } = await backupStore(online.store, join(folder, name));
    log({ event: "backup made", file: name, rows, root });
    clear(online, folder, now);
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error;
    log({
      event: "backup failed",
      level: "error",
      code: error.code,
      reason: error.message,
      next: error.hint,
    });
  }
}

/** Where this home's backups lie. */
export function backupFolder({ call }: Pick<Online, "call">): string {
  return resolve(call.home, optionalSetting(call.io, "backup.folder") ?? "backups");
}

/** The newest backup by its name, for whoever asks how old it is. */
export function newestBackup(online: Pick<Online, "call" | "network">): BackupFile | undefined {
  const files = backups(online, backupFolder(online));
  return files.reduce<BackupFile | undefined>(
    (newest, file) => (newest === undefined || file.at > newest.at ? file : newest),
    undefined,
  );
}

function backups({ network }: Pick<Online, "network">, folder: string): readonly BackupFile[] {
  return namesIn(folder).flatMap((name) => backupOf(network, name) ?? []);
}

function namesIn(folder: string): readonly string[] {
  try {
    return existsSync(folder) ? readdirSync(folder) : [];
  } catch (error) {
    throw asFileError(error, folder, "backup.folder");
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw asFileError(error, folder, "backup.folder");
  }
}

// Files that this program has named alone: what people put beside them stays.
function clear({ network }: Online, folder: string, now: Instant): void {
  const names = namesIn(folder);
  for (const { name } of outlived(names.flatMap((name) => backupOf(network, name) ?? [])))
    rmSync(join(folder, name), { force: true });
  for (const name of names) {
    const draft = /^(.*\.db)\.\d+\.partial$/.exec(name)?.[1];
    const made = draft === undefined ? undefined : backupOf(network, draft);
    if (made !== undefined && made.at < addSeconds(now, -3600 * DRAFT_HOURS))
      removeDatabase(join(folder, name));
  }
}
