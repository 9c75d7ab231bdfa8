import { ZONES, type CatalogEntry, type Zone } from './entries.ts'

/** Half of the picture's side, in its own units. */
export const HALF = 530
const CENTRE = 116
const BAND = { from: 120, to: 216 } as const
/** Distance from the core says how much packs decide. */
const RINGS = { core: 226, partial: 226, variable: 244 } as const
const LABEL = 258
/** Between two zones, in capabilities. */
const GAP = 0.9
const LINE = 17

export interface MapMark {
  readonly entry: CatalogEntry
  readonly x: number
  readonly y: number
  /** Where its name begins, and how it is turned; in the left half it ends there, so that it is never upside down. */
  readonly label: { readonly x: number; readonly y: number; readonly turn: number; readonly anchor: 'start' | 'end' }
}

export interface MapZone {
  readonly zone: Zone
  /** Outline of the sector, as an SVG path. */
  readonly path: string
  readonly label: { readonly x: number; readonly y: number; readonly turn: number }
}

/** Where everything stands: the core's own in the middle, the zones as sectors around it, each as wide as it has capabilities. */
export function layoutMap(entries: readonly CatalogEntry[]): { readonly zones: readonly MapZone[]; readonly marks: readonly MapMark[]; readonly centre: number; readonly rings: readonly number[] } {
  const inside = entries.filter(({ zone }) => zone === 'core')
  const around = ZONES.filter(zone => zone !== 'core').map(zone => ({ zone, entries: entries.filter(entry => entry.zone === zone) })).filter(sector => sector.entries.length > 0)
  const places = around.reduce((sum, sector) => sum + sector.entries.length + GAP, 0)
  const step = (2 * Math.PI) / Math.max(places, 12)
  const zones: MapZone[] = []
  const marks: MapMark[] = inside.map((entry, index) => {
    const y = (index - (inside.length - 1) / 2) * LINE
    const x = -Math.sqrt(CENTRE ** 2 - y ** 2) + 16
    return { entry, x, y, label: { x: x + 10, y, turn: 0, anchor: 'start' } }
  })
  let angle = -Math.PI / 2
  for (const sector of around) {
    const end = angle + (sector.entries.length + GAP) * step
    zones.push({ zone: sector.zone, path: sectorPath(angle + step * GAP / 4, end - step * GAP / 4), label: turned((angle + end) / 2, (BAND.from + BAND.to) / 2) })
    sector.entries.forEach((entry, index) => {
      const at = angle + (index + 0.5 + GAP / 2) * step
      const [x, y] = point(at, RINGS[entry.status])
      const label = turned(at, LABEL)
      marks.push({ entry, x, y, label: { ...label, anchor: isLeft(at) ? 'end' : 'start' } })
    })
    angle = end
  }
  return { zones, marks, centre: CENTRE, rings: [RINGS.partial, RINGS.variable] }
}

function point(angle: number, radius: number): readonly [number, number] {
  return [round(Math.cos(angle) * radius), round(Math.sin(angle) * radius)]
}

function turned(angle: number, radius: number): { readonly x: number; readonly y: number; readonly turn: number } {
  const [x, y] = point(angle, radius)
  return { x, y, turn: round((angle * 180) / Math.PI + (isLeft(angle) ? 180 : 0)) }
}

function isLeft(angle: number): boolean {
  return Math.cos(angle) < -1e-9
}

function sectorPath(from: number, to: number): string {
  const [a, b, c, d] = [point(from, BAND.from), point(from, BAND.to), point(to, BAND.to), point(to, BAND.from)]
  const wide = to - from > Math.PI ? 1 : 0
  return `M${a.join(' ')}L${b.join(' ')}A${BAND.to} ${BAND.to} 0 ${wide} 1 ${c.join(' ')}L${d.join(' ')}A${BAND.from} ${BAND.from} 0 ${wide} 0 ${a.join(' ')}Z`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
