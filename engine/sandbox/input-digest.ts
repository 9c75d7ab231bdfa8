import { createHash, type Hash } from 'node:crypto'

/**
 * SHA-256 over the exact JSON text of a step's input, with the digests of the configs that it was asked under:
 *
 *     {"order":<view>,"exposure":{"openMinor":0,"openOrders":0},"config":["<digest>",…]}
 *     {"order":<view>,"config":"<digest>"}
 *     {"order":<view>,"price":{"currency":…,"exponent":…,"baseMinor":…,"totals":{…}},"config":"<digest>"}
 *
 * All begin with the order, which is hashed once.
 */
export class InputDigests {
  readonly #order: Hash

  constructor(view: Uint8Array) {
    this.#order = createHash('sha256').update('{"order":').update(view)
  }

  validation(exposure: string, configDigests: readonly string[]): Uint8Array {
    return this.#end(`,"exposure":${exposure},"config":${JSON.stringify(configDigests)}}`)
  }

  pricing(configDigest: string): Uint8Array {
    return this.#end(`,"config":${JSON.stringify(configDigest)}}`)
  }

  /** The last step: it uses the order's hash up. */
  approval(price: string, configDigest: string): Uint8Array {
    return this.#order.update(`,"price":${price},"config":${JSON.stringify(configDigest)}}`).digest()
  }

  #end(rest: string): Uint8Array {
    return this.#order.copy().update(rest).digest()
  }
}
