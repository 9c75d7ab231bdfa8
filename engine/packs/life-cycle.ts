import type { Explanation, HealthAnswer, HealthInput, PackManifest } from '#engine/contracts/v1/index.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { askedLifeCycle } from './asked-module.ts'
import type { Composition, ModuleUse, OpenPack } from './composition.ts'
import type { PackHost } from './pack-host.ts'
import { packText } from './pack-text.ts'

/** A pack with the config that the composition gives it, to be asked its life cycle. */
export function moduleOf(composition: Composition, digest: string, manifest: PackManifest): ModuleUse {
  const module = composition.modules.find(each => each.digest === digest)
  if (module !== undefined) return module
  const use = [...composition.validation, composition.pricing, composition.approval, ...composition.reactors].find(each => each.digest === digest)
  return { pack: manifest.id, version: manifest.version, digest, config: use?.config ?? {}, configDigest: use?.configDigest ?? '', manifest }
}

type Hook = 'onInit' | 'onEnable' | 'onDisable'

/** The file of a pack, whose texts say what it refuses, and the language that they are wanted in. */
export interface Reader {
  readonly pack: Pick<OpenPack, 'files'> | null
  readonly locale: string
}

/**
 * Asks a pack before something is done with it. Its notes come back; refuses with KS-PACK-REFUSES where the pack says no,
 * in its own words, and with the failure of a hook that fails.
 */
export async function askBefore(host: PackHost, module: ModuleUse, hook: Hook, { pack, locale }: Reader): Promise<Result<readonly Explanation[]>> {
  const asked = askedLifeCycle(module)
  if (asked === null) return ok([])
  const [answer] = await host.call(asked, [{ fn: hook, subject: `${module.pack} ${hook}`, input: null }])
  if (answer?.ok !== true) {
    const failure = answer?.failure
    return refuse(failure?.code ?? 'KS-PACK-HOST', failure?.message ?? `${module.pack} was not asked.`, failure?.remedy ?? 'Try again.', { pack: module.pack, hook })
  }
  if ('notes' in answer.answer) return ok(answer.answer.notes)
  const { refused } = answer.answer
  const why = (pack === null ? null : packText(pack, locale, refused)) ?? refused.code
  return refuse('KS-PACK-REFUSES', `${module.pack} ${module.version} says no: ${why.replace(/\.$/, '')}.`, 'Mend what the pack says, and try again.', { pack: module.pack, version: module.version, code: refused.code, why: why.replace(/\.$/, '') })
}

/** What a pack makes of its own figures; `unwell` where it cannot say. */
export async function askHealth(host: PackHost, module: ModuleUse, input: HealthInput): Promise<HealthAnswer> {
  const asked = askedLifeCycle(module)
  if (asked === null) return { health: 'well', notes: [] }
  const [answer] = await host.call(asked, [{ fn: 'onHealthCheck', subject: `${module.pack} onHealthCheck`, input }])
  return answer?.ok === true ? answer.answer : { health: 'unwell', notes: [{ code: answer?.failure.code ?? 'KS-PACK-HOST', values: {} }] }
}
