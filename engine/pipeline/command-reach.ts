import type { DomainCommand, EventView, NewEvent, Row, RowKey } from '#engine/contracts/v1/index.ts'
import { failureAsRefusal } from '#engine/core/decisions/failure-as-refusal.ts'
import { refuse, type Result } from '#engine/core/refusal.ts'
import { askedFold, type AskedModule } from '#engine/packs/asked-module.ts'
import type { ModuleUse } from '#engine/packs/composition.ts'
import type { ModuleQuestion } from '#engine/packs/pack-host.ts'
import type { FoldedTables } from './fold-runner.ts'
import type { CommandCall, PackCommandPorts } from './pack-commands.ts'

/**
 * How far a command may reach that somebody gives whose permission covers a part of the organisation. Which field of its
 * input names an account, only the pack knows; so the rows count that it is decided on, and those that its events change,
 * as they are and as they would be. Nothing is appended, and nothing told of a row, before that was looked at.
 */
export class CommandReach {
  readonly #ports: Pick<PackCommandPorts, 'tenant' | 'reader' | 'host' | 'folds'>

  constructor(ports: Pick<PackCommandPorts, 'tenant' | 'reader' | 'host' | 'folds'>) {
    this.#ports = ports
  }

  /** A refusal where one of the rows lies outside; null where all may be looked at. */
  async beyond({ given: { pack, command }, nodes }: CommandCall, { tables }: FoldedTables, keys: readonly RowKey[], rows: readonly (Row | null)[]): Promise<Result<never> | null> {
    if (nodes === null) return null
    const there = keys.flatMap(({ table }, i) => { const row = rows[i] ?? null; return row === null ? [] : [{ table, row }] })
    const table = await this.#ports.reader.read(this.#ports.tenant, 'row-outside', { tables, nodes, rows: there })
    if (table === null) return null
    return refuse('KS-ACCESS-DENIED', `You may not do "${pack}.${command}" here: it concerns more than your part of the organisation.`,
      'Ask somebody whose permission covers it.', { pack, command, table })
  }

  /** The same of the rows that events change. Where a fold fails, nobody knows, and it is refused with that. */
  async changeBeyond(module: ModuleUse, call: CommandCall, tables: FoldedTables, events: readonly EventView[]): Promise<Result<never> | null> {
    if (call.nodes === null || events.length === 0) return null
    const { host, folds } = this.#ports
    const fold = askedFold(module) as AskedModule
    const keyed = await host.call(fold, events.map((input): ModuleQuestion<'keys'> => ({ fn: 'keys', subject: input.id, input })))
    const keysOf: (readonly RowKey[])[] = []
    for (const answer of keyed) {
      if (!answer.ok) return { ok: false, refusal: failureAsRefusal(answer.failure) }
      keysOf.push(answer.answer)
    }
    const keys = keysOf.flat()
    const before = await folds.rows(tables, keys)
    let at = 0
    const folded = await host.call(fold, events.map((event, i): ModuleQuestion<'fold'> => {
      const own = keysOf[i] as readonly RowKey[]
      return { fn: 'fold', subject: event.id, input: { event, keys: own, rows: before.slice(at, at += own.length) } }
    }))
    const after: (Row | null)[] = []
    for (const answer of folded) {
      if (!answer.ok) return { ok: false, refusal: failureAsRefusal(answer.failure) }
      after.push(...answer.answer)
    }
    return await this.beyond(call, tables, [...keys, ...keys], [...before, ...after])
  }
}

/** What a pack decided as its fold will see it. */
export function viewsOf({ id, at, orgpath }: DomainCommand, events: readonly NewEvent[]): EventView[] {
  return events.map(({ type, data }) => ({ id, type, source: '', subject: null, time: at, orgpath, data }))
}
