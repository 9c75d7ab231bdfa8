import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import type { LogPosition } from '#engine/log/stored-event.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import type { StartPackHost } from '#engine/packs/pack-host.ts'
import { eventsSince } from '#engine/projections/pack-reads.ts'
import { TenantReader } from '#engine/projections/tenant-reader.ts'
import { dataPaths } from '#engine/store/data-folder.ts'
import { DamagedTablesError, PackDatabase } from '#engine/store/pack-database.ts'
import { packFiles } from '#engine/store/pack-files.ts'
import type { Finding } from './examine.ts'
import { foldAnew } from './fold-anew.ts'

const REMEDY = 'Nothing is lost: with the next start Keelson puts the file aside and folds it again from the log.'

export interface TablesGiven {
  readonly dataFolder: string
  readonly binary: string | undefined
  /** With it, the tables are folded anew and compared; without, only the files are examined. */
  readonly startPackHost: StartPackHost | null
}

/** The tables of a tenant's packs: each file whole, on the chain of the log, and what the log comes to. */
export async function tablesFindings(tenant: string, given: TablesGiven): Promise<Finding[]> {
  const paths = dataPaths(given.dataFolder)
  if (!existsSync(paths.ext(tenant))) return []
  const findings: Finding[] = []
  for (const name of readdirSync(paths.ext(tenant)).toSorted()) {
    const version = /^([a-z][a-z0-9-]*)@([0-9a-f]{64})\.db$/.exec(name)
    if (version?.[1] === undefined || version[2] === undefined) continue
    const file = join(paths.packs, `${version[2]}.kpack`)
    const opened = existsSync(file) ? openKpack(readFileSync(file), version[2]) : null
    // A pack that is gone or changed is a finding of its own; its tables wait for it.
    if (opened?.ok === true) findings.push(...await fileFindings(tenant, opened.value, given))
  }
  return findings
}

async function fileFindings(tenant: string, pack: OpenPack, given: TablesGiven): Promise<Finding[]> {
  const { manifest: { id, version, tables = [] }, digest } = pack
  const finding = (code: Finding['code'], what: string, remedy = REMEDY): Finding => ({ severity: 'error', tenant, check: 'tables', code, message: `The tables of ${id} ${version} of ${tenant} ${what}`, remedy })
  const folder = dataPaths(given.dataFolder).ext(tenant)
  let found: { readonly cursor: LogPosition; readonly kept: string; readonly computed: string; readonly damage: readonly string[] } | null
  try {
    found = PackDatabase.read(packFiles(folder).tables({ pack: id, digest }), tables, given.binary, database => database.snapshot(() => ({ cursor: database.cursor(), ...database.digest(), damage: database.damage() })))
  } catch (error) {
    if (error instanceof DamagedTablesError) return [finding('KS-DOCTOR-TABLES-DAMAGED', `are damaged: ${error.message}.`)]
    throw error
  }
  if (found === null) return []
  const { cursor, kept, computed, damage } = found
  if (damage.length > 0 || kept !== computed) return [finding('KS-DOCTOR-TABLES-DAMAGED', `are damaged: ${damage[0] ?? 'rows are not those that were written'}.`)]
  if (!standsOnLog(tenant, cursor, given)) return [finding('KS-DOCTOR-TABLES-CHAIN', 'stand at a place that the log does not have.')]
  if (given.startPackHost === null) return []
  try {
    const anew = await foldAnew(tenant, pack, cursor, { ...given, startPackHost: given.startPackHost })
    return anew === computed ? [] : [finding('KS-DOCTOR-TABLES-FOLD', 'are not what the log comes to.', `Delete ${id}@${digest}.db in the tenant's folder "ext" while Keelson is stopped; it is folded again.`)]
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error
    return [{ ...finding('KS-DOCTOR-TABLES-PACK', `could not be compared with the log: ${error.refusal.message}`, error.refusal.remedy), severity: 'note' }]
  }
}

function standsOnLog(tenant: string, cursor: LogPosition, { dataFolder, binary }: TablesGiven): boolean {
  const reader = new TenantReader(dataFolder, tenant, binary)
  try {
    return !eventsSince(reader, { at: cursor, types: [], limit: 1 }).offChain
  } finally {
    reader.close()
  }
}
