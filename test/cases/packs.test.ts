import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { IntlMessageFormat } from 'intl-messageformat'
import { afterAll, describe, expect, it } from 'vitest'
import { buildPacks } from '#build/build-packs.ts'
import type { EventView, Explanation } from '#engine/contracts/v1/index.ts'
import type { Composition, OpenPack, PackUse } from '#engine/packs/composition.ts'
import { PACK_LOCALES, packTexts } from '#engine/packs/kpack.ts'
import { completeOrder, decisionsOf, differences, packCasesSchema } from '#engine/testing/cases.ts'
import { ACCEPT_ALL, ALWAYS_APPROVE, packUse } from '#engine/testing/pack-fixtures.ts'
import { ProfileDecider } from '#engine/testing/profile-decider.ts'
import { forkPackHost } from '#src/pack-host/fork-pack-host.ts'

type Case = ReturnType<typeof packCasesSchema.parse>['cases'][number]

const built = mkdtempSync(path.join(tmpdir(), 'pack-cases-'))
const decider = new ProfileDecider(await buildPacks(built), forkPackHost())

afterAll(async () => {
  await decider.close()
  rmSync(built, { recursive: true })
})

describe.each(decider.packs)('$manifest.id', pack => {
  const caseFiles = [...pack.files].filter(([name]) => name.startsWith('cases/')).map(([, bytes]) => packCasesSchema.parse(JSON.parse(new TextDecoder().decode(bytes))))
  const cases = caseFiles.flatMap(({ contract, cases: list }) => list.map(each => ({ contract, title: each.title, case: each })))

  it('brings cases for every contract that it implements', () => {
    expect(new Set(caseFiles.map(file => file.contract))).toEqual(new Set(pack.manifest.implements.map(part => part.contract)))
  })

  it.each(cases)('$title', async ({ contract, case: each }) => {
    const use = useOf(pack, contract, each.config)
    const answer = contract === 'reactor' ? await reaction(use, each) : await decision(use, each)
    expect(differences(each.expect, answer)).toEqual([])
    for (const explanation of explanationsIn(answer)) expectText(explanation)
  })

  /** Every code has its text in every language, and the text finds its values. */
  function expectText({ code, values }: Explanation): void {
    for (const locale of PACK_LOCALES) {
      const text = packTexts(pack, locale)[code]
      expect([locale, code, text === undefined]).toEqual([locale, code, false])
      expect(new IntlMessageFormat(text ?? '', locale).format(values as Record<string, string | number>)).toEqual(expect.not.stringContaining('{'))
    }
  }
})

function useOf({ manifest, digest }: OpenPack, contract: PackUse['contract'], config: unknown): PackUse {
  const part = manifest.implements.find(each => each.contract === contract)
  if (part === undefined) throw new Error(`${manifest.id} is no ${contract}`)
  return { ...packUse({ pack: manifest.id, digest, contract, entry: part.entry, config }), reads: part.reads ?? [], needs: part.needs ?? [] }
}

async function decision(use: PackUse, { input }: Case): Promise<unknown> {
  const composition: Composition = {
    tenant: 'cases', profileVersion: 1, reactors: [], confirmation: 'manual', targets: {}, unusable: [],
    validation: [use.contract === 'validation-rule' ? use : ACCEPT_ALL],
    pricing: use.contract === 'pricing-policy' ? use : useOf(packNamed('stated-totals'), 'pricing-policy', { exponent: 2, defaultCurrency: 'EUR' }),
    approval: use.contract === 'approval-policy' ? use : ALWAYS_APPROVE,
  }
  const view = JSON.stringify(completeOrder(input['order'] as Record<string, unknown>))
  const price = input['price'] === undefined ? null : JSON.stringify({ outcome: 'priced', lines: [{ lineId: '1', netMinor: 0 }], taxes: [], explanation: [], ...input['price'] as object })
  const exposure = (input['exposure'] ?? { openMinor: 0, openOrders: 0 }) as { openMinor: number; openOrders: number }
  const [decided] = await decider.host.decide(composition, [{ key: 1, from: price === null ? 'submitted' : 'priced', view, exposure, price }])
  const { validation, pricing, approval } = decisionsOf(decided)
  if (use.contract === 'validation-rule') return validation
  if (use.contract === 'approval-policy') return approval
  // A decision says `refused` as its outcome; the contract's answer says why.
  const refused = (pricing as { outcome: string; explanation: readonly Explanation[] }).outcome === 'refused'
  return refused ? { refused: (pricing as { explanation: readonly Explanation[] }).explanation[0] } : pricing
}

async function reaction(use: PackUse, { input }: Case): Promise<unknown> {
  const composition: Composition = {
    tenant: 'cases', profileVersion: 1, reactors: [use], confirmation: 'manual', validation: [ACCEPT_ALL], approval: ALWAYS_APPROVE, pricing: use,
    targets: { outbox: { kind: (use.config as { kind: 'file' }).kind, folder: 'outbox' } }, unusable: [],
  }
  const [reacted] = await decider.host.react(composition, use, [input['event'] as EventView])
  return reacted?.ok === true ? reacted.answer : reacted
}

function packNamed(id: string): OpenPack {
  const found = decider.packs.find(pack => pack.manifest.id === id)
  if (found === undefined) throw new Error(id)
  return found
}

function explanationsIn(answer: unknown): readonly Explanation[] {
  const { explanation = [], findings = [], refused } = answer as { explanation?: Explanation[]; findings?: Explanation[]; refused?: Explanation }
  return [...explanation, ...findings, ...refused === undefined ? [] : [refused]]
}
