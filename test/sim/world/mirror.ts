/**
 * A copy of the online host's database for the world to read. SQLite parses the schema whenever a file is opened, and ours
 * with its hundreds of triggers takes longer than all that is read: the copy's content changes, its reader stays.
 */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import BetterSqlite3, { type Database } from "better-sqlite3";

/** Places in the header (https://www.sqlite.org/fileformat.html, 1.3). */
const [WRITE_VERSION, READ_VERSION, CHANGES, VALID_FOR] = [18, 19, 24, 92];
/** Of a file without a write-ahead log: its readers look for the count of changes. */
const ROLLBACK = 1;

export class Mirror {
  private readonly file: string;
  private readonly copy: string;
  private changes = 0;
  private reader: Database | undefined;

  /** @param copy beside which nothing else lies */
  constructor(file: string, copy: string) {
    this.file = file;
    this.copy = copy;
  }

  /**
   * Looks at what is committed. While the host's process is at work, or after its death, what it has committed lies in the
   * log beside the file: that is SQLite's to read.
   */
  read<T>(look: (database: Database) => T): T {
    if (isWritten(`${this.file}-wal`)) return this.readOnce(look);
    const bytes = readFileSync(this.file);
    this.changes += 1;
    bytes[WRITE_VERSION] = ROLLBACK;
    bytes[READ_VERSION] = ROLLBACK;
    bytes.writeUInt32BE(this.changes, CHANGES);
    bytes.writeUInt32BE(this.changes, VALID_FOR);
    writeFileSync(this.copy, bytes);
    this.reader ??= new BetterSqlite3(this.copy, { fileMustExist: true, readonly: true });
    return look(this.reader);
  }

  /** The file is another one now. */
  forget(): void {
    this.reader?.close();
    this.reader = undefined;
    rmSync(this.copy, { force: true });
  }

  private readOnce<T>(look: (database: Database) => T): T {
    const database = new BetterSqlite3(this.file, { fileMustExist: true });
    try {
      database.pragma("query_only = ON");
      return look(database);
    } finally {
      database.close();
    }
  }
}

const isWritten = (log: string) => existsSync(log) && statSync(log).size > 0;
