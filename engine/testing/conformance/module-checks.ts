import { Ajv2020 } from 'ajv/dist/2020.js'
import { AJV_OPTIONS } from '#engine/core/json-formats.ts'
import type { NewEvent } from '#engine/contracts/v1/index.ts'
import { type Answer, type Asked, moduleOf, type Subject } from '#engine/packs/cases/index.ts'
import { askedLifeCycle } from '#engine/packs/asked-module.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import type { PackHost } from '#engine/packs/pack-host.ts'
import type { ConformanceCheck, Finding } from './check.ts'
import { missingTexts } from './text-checks.ts'

type Check = (name: string, run: (asked: Asked) => Promise<readonly Finding[]>) => ConformanceCheck

interface AskedAlready {
  readonly subjects: readonly Subject[]
  /** What the pack answers to them. */
  readonly answers: (asked: Asked) => Promise<readonly Answer[]>
}

/** That whatever a domain module decides can be appended: by the schemas of its own events. */
export function eventChecks({ manifest }: OpenPack, { subjects, answers }: AskedAlready, check: Check): readonly ConformanceCheck[] {
  const ajv = new Ajv2020(AJV_OPTIONS)
  const schemas = new Map((manifest.emits ?? []).map(({ type, data }) => [type, ajv.compile(data)]))
  return [check('appends events that their schemas let through', async asked => (await answers(asked)).flatMap((answer, i) => eventsOf(answer).flatMap(({ type, data }) => {
    const validate = schemas.get(type)
    if (validate === undefined || validate(data)) return []
    return [{ message: `${type}: ${ajv.errorsText(validate.errors, { dataVar: 'data' })}`, details: subjects[i] }]
  })))]
}

function eventsOf(answer: Answer): readonly NewEvent[] {
  return 'answer' in answer ? (answer.answer as { readonly events?: readonly NewEvent[] }).events ?? [] : []
}

const HOOKS = ['onInit', 'onEnable', 'onDisable'] as const
const FIGURES = { contracts: [{ contract: 'pricing-policy', asked: 100, failed: 3, share: 0.2 }], deadLetters: 1 }
const NO_FIGURES = { contracts: [], deadLetters: 0 }

/** That the hooks of a pack answer, under every config that its cases name, in words that every reader can read. */
export function lifeCycleChecks(pack: OpenPack, configs: readonly unknown[], host: PackHost): readonly ConformanceCheck[] {
  const [part] = pack.manifest.implements
  if (pack.manifest.lifeCycle === undefined || part === undefined) return []
  return [{
    contract: 'life-cycle', name: 'answers when it is enabled, disabled, and asked how it is',
    run: async () => {
      const findings: Finding[] = []
      for (const config of configs.length === 0 ? [{}] : configs) {
        const hooks = askedLifeCycle(moduleOf({ pack, config }))
        if (hooks === null) continue
        const answers = [
          ...await Promise.all(HOOKS.map(async fn => (await host.call(hooks, [{ fn, subject: fn, input: null }]))[0])),
          ...await host.call(hooks, [FIGURES, NO_FIGURES].map(input => ({ fn: 'onHealthCheck' as const, subject: 'health', input }))),
        ].filter(answer => answer !== undefined)
        findings.push(...answers.flatMap(answer => (answer.ok ? [] : [{ message: `${answer.failure.code} ${answer.failure.message}` }])), ...missingTexts(pack, answers.flatMap(answer => (answer.ok ? [{ answer: answer.answer }] : []))))
      }
      return findings
    },
  }]
}
