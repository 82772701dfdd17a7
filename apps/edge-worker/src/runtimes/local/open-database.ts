/**
 * Opens a SQLite file the way every local one is opened: WAL, every commit on the disk before it returns, and a Durable
 * Object's limits, so that what runs here runs on Cloudflare. The limits are workerd's own (`src/workerd/util/sqlite.c++`).
 */
import { constants, DatabaseSync } from 'node:sqlite';

/** Statements refused by `exec`, as workerd does: transactions go through `transactionSync`, and the rest is the platform's. */
const REFUSED: ReadonlySet<number> = new Set([
  constants.SQLITE_PRAGMA,
  constants.SQLITE_TRANSACTION,
  constants.SQLITE_SAVEPOINT,
  constants.SQLITE_ATTACH,
  constants.SQLITE_DETACH,
  constants.SQLITE_CREATE_TEMP_INDEX,
  constants.SQLITE_CREATE_TEMP_TABLE,
  constants.SQLITE_CREATE_TEMP_TRIGGER,
  constants.SQLITE_CREATE_TEMP_VIEW,
]);

const LIMITS = {
  /** Bytes of a text, a blob or a row (https://developers.cloudflare.com/durable-objects/platform/limits/). */
  length: 2_000_000,
  sqlLength: 100_000,
  column: 100,
  exprDepth: 100,
  compoundSelect: 5,
  vdbeOp: 25_000,
  functionArg: 127,
  attach: 0,
  likePatternLength: 50,
  variableNumber: 100,
  triggerDepth: 10,
};
/** Page cache of one open file, KiB. Many files may be open; the system caches their pages too. */
const CACHE_KIB = 1_000;
/**
 * Pages of the log after which it is copied into the file: the pages that every commit changes are then copied once for many
 * commits. It blocks the event loop, some 3 ms for these: four times as many cost a little less, and 8 to 16 ms at a time.
 */
const CHECKPOINT_PAGES = 1_000;

/** An open file. What the service asks is held to the limits; what this runtime does for itself is not. */
export interface OpenDatabase {
  readonly db: DatabaseSync;
  /** Runs a statement of the runtime's own, such as `BEGIN`. */
  own(sql: string): void;
  /** Bytes of all pages in use, as a Durable Object's `databaseSize` counts them. */
  size(): number;
}

/** The file could not be opened or is no database of ours. Says which file, and what to do. */
export class DatabaseRefused extends Error {
  override readonly name = 'DatabaseRefused';
}

/** Opens or creates the file at `path`. */
export function openDatabase(path: string): OpenDatabase {
  let trusted = true;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(path, { enableForeignKeyConstraints: true, enableDoubleQuotedStringLiterals: false, timeout: 0 });
    db.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -${CACHE_KIB}; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}; PRAGMA trusted_schema = OFF`,
    );
    assertDurable(db, path);
    Object.assign(db.limits, LIMITS);
    db.setAuthorizer((action) => (!trusted && REFUSED.has(action) ? constants.SQLITE_DENY : constants.SQLITE_OK));
  } catch (fault) {
    db?.close();
    throw fault instanceof DatabaseRefused ? fault : new DatabaseRefused(`${path} cannot be used: ${reasonOf(fault)}`, { cause: fault });
  }
  trusted = false;
  const open = db;
  function onTrust<T>(work: () => T): T {
    trusted = true;
    try {
      return work();
    } finally {
      trusted = false;
    }
  }
  return {
    db: open,
    own: (sql) => onTrust(() => open.exec(sql)),
    size: () => onTrust(() => (pragma(open, 'page_count') - pragma(open, 'freelist_count')) * pragma(open, 'page_size')),
  };
}

/** A file system without shared memory refuses WAL silently, and a build may have another default: both would lose data. */
function assertDurable(db: DatabaseSync, path: string): void {
  const mode = db.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  const synchronous = Number(db.prepare('PRAGMA synchronous').get()?.['synchronous']);
  if (mode !== 'wal' || synchronous < 2)
    throw new DatabaseRefused(`${path} cannot be kept safely (journal ${String(mode)}, synchronous ${synchronous}). Use a local disk.`);
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function reasonOf(fault: unknown): string {
  const text = fault instanceof Error ? fault.message : String(fault);
  if (/not a database|malformed/.test(text))
    return 'the file is damaged. Nothing was changed; move it aside, or bring it back from a backup';
  if (/readonly|read-only/.test(text)) return 'it is read-only';
  if (/disk is full|disk I\/O/.test(text)) return `the disk is full or failing (${text})`;
  return text;
}
