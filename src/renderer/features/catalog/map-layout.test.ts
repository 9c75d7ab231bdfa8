import { describe, expect, it } from 'vitest'
import { type CatalogEntry, filtered, usageOf } from './entries.ts'
import { HALF, layoutMap } from './map-layout.ts'

const entry = (id: string, zone: CatalogEntry['zone'], given: Partial<CatalogEntry> = {}): CatalogEntry =>
  ({ id, title: id, documentation: '', zone, status: 'variable', stability: 'stable', contracts: [], providers: [], usedBy: [], since: '1.0.0', constraints: [], ...given })
const used = (...tenants: string[]) => ({ usedBy: tenants.map(tenant => ({ tenant, profileVersion: 1, options: [] })) })

describe('the map of the catalog', () => {
  const many = ['rules', 'data', 'workflow'].flatMap(zone => Array.from({ length: 15 }, (_, at) => entry(`${zone}${at}`, zone as 'rules')))
  const { zones, marks } = layoutMap([...many, entry('orders', 'core', { status: 'core' })])

  it('gives every capability a place of its own inside the picture', () => {
    expect(marks.map(mark => mark.entry.id).toSorted()).toEqual([...many.map(({ id }) => id), 'orders'].toSorted())
    expect(new Set(marks.map(({ x, y }) => `${x} ${y}`)).size).toBe(marks.length)
    for (const { x, y } of marks) expect(Math.hypot(x, y)).toBeLessThan(HALF)
  })

  it('keeps names apart, and none upside down', () => {
    const around = marks.filter(mark => mark.entry.zone !== 'core')
    for (const { label } of around) for (const other of around) if (other.label !== label) expect(Math.hypot(other.label.x - label.x, other.label.y - label.y)).toBeGreaterThan(14)
    for (const { label } of around) expect(Math.cos((label.turn * Math.PI) / 180)).toBeGreaterThanOrEqual(-1e-3)
  })

  it('has a sector for each zone that has something, and the core in the middle', () => {
    expect(zones.map(({ zone }) => zone)).toEqual(['rules', 'workflow', 'data'])
    const middle = marks.find(mark => mark.entry.id === 'orders')
    expect(Math.hypot(middle?.x ?? HALF, middle?.y ?? HALF)).toBeLessThan(120)
  })
})

describe('capabilities that are looked for', () => {
  it('tells who uses one, seen from a tenant', () => {
    expect([used('a', 'b'), used('a'), used('b'), used()].map(each => usageOf(entry('x', 'data', each), 'a'))).toEqual(['both', 'here', 'elsewhere', 'nobody'])
  })

  it('finds by every word, in names, contracts, packs and tenants', () => {
    const rows = [entry('points', 'data', { ...used('shop'), title: 'Loyalty points' }), entry('limit', 'rules', { contracts: [{ contract: 'approval-policy', version: 'v1', status: 'current', removedIn: null }] })]
    const found = (filter: Parameters<typeof filtered>[1]) => filtered(rows, filter, 'shop').map(({ id }) => id)
    expect(found({ q: 'loyal SHOP' })).toEqual(['points'])
    expect(found({ q: 'approval v1' })).toEqual(['limit'])
    expect(found({ zone: 'rules', use: 'here' })).toEqual([])
    expect(found({ use: 'here' })).toEqual(['points'])
    expect(found({ status: 'variable' })).toEqual(['points', 'limit'])
  })
})
