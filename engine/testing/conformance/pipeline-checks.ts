import fc from 'fast-check'
import { askPack, type Answer, type PackCase, type PipelinePart, type Subject, subjectOf, useOf } from '#engine/packs/cases/index.ts'
import type { OpenPack, PackUse } from '#engine/packs/composition.ts'
import type { PackHost } from '#engine/packs/pack-host.ts'
import { anyEvent, anyOrder, anyPrice, oddOrders } from '../order-arbitrary.ts'
import type { ConformanceCheck, Finding } from './check.ts'
import { globalsReached } from './globals-reached.ts'
import { missingTexts } from './text-checks.ts'

/** Always the same orders: a pack that fails today fails tomorrow. */
const SAMPLE = { seed: 20_261_121, numRuns: 120 }
/** More of the same would not help whoever reads them. */
const MOST_FINDINGS = 5

const NO_EXPOSURE = { openMinor: 0, openOrders: 0 }

/** The promises of a validation rule, a pricing or approval policy, or a reactor. */
export function pipelineChecks(pack: OpenPack, part: PipelinePart, cases: readonly PackCase[], host: PackHost): readonly ConformanceCheck[] {
  // The configs of its cases: those that it says it works with.
  const configs = new Map(cases.map(({ config }) => [JSON.stringify(config), config]))
  const uses = [...configs.values()].map(config => useOf(pack, part, config))
  const usual = [...cases.map(subjectOf), ...anySubjects(part)]
  const odd = oddSubjects(part)
  const check = (name: string, run: (use: PackUse) => Promise<readonly Finding[]>): ConformanceCheck => ({
    contract: part.contract, name,
    run: async () => {
      const findings: Finding[] = []
      for (const use of uses) findings.push(...(await run(use)).slice(0, MOST_FINDINGS))
      return findings
    },
  })
  return [
    {
      contract: part.contract, name: 'brings cases that show what it does',
      run: () => Promise.resolve(cases.length > 0 ? [] : [{ message: `no file in cases/ has "contract": "${part.contract}"` }]),
    },
    check('answers, or refuses by name, whatever it is asked about', async use => failuresAmong(await askPack(host, use, usual), usual)),
    check('answers the empty, the largest and the oddest', async use => failuresAmong(await askPack(host, use, odd), odd)),
    check('gives the same answers twice, backwards and one by one', async (use) => {
      const once = await askPack(host, use, usual)
      const alone = [0, 7, usual.length - 1]
      return [
        ...unlike('asked a second time', once, await askPack(host, use, usual), usual),
        ...unlike('asked in another order', once, (await askPack(host, use, usual.toReversed())).toReversed(), usual),
        ...(await Promise.all(alone.map(async i => unlike('asked alone', [once[i] as Answer], await askPack(host, use, [usual[i] as Subject]), [usual[i] as Subject])))).flat(),
      ]
    }),
    check('explains itself in every language', async use => missingTexts(pack, await askPack(host, use, usual))),
    {
      contract: part.contract, name: 'reaches for nothing but the globals of packs',
      run: () => Promise.resolve(globalsReached(codeOf(pack, part), uses.map(({ config }) => config), usual.slice(0, 60))
        .map(name => ({ message: `it reaches for ${name}, which packs do not have` }))),
    },
  ]
}

function failuresAmong(answers: readonly Answer[], subjects: readonly Subject[]): Finding[] {
  return answers.flatMap((answer, i) => ('failure' in answer ? [{ message: `${answer.failure.code} ${answer.failure.message}`, details: subjects[i] }] : []))
}

function unlike(how: string, first: readonly Answer[], second: readonly Answer[], subjects: readonly Subject[]): Finding[] {
  return first.flatMap((answer, i) => (JSON.stringify(answer) === JSON.stringify(second[i])
    ? [] : [{ message: `${how}, it gives another answer`, details: { subject: subjects[i], first: answer, second: second[i] } }]))
}

function anySubjects({ contract, reads }: PipelinePart): Subject[] {
  if (contract === 'reactor') return fc.sample(anyEvent(reads ?? []), SAMPLE).map(event => ({ event }))
  const exposure = fc.record({ openMinor: fc.nat({ max: 1e9 }), openOrders: fc.nat({ max: 50 }) })
  return fc.sample(fc.record({ order: anyOrder, price: contract === 'approval-policy' ? anyPrice : fc.constant(null), exposure }), SAMPLE)
}

function oddSubjects({ contract, reads }: PipelinePart): Subject[] {
  if (contract === 'reactor') {
    const [event] = fc.sample(anyEvent(reads ?? []), { seed: SAMPLE.seed, numRuns: 1 })
    if (event === undefined) return []
    return [null, [], '', 0, { list: Array.from({ length: 5000 }, (_, i) => i) }, { text: 'x'.repeat(60_000) }].map(data => ({ event: { ...event, data } }))
  }
  const [price] = contract === 'approval-policy' ? fc.sample(anyPrice, { seed: SAMPLE.seed, numRuns: 1 }) : [null]
  return oddOrders().map(order => ({ order, exposure: NO_EXPOSURE, price: price ?? null }))
}

function codeOf(pack: OpenPack, { entry }: PipelinePart): string {
  const file = pack.files.get(entry)
  if (file === undefined) throw new Error(`${pack.manifest.id} has no ${entry}`)
  return new TextDecoder().decode(file)
}
