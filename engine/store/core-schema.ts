import { ORDER_STATES, ORDER_TRANSITIONS } from '#engine/core/orders/order-state.ts'
import type { Db } from './sqlite.ts'

const states = ORDER_STATES.map(s => `'${s}'`).join(', ')
const transitions = ORDER_TRANSITIONS.map(([from, to, fresh]) => `('${from}', '${to}', ${fresh ? 1 : 0})`).join(', ')

/** `known` finds the row that a new one would replace: REPLACE deletes without asking the trigger for DELETE. */
function appendOnly(table: string, known: string): string {
  return `
CREATE TRIGGER ${table}_never_replaced BEFORE INSERT ON ${table} WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${known})
BEGIN SELECT RAISE(ABORT, '${table} are append-only: UNIQUE'); END;
CREATE TRIGGER ${table}_never_changed BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} are append-only'); END;
CREATE TRIGGER ${table}_never_deleted BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} are append-only'); END;`
}

/**
 * The schema of a tenant's core.db. It knows no currency, tax, limit or customer. The invariants stand here so that
 * SQLite itself refuses what breaks them, also from raw SQL.
 */
const CORE_SCHEMA = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  type TEXT NOT NULL,
  order_no INTEGER,
  body TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  UNIQUE (epoch, sequence)
) STRICT;
CREATE INDEX events_by_order ON events (order_no, position) WHERE order_no IS NOT NULL;
${appendOnly('events', 'position >= NEW.position OR (epoch = NEW.epoch AND sequence = NEW.sequence)')}

CREATE TABLE organisation (
  node INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE CHECK (path LIKE '/%'),
  parent INTEGER REFERENCES organisation (node),
  name TEXT NOT NULL
) STRICT;

