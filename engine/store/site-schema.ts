import type { Db } from './sqlite.ts'

export const SITE_SCHEMA_VERSION = 1

/** site.db: the site's identity, its users and sessions, its tenants, and its own log. */
const SITE_SCHEMA = `
CREATE TABLE site (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL, name TEXT NOT NULL, private_key TEXT NOT NULL, public_key TEXT NOT NULL, demo TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE events (
  position INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, type TEXT NOT NULL, order_no INTEGER,
  body TEXT NOT NULL, hash BLOB NOT NULL CHECK (length(hash) = 32), UNIQUE (epoch, sequence)
) STRICT;
CREATE TRIGGER events_never_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_never_deleted BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TABLE tenants (tenant TEXT PRIMARY KEY, key BLOB NOT NULL CHECK (length(key) = 32), created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE users (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL, grants TEXT NOT NULL,
  preferences TEXT NOT NULL, created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id), created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sync_cursor (
  one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, receipt TEXT
) STRICT;
CREATE TABLE secrets (tenant TEXT NOT NULL, name TEXT NOT NULL, sealed TEXT NOT NULL, PRIMARY KEY (tenant, name)) STRICT, WITHOUT ROWID;
CREATE TABLE enrolment (
  one INTEGER PRIMARY KEY CHECK (one = 1), document TEXT NOT NULL
) STRICT;
`

export function migrateSite(db: Db): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version === SITE_SCHEMA_VERSION) return
  if (version > SITE_SCHEMA_VERSION) throw new Error(`site schema ${version} is newer than this engine's ${SITE_SCHEMA_VERSION}`)
  db.transaction(() => {
    db.exec(SITE_SCHEMA)
    db.pragma(`user_version = ${SITE_SCHEMA_VERSION}`)
  })()
}
