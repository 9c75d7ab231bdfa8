import type { Db } from './sqlite.ts'

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

/** Pack versions of the site, whom it trusts, and the installs that brought them. */
const PACKS = `
CREATE TABLE packs (
  digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
  pack TEXT NOT NULL, version TEXT NOT NULL, publisher TEXT NOT NULL, title TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('bundled', 'media')),
  install TEXT, installed_at INTEGER NOT NULL, installed_by TEXT NOT NULL,
  revoked TEXT, removed_at INTEGER
) STRICT, WITHOUT ROWID;
-- A version from media is one file for good; a product under development rebuilds its own.
CREATE UNIQUE INDEX packs_from_media ON packs (pack, version) WHERE origin = 'media' AND removed_at IS NULL;
CREATE TABLE trust (one INTEGER PRIMARY KEY CHECK (one = 1), state TEXT NOT NULL) STRICT;
CREATE TABLE installs (
  id TEXT PRIMARY KEY,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'activating', 'succeeded', 'failed', 'cancelled')),
  started_by TEXT NOT NULL, reason TEXT,
  input TEXT NOT NULL, progress TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX installs_unfinished ON installs (id) WHERE state IN ('queued', 'running', 'activating');
CREATE TABLE install_records (id TEXT PRIMARY KEY REFERENCES installs (id), document TEXT NOT NULL, signature TEXT NOT NULL) STRICT, WITHOUT ROWID;
`

/** What was asked of the product, what was decided about it, and what came of it. */
const REQUESTS = `
CREATE TABLE capability_requests (
  id TEXT PRIMARY KEY, title TEXT NOT NULL, text TEXT NOT NULL, customer TEXT, answers TEXT NOT NULL, suggested TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('core', 'capability', 'extension', 'profile', 'contract-version', 'rejection')),
  reason TEXT NOT NULL, asked_by TEXT NOT NULL, asked_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'done', 'dropped')), what TEXT, capability TEXT, closed_by TEXT, closed_at INTEGER
) STRICT, WITHOUT ROWID;
`

/** The n-th step brings a site.db from version n to n + 1. What was released stays as it is; a change is a new step. */
const STEPS = [SITE_SCHEMA, PACKS, REQUESTS]

/** Brings a site.db to the current schema, in one transaction; refuses a newer one. */
export function migrateSite(db: Db): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version > STEPS.length) throw new Error(`site schema ${version} is newer than this engine's ${STEPS.length}`)
  if (version === STEPS.length) return
  db.transaction(() => {
    for (const step of STEPS.slice(version)) db.exec(step)
    db.pragma(`user_version = ${STEPS.length}`)
  })()
}