CREATE TABLE subject_keys (
  subject TEXT PRIMARY KEY,
  wrapped BLOB,
  forgotten_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
  account_no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  code TEXT NOT NULL UNIQUE,
  name TEXT,
  node INTEGER NOT NULL REFERENCES organisation (node),
  attributes TEXT NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE profiles (
  version INTEGER PRIMARY KEY,
  digest TEXT NOT NULL,
  source TEXT NOT NULL,
  packs TEXT NOT NULL,
  published_at INTEGER NOT NULL
) STRICT;

CREATE TABLE order_transitions (
  from_state TEXT NOT NULL, to_state TEXT NOT NULL, needs_new_revision INTEGER NOT NULL,
  PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;
INSERT INTO order_transitions VALUES ${transitions};
${appendOnly('order_transitions', '1')}

CREATE TABLE orders (
  order_no INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  reference TEXT NOT NULL,
  account_no INTEGER NOT NULL REFERENCES accounts (account_no),
  node INTEGER NOT NULL REFERENCES organisation (node),
  state TEXT NOT NULL CHECK (state IN (${states})),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  attempt INTEGER NOT NULL DEFAULT 1 CHECK (attempt >= 1),
  base_amount INTEGER CHECK (base_amount >= 0),
  line_count INTEGER NOT NULL CHECK (line_count >= 1),
  awaits_stage TEXT,
  attention TEXT,
  profile_version INTEGER REFERENCES profiles (version),
  cause_event TEXT NOT NULL,
  document_digest TEXT NOT NULL,
  document_position INTEGER NOT NULL REFERENCES events (position),
  head TEXT NOT NULL,
  placed_on TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (account_no, reference)
) STRICT;
CREATE INDEX orders_by_reference ON orders (reference, order_no);
CREATE INDEX orders_by_base_amount ON orders (base_amount, order_no);
CREATE INDEX orders_to_decide ON orders (order_no)
  WHERE state IN ('submitted', 'validated', 'priced') AND attention IS NULL AND awaits_stage IS NULL;
CREATE INDEX orders_by_state ON orders (state, order_no);
CREATE INDEX orders_with_attention ON orders (order_no) WHERE attention IS NOT NULL;
CREATE INDEX orders_awaiting_approval ON orders (order_no) WHERE awaits_stage IS NOT NULL;

CREATE TRIGGER orders_begin_as_draft BEFORE INSERT ON orders WHEN NEW.state <> 'draft' OR NEW.revision <> 1
BEGIN SELECT RAISE(ABORT, 'an order begins as a draft of revision 1'); END;
CREATE TRIGGER orders_move_legally BEFORE UPDATE OF state ON orders WHEN NEW.state <> OLD.state
BEGIN
  SELECT RAISE(ABORT, 'illegal change of an order''s state')
  WHERE NOT EXISTS (
    SELECT 1 FROM order_transitions
    WHERE from_state = OLD.state AND to_state = NEW.state AND (needs_new_revision = 0 OR NEW.revision > OLD.revision));
END;
CREATE TRIGGER orders_revision_rises BEFORE UPDATE OF revision ON orders WHEN NEW.revision < OLD.revision
BEGIN SELECT RAISE(ABORT, 'the revision of an order never falls'); END;
CREATE TRIGGER orders_never_replaced BEFORE INSERT ON orders WHEN EXISTS (SELECT 1 FROM orders WHERE order_no = NEW.order_no)
BEGIN SELECT RAISE(ABORT, 'orders are never replaced'); END;
CREATE TRIGGER orders_stay BEFORE DELETE ON orders BEGIN SELECT RAISE(ABORT, 'orders are never deleted'); END;

CREATE TABLE order_lines (
  order_no INTEGER NOT NULL REFERENCES orders (order_no),
  line_no INTEGER NOT NULL CHECK (line_no >= 1),
  line_id TEXT NOT NULL,
  item TEXT NOT NULL,
  quantity TEXT NOT NULL CHECK (CAST(quantity AS REAL) > 0 AND quantity NOT GLOB '*[^0-9.]*'),
  PRIMARY KEY (order_no, line_no)
) STRICT, WITHOUT ROWID;

CREATE TABLE items (
  item TEXT PRIMARY KEY, order_no INTEGER NOT NULL REFERENCES orders (order_no), line_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE decisions (
  order_no INTEGER NOT NULL REFERENCES orders (order_no),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  kind TEXT NOT NULL CHECK (kind IN ('validation', 'pricing', 'approval')),
  attempt INTEGER NOT NULL CHECK (attempt >= 1),
  outcome TEXT NOT NULL,
  summary TEXT,
  position INTEGER NOT NULL REFERENCES events (position),
  PRIMARY KEY (order_no, revision, kind, attempt)
) STRICT, WITHOUT ROWID;
${appendOnly('decisions', 'order_no = NEW.order_no AND revision = NEW.revision AND kind = NEW.kind AND attempt = NEW.attempt')}

CREATE TABLE approvals (
  order_no INTEGER NOT NULL REFERENCES orders (order_no),
  revision INTEGER NOT NULL,
  stage TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  reason TEXT,
  position INTEGER NOT NULL REFERENCES events (position),
  PRIMARY KEY (order_no, revision, stage)
) STRICT, WITHOUT ROWID;
${appendOnly('approvals', 'order_no = NEW.order_no AND revision = NEW.revision AND stage = NEW.stage')}

CREATE TABLE invocations (
  id TEXT NOT NULL, actor TEXT NOT NULL, payload_digest TEXT NOT NULL, result TEXT NOT NULL,
  PRIMARY KEY (id, actor)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
  name TEXT PRIMARY KEY, epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letters (
  id TEXT PRIMARY KEY,
  pack TEXT NOT NULL,
  event_id TEXT NOT NULL,
  handler TEXT NOT NULL,
  order_no INTEGER REFERENCES orders (order_no),
  code TEXT NOT NULL,
  message TEXT NOT NULL,
  remedy TEXT NOT NULL,
  payload TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  last_attempt_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'replaying', 'resolved', 'discarded')),
  UNIQUE (pack, event_id, handler)
) STRICT;
CREATE INDEX dead_letters_open ON dead_letters (id) WHERE state IN ('open', 'replaying');
CREATE INDEX dead_letters_by_order ON dead_letters (order_no) WHERE state IN ('open', 'replaying');

CREATE TABLE deliveries (
  delivery_no INTEGER PRIMARY KEY,
  pack TEXT NOT NULL,
  event_id TEXT NOT NULL,
  key TEXT NOT NULL,
  target TEXT NOT NULL,
  batch TEXT NOT NULL,
  payload TEXT NOT NULL,
  order_no INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'parked')),
  UNIQUE (pack, event_id, key)
) STRICT;
CREATE INDEX deliveries_pending ON deliveries (next_at, delivery_no) WHERE state = 'pending';

