import { isRecord, valueAt } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'

/** The address under which a site may give a setting another value; null for what is the same everywhere. */
export function siteAddress(at: readonly PathKey[], document: unknown): string | null {
  if (at[0] === 'look' || at[0] === 'integrations') return at.join('.')
  const config = at.indexOf('config')
  if (at[0] !== 'capabilities' || config === -1) return null
  const entry = valueAt(document, at.slice(0, config))
  return isRecord(entry) && typeof entry['pack'] === 'string' ? ['packs', entry['pack'], ...at.slice(config)].join('.') : null
}

/** What was typed, of the kind that stood there before. */
export function plainValue(typed: string, before: unknown): string | number | boolean {
  if (typeof before === 'number' && typed.trim() !== '' && Number.isFinite(Number(typed))) return Number(typed)
  if (typeof before === 'boolean' && (typed === 'true' || typed === 'false')) return typed === 'true'
  return typed
}
