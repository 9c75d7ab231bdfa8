import { ok } from '#engine/core/refusal.ts'
import { internal } from './handler.ts'
import type { TenantWriter } from './tenant-writer.ts'

/** A pack whose answers differed for the same input: it answers nothing more until a person looks. */
export const quarantinePack = internal<{ readonly pack: string; readonly digest: string; readonly why: string }, Record<string, never>>((writer, input, invocation) => {
  if (packState(writer, input) === 'quarantined') return ok({})
  writer.append('keelson.pack.quarantined.v1', input, invocation, { orgpath: writer.store.rootPath() })
  return ok({})
})

/** Switches a pack off for the tenant: by a person with a reason, or by the rate of its incidents. What needs it waits. */
export const disablePack = internal<{ readonly pack: string; readonly digest: string; readonly why: string; readonly by: 'person' | 'incidents' }, Record<string, never>>((writer, input, invocation) => {
  if (packState(writer, input) === 'disabled') return ok({})
  writer.append('keelson.pack.disabled.v1', input, invocation, { orgpath: writer.store.rootPath() })
  return ok({})
})

/** Lets a pack that was disabled, or put into quarantine, be asked again. */
export const enablePack = internal<{ readonly pack: string; readonly digest: string }, Record<string, never>>((writer, input, invocation) => {
  const state = packState(writer, input)
  if (state === null || state === 'ready') return ok({})
  writer.append('keelson.pack.enabled.v1', input, invocation, { orgpath: writer.store.rootPath() })
  return ok({})
})

function packState(writer: TenantWriter, { pack, digest }: { readonly pack: string; readonly digest: string }): string | null {
  return writer.statements.get<[string, string], { state: string }>('SELECT state FROM pack_states WHERE pack = ? AND digest = ?').get(pack, digest)?.state ?? null
}
