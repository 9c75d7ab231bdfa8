import { readFileSync } from 'node:fs'
import type { OrderView } from '#engine/contracts/v1/index.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import { createPackHost, type PackHostClient } from '#engine/packs/pack-host-client.ts'
import type { DecidedOrder, StartPackHost } from '#engine/packs/pack-host.ts'
import { type Profile, readProfile, resolveProfile } from '#engine/profiles/index.ts'

export const ENGINE_VERSION = '0.1.0'

/** Decides orders under profiles, with pack files in a real pack host. */
export class ProfileDecider {
  readonly packs: readonly OpenPack[]
  readonly host: PackHostClient

  constructor(files: readonly { readonly file: string; readonly digest: string }[], start: StartPackHost) {
    this.packs = files.map(({ file, digest }) => {
      const opened = openKpack(readFileSync(file), digest)
      if (!opened.ok) throw new Error(opened.refusal.message)
      return opened.value
    })
    this.host = createPackHost({
      tenant: 'cases', start, clock: { now: () => 0 },
      loadPack: digest => Promise.resolve(this.packs.find(pack => pack.digest === digest) ?? null),
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    })
  }

  decide(profile: Profile, orders: readonly OrderView[], exposure = { openMinor: 0, openOrders: 0 }): Promise<readonly DecidedOrder[]> {
    const composition = resolveProfile(profile, { packs: this.packs, engineVersion: ENGINE_VERSION }, 'cases', 1)
    return this.host.decide(composition, orders.map((order, key) => ({ key, from: 'submitted', view: JSON.stringify(order), exposure, price: null })))
  }

  close(): Promise<void> {
    return this.host.close()
  }
}

export function profileFrom(file: string | URL): Profile {
  const reading = readProfile(readFileSync(file, 'utf8'))
  if (!reading.ok) throw new Error(reading.refusal.message)
  return reading.value
}
