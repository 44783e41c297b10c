/** Names of scheduled backups, and which of them are kept: all of a day, one of each day of a month, of each month of a year. */
import type { Network } from "../core/chain.ts";
import { parseInstant, seconds, type Instant } from "../core/instant.ts";

export type BackupFile = { readonly name: string; readonly at: Instant; readonly rows: number };

/** Every quarter of an hour for a day. */
const QUARTERS_KEPT = 96;
const DAYS_KEPT = 30;
const MONTHS_KEPT = 12;

/** `custody-regtest-20261122T091500Z-1234.db`: when it was made, and how many audit rows it holds. */
export function backupName(network: Network, at: Instant, rows: number): string {
  return `custody-${network}-${at.replaceAll(/[-:]/g, "")}-${rows}.db`;
}

/** The backup that a file is, by its name; undefined for everything that this program has not named. */
export function backupOf(network: Network, name: string): BackupFile | undefined {
  const match = new RegExp(
    `^custody-${network}-(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z-(\\d{1,15})\\.db$`,
  ).exec(name);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, rows] = match;
  try {
    const at = parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    return { name, at, rows: Number.parseInt(rows as string, 10) };
  } catch {
    return undefined;
  }
}

/** Those that make room: neither among the newest, nor the last of a day or month that is kept. */
export function outlived(files: readonly BackupFile[]): readonly BackupFile[] {
  const newestFirst = [...files].sort((a, b) => seconds(b.at) - seconds(a.at) || b.rows - a.rows);
  const kept = new Set([
    ...newestFirst.slice(0, QUARTERS_KEPT),
    ...lastOfEach(newestFirst, 10, DAYS_KEPT),
    ...lastOfEach(newestFirst, 7, MONTHS_KEPT),
  ]);
  return newestFirst.filter((file) => !kept.has(file));
}

// The newest of each day (10 characters of its time) or month (7), of the newest `count` of these.
function lastOfEach(
  newestFirst: readonly BackupFile[],
  characters: number,
  count: number,
): readonly BackupFile[] {
  const last = new Map<string, BackupFile>();
  for (const file of newestFirst) {
    const period = file.at.slice(0, characters);
    if (!last.has(period)) last.set(period, file);
  }
  return [...last.values()].slice(0, count);
}
