import type { Generated } from 'kysely'

/** Raised with every change of the tables below. */
export const CENTRAL_SCHEMA_VERSION = 1

/** Times are ISO 8601 in UTC; hashes are 32 bytes. */
export interface CentralTables {
  /** Enrolled sites. `counter` and `counters_seen` are the replay window of the site's key. */
  site: {
    site: string; name: string; key_id: string; public_key: string; counter: number; counters_seen: number
    enrolled_at: string; last_seen_at: string
  }
  enrol_code: {
    code_id: string; code_key: string; site: string | null; created_at: string; expires_at: string
    used_at: string | null; used_by_site: string | null; used_by_key: string | null
  }
  /** One (site, tenant, epoch): its head, where it branched off, how far the site says that it is. */
  stream: {
    stream: Generated<number>; site: string; tenant: string; epoch: number
    base_epoch: number; base_sequence: number; base_hash: Uint8Array
    sequence: number; hash: Uint8Array; state: 'open' | 'quarantined'
    site_epoch: number; site_sequence: number; received_at: string
  }
  event: { stream: number; sequence: number; hash: Uint8Array; type: string; time: string; body: string }
  fork: { fork: Generated<number>; stream: number; sequence: number; known_hash: Uint8Array; other_hash: Uint8Array; seen_at: string }
}

interface Words {
  readonly blob: string
  readonly integer: string
  readonly id: string
  readonly end: string
}

function tables({ blob, integer, id, end }: Words): string {
  return `
CREATE TABLE site (
  site TEXT PRIMARY KEY, name TEXT NOT NULL, key_id TEXT NOT NULL UNIQUE, public_key TEXT NOT NULL,
  counter ${integer} NOT NULL, counters_seen ${integer} NOT NULL, enrolled_at TEXT NOT NULL, last_seen_at TEXT NOT NULL
)${end};
CREATE TABLE enrol_code (
  code_id TEXT PRIMARY KEY, code_key TEXT NOT NULL, site TEXT, created_at TEXT NOT NULL, expires_at TEXT NOT NULL,
  used_at TEXT, used_by_site TEXT, used_by_key TEXT
)${end};
CREATE TABLE stream (
  stream ${id}, site TEXT NOT NULL REFERENCES site (site), tenant TEXT NOT NULL, epoch ${integer} NOT NULL CHECK (epoch >= 1),
  base_epoch ${integer} NOT NULL, base_sequence ${integer} NOT NULL, base_hash ${blob} NOT NULL CHECK (length(base_hash) = 32),
  sequence ${integer} NOT NULL, hash ${blob} NOT NULL CHECK (length(hash) = 32),
  state TEXT NOT NULL CHECK (state IN ('open', 'quarantined')),
  site_epoch ${integer} NOT NULL, site_sequence ${integer} NOT NULL, received_at TEXT NOT NULL,
  CHECK (sequence >= base_sequence), UNIQUE (site, tenant, epoch)
)${end};
CREATE TABLE event (
  stream ${integer} NOT NULL REFERENCES stream (stream), sequence ${integer} NOT NULL CHECK (sequence >= 1),
  hash ${blob} NOT NULL CHECK (length(hash) = 32), type TEXT NOT NULL, time TEXT NOT NULL, body TEXT NOT NULL,
  PRIMARY KEY (stream, sequence)
)${end};
CREATE TABLE fork (
  fork ${id}, stream ${integer} NOT NULL REFERENCES stream (stream), sequence ${integer} NOT NULL,
  known_hash ${blob} NOT NULL, other_hash ${blob} NOT NULL, seen_at TEXT NOT NULL
)${end};`
}

/** What never changes, and in which tables nothing is ever deleted. */
const APPEND_ONLY = ['event', 'fork'] as const
const NEVER_DELETED = ['event', 'fork', 'stream', 'site'] as const

export const SQLITE_SCHEMA = [
  tables({ blob: 'BLOB', integer: 'INTEGER', id: 'INTEGER PRIMARY KEY', end: ' STRICT' }),
  ...APPEND_ONLY.map((table) => `CREATE TRIGGER ${table}_never_changed BEFORE UPDATE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`),
  ...NEVER_DELETED.map((table) => `CREATE TRIGGER ${table}_never_deleted BEFORE DELETE ON ${table} BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`),
  `CREATE TRIGGER stream_never_goes_back BEFORE UPDATE ON stream
   WHEN NEW.sequence < OLD.sequence OR NEW.site <> OLD.site OR NEW.tenant <> OLD.tenant OR NEW.epoch <> OLD.epoch
     OR NEW.base_epoch <> OLD.base_epoch OR NEW.base_sequence <> OLD.base_sequence OR NEW.base_hash <> OLD.base_hash
     OR (NEW.sequence = OLD.sequence AND NEW.hash <> OLD.hash)
   BEGIN SELECT RAISE(ABORT, 'a stream never goes back'); END;`,
  `PRAGMA user_version = ${CENTRAL_SCHEMA_VERSION};`,
].join('\n')

export const POSTGRES_SCHEMA = [
  tables({ blob: 'BYTEA', integer: 'BIGINT', id: 'BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY', end: '' }),
  `CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;`,
  ...APPEND_ONLY.map((table) => `CREATE TRIGGER ${table}_never_changed BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION append_only();`),
  ...NEVER_DELETED.map((table) => `CREATE TRIGGER ${table}_never_deleted BEFORE DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION append_only();`),
  ...NEVER_DELETED.map((table) => `CREATE TRIGGER ${table}_never_emptied BEFORE TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION append_only();`),
  `CREATE FUNCTION stream_never_goes_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     IF NEW.sequence < OLD.sequence OR NEW.site <> OLD.site OR NEW.tenant <> OLD.tenant OR NEW.epoch <> OLD.epoch
       OR NEW.base_epoch <> OLD.base_epoch OR NEW.base_sequence <> OLD.base_sequence OR NEW.base_hash <> OLD.base_hash
       OR (NEW.sequence = OLD.sequence AND NEW.hash <> OLD.hash)
     THEN RAISE EXCEPTION 'a stream never goes back'; END IF;
     RETURN NEW; END $$;`,
  `CREATE TRIGGER stream_never_goes_back BEFORE UPDATE ON stream FOR EACH ROW EXECUTE FUNCTION stream_never_goes_back();`,
  `CREATE TABLE schema_version (version BIGINT NOT NULL);`,
  `INSERT INTO schema_version (version) VALUES (${CENTRAL_SCHEMA_VERSION});`,
].join('\n')
