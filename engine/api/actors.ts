import type { Receipt } from '#engine/core/decisions/decision.ts'
import type { SiteReader } from '#engine/site/site-reader.ts'

/** Who did something, as people are told; the shape is the contract's. */
export interface ActorView {
  readonly kind: 'user' | 'cli' | 'engine' | 'pack'
  readonly id: string
  readonly name: string | null
}

/** Who an actor of the log is. Names are looked up as they are asked for: they are personal, and the log does not hold them. */
export function actorOf(site: SiteReader, id: string): ActorView {
  const [, kind, name = ''] = /^(system|cli|pack):(.*)$/s.exec(id) ?? []
  if (kind === 'system') return { kind: 'engine', id, name }
  if (kind === 'cli' || kind === 'pack') return { kind, id, name }
  return { kind: 'user', id, name: site.userName(id) }
}

/** Who made an event: the packs whose decision it states, or else its actor. */
export function eventBy(site: SiteReader, event: { readonly actor: string; readonly data: unknown }): ActorView {
  const { receipt } = event.data as { readonly receipt?: Receipt | null }
  // A default that the profile names is the engine's own.
  const packs = (receipt?.parts ?? []).filter(part => part.pack !== 'keelson').map(part => `${part.pack} ${part.version}`)
  return packs.length === 0 ? actorOf(site, event.actor) : { kind: 'pack', id: event.actor, name: packs.join(', ') }
}
