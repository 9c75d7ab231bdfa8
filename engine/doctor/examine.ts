import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import type { PinnedPack } from '#engine/log/event-types.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import { verifyLog } from '#engine/projections/log-reads.ts'
import { TenantReader } from '#engine/projections/tenant-reader.ts'
import { DATA_FORMAT, dataPaths } from '#engine/store/data-folder.ts'
import { openSqlite } from '#engine/store/sqlite.ts'
import type { StartPackHost } from '#engine/packs/pack-host.ts'
import { tablesFindings } from './examine-tables.ts'
import { compareFold } from './rebuild-fold.ts'

export interface Finding {
  /** `error` needs a person; `note` is good to know. */
  readonly severity: 'error' | 'note'
  readonly tenant: string | null
  readonly check: 'format' | 'integrity' | 'chain' | 'fold' | 'packs' | 'parked' | 'tables'
  readonly code: `KS-DOCTOR-${string}`
  readonly message: string
  readonly remedy: string
}

export interface Examination {
  readonly ok: boolean
  readonly findings: readonly Finding[]
}

export interface Means {
  readonly sqliteBinary?: string
  readonly startPackHost?: StartPackHost | null
}

/**
 * Examines a data folder and changes nothing: the databases' own integrity, the hash chain of every log, the rows against
 * their log, the bytes of every pack that a profile names, the tables of packs; with `startPackHost` these are folded anew
 * and compared. May run beside a running engine.
 */
export async function examine(dataFolder: string, { sqliteBinary, startPackHost = null }: Means = {}): Promise<Examination> {
  const paths = dataPaths(dataFolder)
  if (!existsSync(paths.format) || !existsSync(paths.site)) {
    throw new RefusalError({ code: 'KS-DATA-FOREIGN', message: 'This is not a data folder of Keelson.', remedy: 'Name the right folder with --data.', values: { folder: dataFolder } })
  }
  const findings: Finding[] = [...formatFindings(paths.format)]
  if (findings.length > 0) return { ok: false, findings }
  findings.push(...integrityFindings(paths.site, null, sqliteBinary))
  const site = openSqlite(paths.site, { readonly: true, binary: sqliteBinary })
  const tenants = site.prepare<[], { tenant: string }>('SELECT tenant FROM tenants ORDER BY tenant').all()
  site.close()
  for (const { tenant } of tenants) {
    if (!existsSync(paths.core(tenant))) {
      findings.push({
        severity: 'error', tenant, check: 'integrity', code: 'KS-DOCTOR-NO-DATABASE', message: `Tenant ${tenant} has no database.`,
        remedy: 'Create the tenant again with its profile, or restore the folder from a backup.',
      })
      continue
    }
    findings.push(...tenantFindings(tenant, dataFolder, sqliteBinary), ...await tablesFindings(tenant, { dataFolder, binary: sqliteBinary, startPackHost }))
  }
  return { ok: !findings.some(f => f.severity === 'error'), findings }
}

function formatFindings(file: string): Finding[] {
  const found = Number(readFileSync(file, 'utf8').trim())
  return found === DATA_FORMAT ? [] : [{
    severity: 'error', tenant: null, check: 'format', code: 'KS-DOCTOR-FORMAT', message: `The folder has format ${found}; this Keelson knows ${DATA_FORMAT}.`,
    remedy: 'Use the Keelson that wrote it.',
  }]
}

function integrityFindings(file: string, tenant: string | null, binary: string | undefined): Finding[] {
  const db = openSqlite(file, { readonly: true, binary })
  try {
    const damage = db.pragma('integrity_check(20)') as { integrity_check: string }[]
    const foreign = db.pragma('foreign_key_check') as { table: string }[]
    const name = tenant === null ? 'site.db' : `core.db of ${tenant}`
    return [
      ...damage.filter(row => row.integrity_check !== 'ok').map((row): Finding => ({
        severity: 'error', tenant, check: 'integrity', code: 'KS-DOCTOR-DAMAGED', message: `${name} is damaged: ${row.integrity_check}`,
        remedy: 'Stop Keelson, keep a copy of the folder, and restore it from a backup.',
      })),
      ...(foreign.length === 0 ? [] : [{
        severity: 'error' as const, tenant, check: 'integrity' as const, code: 'KS-DOCTOR-FOREIGN-KEY' as const,
        message: `${name} has ${foreign.length} rows that point at nothing, the first in ${foreign[0]?.table}.`, remedy: 'Restore the folder from a backup.',
      }]),
    ]
  } finally {
    db.close()
  }
}

function tenantFindings(tenant: string, dataFolder: string, binary: string | undefined): Finding[] {
  const paths = dataPaths(dataFolder)
  const findings = integrityFindings(paths.core(tenant), tenant, binary)
  const reader = new TenantReader(dataFolder, tenant, binary)
  try {
    const log = verifyLog(reader)
    if (!log.ok) {
      findings.push({
        severity: 'error', tenant, check: 'chain', code: 'KS-DOCTOR-CHAIN', message: `The log of ${tenant} is not what was written: event ${log.firstBad} does not follow from the one before it.`,
        remedy: 'Keep a copy of the folder; compare it with central or a backup from that event on.',
      })
    }
    for (const [pack, digest] of pinnedPacks(reader)) {
      const file = join(paths.packs, `${digest}.kpack`)
      if (!existsSync(file)) {
        findings.push({ severity: 'error', tenant, check: 'packs', code: 'KS-DOCTOR-PACK-MISSING', message: `The pack ${pack} (${digest.slice(0, 12)}…) is not in the folder.`, remedy: 'Install it again; orders that need it are held until then.' })
        continue
      }
      const opened = openKpack(readFileSync(file), digest)
      if (!opened.ok) findings.push({ severity: 'error', tenant, check: 'packs', code: 'KS-DOCTOR-PACK-MODIFIED', message: opened.refusal.message, remedy: opened.refusal.remedy })
    }
    const parked = reader.one<[], { n: number }>(`SELECT count(*) AS n FROM dead_letters WHERE state IN ('open', 'replaying')`)?.n ?? 0
    if (parked > 0) findings.push({ severity: 'note', tenant, check: 'parked', code: 'KS-DOCTOR-PARKED', message: `${parked} pieces of work of ${tenant} are parked.`, remedy: 'Open Failures, mend what they name, and replay.' })
  } finally {
    reader.close()
  }
  for (const { table, missing, surplus } of compareFold(paths.core(tenant), binary)) {
    findings.push({
      severity: 'error', tenant, check: 'fold', code: 'KS-DOCTOR-FOLD', message: `The table ${table} of ${tenant} is not what its log says: ${missing} rows missing or other, ${surplus} surplus.`,
      remedy: 'Somebody changed rows outside Keelson. Keep a copy of the folder and restore it from a backup.',
    })
  }
  return findings
}

function pinnedPacks(reader: TenantReader): Map<string, string> {
  const pinned = new Map<string, string>()
  for (const { packs } of reader.all<[], { packs: string }>('SELECT packs FROM profiles ORDER BY version')) {
    for (const [pack, { digest }] of Object.entries(JSON.parse(packs) as Record<string, PinnedPack>)) pinned.set(`${pack} ${digest}`, digest)
  }
  return pinned
}
