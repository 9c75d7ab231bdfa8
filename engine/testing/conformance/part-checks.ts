import { type Answer, type Asked, type AskedPart, askPack, type PackCase, type Subject } from '#engine/packs/cases/index.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import type { PackHost } from '#engine/packs/pack-host.ts'
import { oddSubjects, usualSubjects } from './any-subjects.ts'
import type { ConformanceCheck, Finding } from './check.ts'
import { foldChecks } from './fold-checks.ts'
import { eventChecks } from './module-checks.ts'
import { namesOutOfReach } from './names-out-of-reach.ts'
import { missingTexts } from './text-checks.ts'

/** More of the same would not help whoever reads them. */
const MOST_FINDINGS = 5

/** The promises of one part of a pack that is asked something, under every config that its cases name. */
export function partChecks(pack: OpenPack, part: AskedPart, cases: readonly PackCase[], host: PackHost): readonly ConformanceCheck[] {
  const configs = [...new Map(cases.map(({ config }) => [JSON.stringify(config), config])).values()]
  const usual = usualSubjects(pack, part, cases)
  const answered = new Map<Asked['config'], Promise<readonly Answer[]>>()
  /** What it answers to the usual under a config; asked once for all checks that only look at it. */
  const answers = (asked: Asked): Promise<readonly Answer[]> => {
    const known = answered.get(asked.config) ?? askPack(asked, usual)
    answered.set(asked.config, known)
    return known
  }
  const check = (name: string, run: (asked: Asked) => Promise<readonly Finding[]>): ConformanceCheck => ({
    contract: part.contract, name,
    run: async () => {
      const findings: Finding[] = []
      for (const config of configs) findings.push(...await run({ host, pack, part, config }))
      return [...new Map(findings.toReversed().map(finding => [finding.message, finding])).values()].toReversed().slice(0, MOST_FINDINGS)
    },
  })
  return [
    {
      contract: part.contract, name: 'brings cases that show what it does',
      run: () => Promise.resolve(cases.length > 0 ? [] : [{ message: `no file in cases/ has "contract": "${part.contract}"` }]),
    },
    check('answers, or refuses by name, whatever it is asked about', async asked => failuresAmong(await answers(asked), usual)),
    check('answers the empty, the largest and the oddest', async asked => {
      const odd = oddSubjects(pack, part)
      return failuresAmong(await askPack(asked, odd), odd)
    }),
    check('gives the same answers twice, backwards and one by one', async asked => {
      const once = await answers(asked)
      const findings = [
        // The pack host asks a sample again by itself, and says so.
        ...failuresAmong(once, usual).filter(({ message }) => /^KS-PACK-(?:NONDETERMINISTIC|QUARANTINED)/.test(message)),
        ...unlike('asked a second time', once, await askPack(asked, usual), usual),
        ...unlike('asked in another order', once, (await askPack(asked, usual.toReversed())).toReversed(), usual),
      ]
      for (const i of [0, 7, usual.length - 1]) {
        findings.push(...unlike('asked alone', [once[i] as Answer], await askPack(asked, [usual[i] as Subject]), [usual[i] as Subject]))
      }
      return findings
    }),
    check('explains itself in every language', async asked => missingTexts(pack, await answers(asked))),
    ...part.contract === 'domain-module' ? eventChecks(pack, { subjects: usual, answers }, check) : [],
    ...part.contract === 'report' || part.contract === 'domain-module' ? foldChecks(pack, part, cases, check) : [],
    {
      contract: part.contract, name: 'reaches for nothing but the globals of packs',
      // By reading it: code of somebody else runs in the pack host, and nowhere else.
      run: () => Promise.resolve([...new Set(namesOutOfReach(codeOf(pack, part)).map(({ name }) => name))].map(name => ({ message: `it reaches for ${name}, which packs do not have` }))),
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

function codeOf(pack: OpenPack, { entry }: AskedPart): string {
  const file = pack.files.get(entry)
  if (file === undefined) throw new Error(`${pack.manifest.id} has no ${entry}`)
  return new TextDecoder().decode(file)
}
