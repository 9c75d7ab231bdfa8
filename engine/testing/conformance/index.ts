import { casesOf, isAskedPart } from '#engine/packs/cases/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import type { PackHost } from '#engine/packs/pack-host.ts'
import type { ConformanceCheck } from './check.ts'
import { declarationChecks } from './declaration-checks.ts'
import { lifeCycleChecks } from './module-checks.ts'
import { partChecks } from './part-checks.ts'
import { explainedTexts, textChecks } from './text-checks.ts'

export type { ConformanceCheck, Finding } from './check.ts'
export { explainedTexts }

/**
 * What every pack that claims a contract must pass, over a host that loads it by its digest. Its own cases say that it
 * computes the right thing; this says that it is a pack: it answers anything that can be asked, within the contract,
 * always the same, with nothing but what it is given, in words that every reader can read.
 *
 * Throws RefusalError KS-PACK-CASES where its cases cannot be read.
 */
export function conformanceOf(pack: OpenPack, host: PackHost): readonly ConformanceCheck[] {
  const cases = casesOf(pack)
  if (!cases.ok) throw new RefusalError(cases.refusal)
  return [
    ...textChecks(pack),
    ...declarationChecks(pack, cases.value),
    ...lifeCycleChecks(pack, [...new Map(cases.value.map(({ config }) => [JSON.stringify(config), config])).values()], host),
    ...pack.manifest.implements.filter(isAskedPart).flatMap(part => partChecks(pack, part, cases.value.filter(each => each.contract === part.contract), host)),
  ]
}
