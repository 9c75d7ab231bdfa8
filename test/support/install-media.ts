import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { buildKpack } from '#engine/packs/kpack.ts'
import { pricingCode } from '#engine/testing/pack-fixtures.ts'
import { TestMedia } from '#engine/testing/signed-media.ts'
import { profileText } from './profile-text.ts'

export interface PricePack {
  readonly id?: string
  readonly version?: string
  readonly publisher?: string
  /** What a unit costs more than its document says. */
  readonly surcharge?: number
  /** Cases of its own; `wrong` is a case that it does not pass. */
  readonly cases?: 'right' | 'wrong' | 'none' | number
  /** Each order takes some milliseconds of its price. */
  readonly slow?: boolean
  readonly manifest?: Partial<PackManifest>
  readonly files?: ReadonlyMap<string, Uint8Array>
}

/** A pack that prices whole quantities at the document's price, with a surcharge on the order, and cases for that. */
export function pricePack({ id = 'surcharge', version = '1.0.0', publisher = 'acme-labs', surcharge = 0, cases = 'right', slow = false, manifest = {}, files = new Map() }: PricePack = {}): Uint8Array {
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
  const code = pricingCode(`${slow ? 'for (let turn = 0; turn < 1e7; turn++);' : ''} const a = plain(input); a.baseMinor += ${surcharge}; return a`)
  const expected = cases === 'wrong' ? 1 : 1000 + surcharge
  const count = typeof cases === 'number' ? cases : cases === 'none' ? 0 : 1
  const list = Array.from({ length: count }, (_, index) => ({
    title: `two at five, ${index + 1}`, config: {}, input: { order: { reference: `CASE-${index}`, lines: [{ quantity: '2', price: '5' }] } }, expect: { baseMinor: expected },
  }))
  const whole: PackManifest = {
    manifest: 1, id, version, publisher, title: 'Surcharge', description: 'Adds a surcharge to each order', engine: '>=0.1.0', licence: 'MIT',
    implements: [{ contract: 'pricing-policy', version: 'v1', entry: 'code/pricing-policy.js', config: { type: 'object', additionalProperties: false } }], ...manifest,
  }
  const texts = text('{}')
  return buildKpack(new Map([
    ['manifest.json', text(whole)], ['code/pricing-policy.js', text(code)], ['locales/en.json', texts], ['locales/de.json', texts], ['locales/ar.json', texts],
    ...(list.length === 0 ? [] : [['cases/prices.json', text({ contract: 'pricing-policy', cases: list })] as const]), ...files,
  ])).bytes
}

/** Media with packs, signed now: it has not expired, whatever the clock of this machine says. */
export async function mediaWith(...packs: readonly Uint8Array[]): Promise<TestMedia> {
  const media = await TestMedia.make()
  media.now = Date.now() - 1000
  await media.add(packs)
  return media
}

/** A profile whose orders this pack prices, with a comment that edits must keep. */
export function profileWith(tenant: string, pack = 'surcharge', range = '^1.0.0'): string {
  return profileText(tenant, `{ pack: ${pack}, version: ${range} }`).replace('  pricing:', '  # Prices come from a pack of its own.\n  pricing:')
}
