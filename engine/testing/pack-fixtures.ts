import { createHash } from 'node:crypto'
import type { OrderView, PackManifest } from '#engine/contracts/v1/index.ts'
import type { Composition, OpenPack, PackUse } from '#engine/packs/composition.ts'
import type { DecideOrder } from '#engine/packs/pack-host.ts'

/** Packs made from texts of code, and what loads them. */
export class PackShelf {
  readonly #packs = new Map<string, OpenPack>()

  readonly load = (digest: string): Promise<OpenPack | null> => Promise.resolve(this.#packs.get(digest) ?? null)

  /** A pack with one module. Its digest is that of the code, as a changed pack has another. */
  use(contract: PackUse['contract'], code: string, config: unknown = {}, pack: string = contract): PackUse {
    const digest = createHash('sha256').update(contract).update(code).digest('hex')
    const entry = `code/${contract}.js`
    const manifest: PackManifest = {
      manifest: 1, id: pack, version: '1.0.0', publisher: 'test', title: pack, description: pack, engine: '*',
      implements: contract === 'life-cycle' ? [] : [{ contract, version: 'v1', entry, config: {} }],
    }
    this.#packs.set(digest, { digest, manifest, files: new Map([[entry, new TextEncoder().encode(code)]]) })
    return packUse({ pack, digest, contract, entry, config })
  }
}

export function packUse(use: Pick<PackUse, 'pack' | 'digest' | 'contract' | 'entry' | 'config'>): PackUse {
  const configDigest = createHash('sha256').update(JSON.stringify(use.config)).digest('hex')
  return { version: '1.0.0', contractVersion: 'v1', configDigest, needs: [], reads: [], issues: [], ...use }
}

export const ACCEPT_ALL = packUse({ pack: 'keelson', digest: 'accept-all', contract: 'validation-rule', entry: 'default:accept-all', config: {} })
export const ALWAYS_APPROVE = packUse({ pack: 'keelson', digest: 'always-approve', contract: 'approval-policy', entry: 'default:always-approve', config: {} })

export function compositionOf(uses: Partial<Composition> & Pick<Composition, 'pricing'>): Composition {
  return {
    tenant: 'acme', profileVersion: 1, validation: [ACCEPT_ALL], approval: ALWAYS_APPROVE, reactors: [], modules: [], permissions: {}, approvers: [],
    confirmation: 'automatic', targets: {}, unusable: [], ...uses,
  }
}

/** A pricing policy that multiplies whole quantities by prices in whole units; `body` runs before it, per order. */
export function pricingCode(body = '', before = ''): string {
  return `
${before}
function plain({ order }) {
  const lines = order.lines.map(line => ({ lineId: line.id, netMinor: Number(line.quantity) * Number(line.price) * 100 }))
  const net = lines.reduce((sum, line) => sum + line.netMinor, 0)
  return {
    currency: order.currency ?? 'EUR', exponent: 2, baseMinor: net, lines, taxes: [],
    totals: {
      lineNetMinor: net, allowanceMinor: 0, chargeMinor: 0, taxExclusiveMinor: net, taxMinor: 0, taxInclusiveMinor: net,
      prepaidMinor: 0, roundingMinor: 0, payableMinor: net,
    },
    explanation: [],
  }
}
exports.price = (input, config) => {
  ${body}
  return plain(input)
}
`
}

export function orderView(reference: string, lines = 2, attributes: OrderView['attributes'] = {}): OrderView {
  return {
    reference, kind: 'order', account: { code: 'C1', attributes: {} }, orgpath: '/acme/uk', currency: 'GBP', placedOn: '2026-11-20',
    lines: Array.from({ length: lines }, (_, i) => ({
      id: String(i + 1), item: `ITEM-${i % 7}`, description: `Item ${i}`, quantity: String(i + 1), unit: 'EA', return: false, price: '5',
      baseQuantity: null, allowances: [], tax: null, statedNet: null, attributes: {},
    })),
    allowances: [], prepaidAmount: null, roundingAmount: null, taxAmount: null, attributes,
  }
}

export function decideOrder(key: number, view: OrderView = orderView(`R${key}`)): DecideOrder {
  return { key, from: 'submitted', view: JSON.stringify(view), exposure: { openMinor: 0, openOrders: 0 }, price: null }
}
