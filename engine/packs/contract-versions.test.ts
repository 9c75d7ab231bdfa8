import { expect, it } from 'vitest'
import { CONTRACT_VERSIONS, type ContractVersion, deprecationsOf, deprecationText } from './contract-versions.ts'

const versions: readonly ContractVersion[] = [
  { name: 'pricing-policy', version: 'v1', status: 'deprecated', removedIn: '2.0.0', isDefault: false },
  { name: 'pricing-policy', version: 'v2', status: 'current', removedIn: null, isDefault: true },
]

it('tells which parts of a pack are on versions that go, and when', () => {
  const found = deprecationsOf([{ contract: 'pricing-policy', version: 'v1' }, { contract: 'pricing-policy', version: 'v2' }, { contract: 'reactor', version: 'v1' }], versions)
  expect(found).toEqual([{ contract: 'pricing-policy', version: 'v1', removedIn: '2.0.0' }])
  expect(found.map(deprecationText)).toEqual(['pricing-policy v1 is deprecated and goes with release 2.0.0'])
})

it('knows each version of a contract once, and one to write new packs against', () => {
  const names = CONTRACT_VERSIONS.map(({ name, version }) => `${name} ${version}`)
  expect(new Set(names).size).toBe(names.length)
  for (const name of new Set(CONTRACT_VERSIONS.map(each => each.name))) expect([name, CONTRACT_VERSIONS.filter(each => each.name === name && each.isDefault).length]).toEqual([name, 1])
})