CREATE TABLE incidents (
  position INTEGER PRIMARY KEY, pack TEXT NOT NULL, digest TEXT NOT NULL, code TEXT NOT NULL, order_no INTEGER, at INTEGER NOT NULL
) STRICT;
CREATE TABLE pack_states (
  pack TEXT NOT NULL, digest TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('ready', 'quarantined', 'disabled')),
  reason TEXT, since INTEGER NOT NULL,
  PRIMARY KEY (pack, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  title TEXT NOT NULL,
  started_by TEXT NOT NULL,
  input TEXT NOT NULL,
  progress TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE import_rejects (
  job_id TEXT NOT NULL REFERENCES jobs (id), ordinal INTEGER NOT NULL,
  source_rows TEXT NOT NULL, codes TEXT NOT NULL, message TEXT NOT NULL, original TEXT NOT NULL,
  PRIMARY KEY (job_id, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_cursor (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  epoch INTEGER NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, receipt TEXT
) STRICT;
`

/** Which import brought an order: its events are correlated with the job. */
const ORDERS_BY_IMPORT = `
ALTER TABLE orders ADD COLUMN import_job TEXT;
UPDATE orders SET import_job = (SELECT body ->> '$.correlationid' FROM events WHERE events.order_no = orders.order_no ORDER BY position LIMIT 1)
WHERE head ->> '$.source.kind' = 'import';
CREATE INDEX orders_by_import ON orders (import_job, order_no) WHERE import_job IS NOT NULL;
`

/** A stage may need several people: an approval is one person's. */
const APPROVALS_BY_PERSON = `
ALTER TABLE approvals RENAME TO approvals_by_stage;
DROP TRIGGER approvals_never_replaced; DROP TRIGGER approvals_never_changed; DROP TRIGGER approvals_never_deleted;
CREATE TABLE approvals (
  order_no INTEGER NOT NULL REFERENCES orders (order_no),
  revision INTEGER NOT NULL,
  stage TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  reason TEXT,
  position INTEGER NOT NULL REFERENCES events (position),
  PRIMARY KEY (order_no, revision, stage, decided_by)
) STRICT, WITHOUT ROWID;
INSERT INTO approvals SELECT order_no, revision, stage, decided_by, decided_at, reason, position FROM approvals_by_stage;
DROP TABLE approvals_by_stage;
${appendOnly('approvals', 'order_no = NEW.order_no AND revision = NEW.revision AND stage = NEW.stage AND decided_by = NEW.decided_by')}
UPDATE orders SET awaits_stage = json_set(awaits_stage, '$.given', (
  SELECT json_group_array(json_object('stage', stage, 'by', decided_by)) FROM approvals
  WHERE approvals.order_no = orders.order_no AND approvals.revision = orders.revision))
WHERE awaits_stage IS NOT NULL;
`

/** What a parked piece of work went through: every try, and what people corrected. */
const DEAD_LETTER_HISTORY = `
ALTER TABLE dead_letters ADD COLUMN pack_version TEXT;
CREATE TABLE dead_letter_tries (
  letter_id TEXT NOT NULL REFERENCES dead_letters (id),
  try_no INTEGER NOT NULL CHECK (try_no >= 1),
  code TEXT NOT NULL, message TEXT NOT NULL, pack_version TEXT, at INTEGER NOT NULL,
  PRIMARY KEY (letter_id, try_no)
) STRICT, WITHOUT ROWID;
INSERT INTO dead_letter_tries SELECT id, attempts, code, message, NULL, last_attempt_at FROM dead_letters;
CREATE TABLE dead_letter_corrections (
  letter_id TEXT NOT NULL REFERENCES dead_letters (id),
  after_try INTEGER NOT NULL,
  position INTEGER NOT NULL REFERENCES events (position),
  original TEXT NOT NULL, corrected TEXT NOT NULL,
  PRIMARY KEY (letter_id, position)
) STRICT, WITHOUT ROWID;
`

/** Events of no order are looked for by their id, which for those of an order its own events answer. */
const EVENTS_OF_NO_ORDER = `
CREATE INDEX events_of_no_order ON events (body ->> '$.id') WHERE order_no IS NULL;
`

/**
 * Where a profile version comes from and since when it counts, proposals that wait for a second person, and drafts. Versions and
 * proposals are a fold of the log; drafts and their comments are work in progress, and in no log.
 */
const PROFILE_PUBLISHING = `
ALTER TABLE profiles ADD COLUMN site TEXT NOT NULL DEFAULT '{}';
ALTER TABLE profiles ADD COLUMN origin TEXT NOT NULL DEFAULT '{}';
ALTER TABLE profiles ADD COLUMN effective_at INTEGER;
ALTER TABLE profiles ADD COLUMN activated_at INTEGER;
ALTER TABLE profiles ADD COLUMN withdrawn TEXT;
UPDATE profiles SET
  origin = (
    SELECT json_object('by', body ->> '$.actor', 'reason', body ->> '$.reason', 'base', NULL, 'rolledBackTo', NULL, 'impactRun', NULL, 'differences', json('[]'), 'comments', json('[]'), 'proposal', NULL)
    FROM events INDEXED BY events_of_no_order WHERE order_no IS NULL AND type = 'keelson.profile.published.v1' AND body ->> '$.data.version' = profiles.version),
  activated_at = (
    SELECT max(CAST(round(unixepoch(body ->> '$.time', 'subsec') * 1000) AS INTEGER))
    FROM events INDEXED BY events_of_no_order WHERE order_no IS NULL AND type = 'keelson.profile.activated.v1' AND body ->> '$.data.version' = profiles.version);
CREATE UNIQUE INDEX profiles_one_scheduled ON profiles ((1)) WHERE effective_at IS NOT NULL AND activated_at IS NULL AND withdrawn IS NULL;
CREATE TRIGGER profiles_never_change BEFORE UPDATE OF version, digest, source, packs, published_at, site, origin, effective_at ON profiles
BEGIN SELECT RAISE(ABORT, 'a profile version never changes'); END;
CREATE TRIGGER profiles_never_replaced BEFORE INSERT ON profiles WHEN EXISTS (SELECT 1 FROM profiles WHERE version = NEW.version)
BEGIN SELECT RAISE(ABORT, 'a profile version never changes'); END;
CREATE TRIGGER profiles_stay BEFORE DELETE ON profiles BEGIN SELECT RAISE(ABORT, 'profile versions are never deleted'); END;

CREATE TABLE profile_proposals (
  id TEXT PRIMARY KEY,
  digest TEXT NOT NULL,
  proposed TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_at INTEGER NOT NULL,
  reason TEXT,
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'declined', 'withdrawn')),
  decided TEXT,
  version INTEGER REFERENCES profiles (version),
  CHECK ((state = 'open') = (decided IS NULL)),
  CHECK (state <> 'accepted' OR decided ->> '$.by' <> proposed_by)
) STRICT, WITHOUT ROWID;

CREATE TABLE profile_drafts (
  id TEXT PRIMARY KEY,
  base_version INTEGER NOT NULL,
  source TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 1),
  begun_by TEXT NOT NULL,
  begun_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE profile_comments (
  id TEXT PRIMARY KEY,
  draft_id TEXT NOT NULL REFERENCES profile_drafts (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  text TEXT NOT NULL,
  by TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX profile_comments_by_draft ON profile_comments (draft_id, id);
`

/** The n-th step brings a core.db from version n to n + 1. What was released stays as it is; a change is a new step. */
const STEPS = [CORE_SCHEMA, ORDERS_BY_IMPORT, APPROVALS_BY_PERSON, DEAD_LETTER_HISTORY, EVENTS_OF_NO_ORDER, PROFILE_PUBLISHING]

/** Brings a core.db to the current schema, or to version `to`, in one transaction; refuses a newer one. */
export function migrateCore(db: Db, to = STEPS.length): void {
  const version = Number(db.pragma('user_version', { simple: true }))
  if (version > STEPS.length) throw new Error(`core schema ${version} is newer than this engine's ${STEPS.length}`)
  if (version >= to) return
  db.transaction(() => {
    for (const step of STEPS.slice(version, to)) db.exec(step)
    db.pragma(`user_version = ${to}`)
  })()
}
