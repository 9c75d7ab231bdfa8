import type { DomainAnswer, DomainCommand, DomainInput, EventView, Explanation, FoldInput, Row, RowKey } from '#engine/contracts/v1/index.ts'
import type { Config } from './config.ts'

/** What the manifest's schemas say of commands and events; the engine has checked it. */
interface EarnPoints { readonly account: string; readonly orderId: string; readonly reference: string; readonly points: number }
interface TakeBackPoints { readonly account: string; readonly orderId: string }
interface SpendPoints { readonly account: string; readonly points: number; readonly what: string }
interface Standing { readonly balance: number; readonly lifetime: number; readonly tier: string | null }
type OfOrder = EarnPoints & Standing
type Spent = SpendPoints & Standing & { readonly spendId: string }

const accountKey = (account: string): RowKey => ({ table: 'accounts', key: [account] })
const orderKey = (orderId: string): RowKey => ({ table: 'orders', key: [orderId] })
const movementKey = (id: string): RowKey => ({ table: 'movements', key: [id] })

export function needs({ name, input }: DomainCommand): readonly RowKey[] {
  switch (name) {
    case 'earn-points':
    case 'take-back-points': {
      const { account, orderId } = input as unknown as TakeBackPoints
      return [accountKey(account), orderKey(orderId)]
    }
    default: return [accountKey((input as unknown as SpendPoints).account)]
  }
}

export function decide({ command: { name, id, input }, rows: [first = null, second = null] }: DomainInput, { tiers }: Config): DomainAnswer {
  switch (name) {
    case 'earn-points': {
      const earned = input as unknown as EarnPoints
      // An order earns once, however often it is confirmed.
      if (second !== null) return { events: [] }
      const lifetime = count(first, 'lifetime') + earned.points
      return event('points-earned', { ...earned, balance: count(first, 'balance') + earned.points, lifetime, tier: tierOf(lifetime, tiers) })
    }
    case 'take-back-points': return takeBack(input as unknown as TakeBackPoints, first, second, tiers)
    default: return spend(id, input as unknown as SpendPoints, first)
  }
}

/** What was spent already stays spent: a balance never falls below nothing. */
function takeBack({ account, orderId }: TakeBackPoints, standing: Row | null, order: Row | null, tiers: Config['tiers']): DomainAnswer {
  if (order === null || order['taken_back'] === true) return { events: [] }
  const points = count(order, 'points')
  const lifetime = Math.max(0, count(standing, 'lifetime') - points)
  return event('points-taken-back', {
    account, orderId, reference: order['reference'], points, balance: Math.max(0, count(standing, 'balance') - points), lifetime, tier: tierOf(lifetime, tiers),
  })
}

function spend(spendId: string, { account, points, what }: SpendPoints, row: Row | null): DomainAnswer {
  if (row === null) return refuse('no-points', { account })
  const balance = count(row, 'balance')
  if (balance < points) return refuse('not-enough', { account, balance, points })
  return event('points-spent', { account, spendId, points, what, balance: balance - points, lifetime: count(row, 'lifetime'), tier: row['tier'] })
}

/** The highest tier that so many points reach. */
function tierOf(lifetime: number, tiers: Config['tiers']): string | null {
  return tiers.filter(({ from }) => lifetime >= from).at(-1)?.name ?? null
}

function event(what: string, data: Readonly<Record<string, unknown>>): DomainAnswer {
  return { events: [{ type: `loyalty.${what}.v1`, data }] }
}

function refuse(code: string, values: Explanation['values']): DomainAnswer {
  return { refused: { code, values } }
}

export function keys(event: EventView): readonly RowKey[] {
  if (event.type === 'loyalty.points-spent.v1') {
    const { account, spendId } = event.data as Spent
    return [accountKey(account), movementKey(spendId)]
  }
  const { account, orderId } = event.data as OfOrder
  return [accountKey(account), orderKey(orderId), movementKey(event.id)]
}

export function fold({ event: { id, type, time, data } }: FoldInput): readonly (Row | null)[] {
  const { account, points, balance, lifetime, tier } = data as OfOrder | Spent
  const standing = { account, balance, lifetime, tier, changed_at: time }
  const moved = { account, points, balance, at: time }
  if (type === 'loyalty.points-spent.v1') {
    const { spendId, what } = data as Spent
    return [standing, { ...moved, movement_id: spendId, kind: 'spent', about: what }]
  }
  const { orderId, reference } = data as OfOrder
  const takenBack = type === 'loyalty.points-taken-back.v1'
  return [
    standing, { order_id: orderId, account, reference, points, taken_back: takenBack },
    { ...moved, movement_id: id, kind: takenBack ? 'taken-back' : 'earned', about: reference },
  ]
}

function count(row: Row | null, column: string): number {
  return Number(row?.[column] ?? 0)
}
