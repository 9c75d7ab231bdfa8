import fc from 'fast-check'
import type { EventView, Row, RowKey } from '#engine/contracts/v1/index.ts'
import { type Asked, type AskedPart, foldOf, type PackCase, subjectOf } from '#engine/packs/cases/index.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import type { ModuleAnswer } from '#engine/packs/pack-host.ts'
import { anyEventOf } from './any-subjects.ts'
import type { ConformanceCheck, Finding } from './check.ts'

const EVENTS = { seed: 20_261_121, numRuns: 60 }
/** How many events go into one batch. */
const BATCHES = [1, 7, 1000]

type Check = (name: string, run: (asked: Asked) => Promise<readonly Finding[]>) => ConformanceCheck

/** The promises of whatever folds events into rows: the same log gives the same rows, however it is cut. */
export function foldChecks(pack: OpenPack, part: AskedPart, cases: readonly PackCase[], check: Check): readonly ConformanceCheck[] {
  const types = [...new Set([...part.reads ?? [], ...(pack.manifest.emits ?? []).map(({ type }) => type)])]
  const told = cases.map(subjectOf).flatMap(subject => ('event' in subject ? [subject.event] : []))
  return [check('folds a log to the same rows, however it is cut into batches', async asked => {
    const events = [...told, ...types.length === 0 ? [] : fc.sample(anyEventOf(pack, types), EVENTS)].map((event, i) => ({ ...event, id: `01EVENT${i}` }))
    const folds: string[] = []
    const remembers = new Set<string>()
    for (const size of BATCHES) folds.push(await foldLog(asked, events, size, remembers))
    const [first] = folds
    // The pack host finds out by itself what remembers, and asks it no more: there is nothing left to compare.
    if (remembers.size > 0) return [...remembers].map(message => ({ message }))
    return folds.flatMap((rows, i) => (rows === first ? [] : [{ message: `in batches of ${BATCHES[i]}, the rows are others`, details: { one: first, other: rows } }]))
  })]
}

/** Every row after a log, as one text; an event that fails is left out, as the engine leaves it out. */
async function foldLog(asked: Asked, events: readonly EventView[], size: number, remembers: Set<string>): Promise<string> {
  const module = foldOf(asked)
  const rows = new Map<string, Row>()
  const nameOf = ({ table, key }: RowKey) => JSON.stringify([table, key])
  for (let from = 0; from < events.length; from += size) {
    const batch = events.slice(from, from + size)
    const named = await asked.host.call(module, batch.map(event => ({ fn: 'keys' as const, subject: event.id, input: event })))
    noteRemembering(named, remembers)
    const foldable = batch.flatMap((event, i) => {
      const keys = named[i]
      return keys?.ok === true ? [{ event, keys: keys.answer }] : []
    })
    const folded = await asked.host.call(module, foldable.map(({ event, keys }) => ({
      fn: 'fold' as const, subject: event.id, input: { event, keys, rows: keys.map(key => rows.get(nameOf(key)) ?? null) },
    })))
    noteRemembering(folded, remembers)
    for (const [i, { keys }] of foldable.entries()) {
      const kept = folded[i]
      if (kept?.ok !== true) continue
      for (const [at, key] of keys.entries()) {
        const row = kept.answer[at]
        if (row === null || row === undefined) rows.delete(nameOf(key))
        else rows.set(nameOf(key), row)
      }
    }
  }
  return JSON.stringify([...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function noteRemembering(answers: readonly ModuleAnswer[], remembers: Set<string>): void {
  for (const answer of answers) if (!answer.ok && /^KS-PACK-(?:NONDETERMINISTIC|QUARANTINED)/.test(answer.failure.code)) remembers.add(`${answer.failure.code} ${answer.failure.message}`)
}
