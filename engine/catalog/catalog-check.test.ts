import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { Condition } from '#engine/packs/pack-catalog.ts'
import { catalogCheck } from './catalog-check.ts'
import { allHold } from './condition.ts'
import { type Constraint, isBroken } from './constraint.ts'
import { DocumentView } from './document-view.ts'
import { OTHER, ProfileSpace } from './profile-space.ts'
import { isSatisfiable, smallestConflict } from './satisfy.ts'

const pack = (id: string, contract: string, given: Partial<PackManifest> & { config?: object } = {}): KnownPack => ({
  digest: `${id} ${given.version ?? '1.0.0'}`,
  manifest: {
    manifest: 1, id, version: '1.0.0', publisher: 'p', title: id, description: '-', engine: '*', ...given,
    implements: [{ contract: contract as 'reactor', version: 'v1', entry: 'code/x.js', config: { type: 'object', ...given.config } }],
  },
})
const K = { properties: { k: { enum: ['u', 'v'] } } }
const PACKS = [
  pack('flat', 'pricing-policy', { config: K }), pack('tiers', 'pricing-policy'), pack('limit', 'approval-policy'),
  pack('points', 'domain-module', { config: K }), pack('points', 'domain-module', { version: '2.0.0', config: K }), pack('contacts', 'domain-module'),
]
const constraint = (kind: Constraint['kind'], when: Condition[], then: Condition[], id = 'c'): Constraint => ({ id, kind, when, then, because: 'Because.', source: { from: 'product' } })
const findings = (...constraints: Constraint[]) => catalogCheck(PACKS, 'en', constraints).map(({ message }) => message)

describe('a check of the catalog', () => {
  it('finds nothing where everything can be used', () => {
    expect(findings(constraint('requires', [{ pack: 'points' }], [{ pack: 'contacts' }]))).toEqual([])
  })

  it('names a capability that no profile can use, with what stands against it', () => {
    expect(findings(constraint('requires', [{ pack: 'points' }], [{ pack: 'flat' }], 'a'), constraint('conflicts', [{ pack: 'points' }], [{ path: 'capabilities.pricing.pack', is: 'flat' }], 'b')))
      .toEqual(['No valid profile can ever use points: product/a, product/b would be broken.', 'product/a, product/b contradict each other.'])
  })

  it('names a pack that needs one which is not on the site', () => {
    const needy = pack('needy', 'domain-module', { requires: [{ pack: 'gone', version: '*' }] })
    expect(catalogCheck([...PACKS, needy], 'en', []).map(({ message }) => message)).toEqual(['No valid profile can ever use needy: needy/needs-gone would be broken.'])
  })

  it('knows that there are numbers between and above those that constraints name', () => {
    const above: Condition = { path: 'publishing.after', atLeast: 1 }
    expect(findings(constraint('requires', [], [above], 'a'), constraint('conflicts', [{ pack: 'points' }], [{ path: 'publishing.after', is: 1 }], 'b'))).toEqual([])
  })

  it('names advice that cannot be followed', () => {
    expect(findings(constraint('recommends', [{ pack: 'points' }], [{ pack: 'contacts' }], 'a'), constraint('discourages', [{ pack: 'points' }], [{ pack: 'contacts' }], 'b'))).toEqual(['product/a, product/b contradict each other.'])
  })
})

describe('a large catalog', () => {
  it('is checked in a moment, though all its packs are tied to one section', () => {
    const modules = Array.from({ length: 60 }, (_, at) => pack(`module-${at}`, 'domain-module'))
    const tied = modules.map(({ manifest: { id } }, at) => constraint('requires', [{ pack: id }], [{ path: 'capabilities.pricing.pack', is: at % 2 === 0 ? 'flat' : 'tiers' }], `c${at}`))
    const found = catalogCheck([...PACKS, ...modules], 'en', [...tied, constraint('conflicts', [{ pack: 'module-59' }], [{ path: 'capabilities.pricing.pack', is: 'tiers' }], 'last')])
    expect(found.map(({ message }) => message)).toEqual(['No valid profile can ever use module-59: product/c59, product/last would be broken.', 'product/c59, product/last contradict each other.'])
  })
})

// Every profile of a small world, made as a document and looked at as one.
const PATHS = ['look.x', 'capabilities.confirmation', 'capabilities.pricing.config.k', 'packs.points.config.k', 'packs.flat.config.k']
const value = fc.constantFrom('u', 'v', 1)
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ pack: fc.constantFrom('points', 'contacts', 'flat', 'tiers', 'limit', 'gone') }),
  fc.record({ pack: fc.constant('points'), version: fc.constantFrom('^1.0.0', '>=2') }),
  fc.record({ pack: fc.constantFrom('points', 'contacts'), present: fc.constant(false as const) }),
  fc.record({ path: fc.constantFrom(...PATHS), is: value }),
  fc.record({ path: fc.constantFrom(...PATHS), present: fc.boolean() }),
  fc.record({ path: fc.constant('look.x'), atLeast: fc.constantFrom(1, 2) }),
  fc.record({ path: fc.constant('look.x'), atMost: fc.constantFrom(1, 2) }),
  fc.record({ path: fc.constant('capabilities.confirmation'), is: fc.constantFrom('automatic', 'manual') }),
  fc.record({ path: fc.constant('packs.points.config.k'), same: fc.constant('capabilities.pricing.config.k') }),
  fc.record({ path: fc.constant('capabilities.approval.default'), is: fc.constant('always-approve') }),
)
const constraints = fc.array(fc.record({ kind: fc.constantFrom('requires' as const, 'conflicts' as const), when: fc.array(condition, { maxLength: 2 }), then: fc.array(condition, { minLength: 1, maxLength: 2 }) }), { maxLength: 6 })
  .map(all => all.map(({ kind, when, then }, index) => constraint(kind, when, then, `c${index}`)))

function everyProfile(): object[] {
  const configs = [undefined, { k: 'u' }, { k: 'v' }]
  const points = [undefined, ...['1.0.0', '2.0.0'].flatMap(version => configs.map(config => ({ pack: 'points', version, config })))]
  const pricings = [{ pack: 'tiers', version: '*' }, ...configs.map(config => ({ pack: 'flat', version: '*', config }))]
  const profiles: object[] = []
  for (const pricing of pricings) for (const approval of [{ pack: 'limit', version: '*' }, { default: 'always-approve' }]) for (const each of points) {
    for (const contacts of [undefined, { pack: 'contacts', version: '*' }]) for (const confirmation of ['automatic', 'manual']) for (const x of [undefined, 'u', 'v', 0, 0.5, 1, 1.5, 2, 2.5, 3, OTHER]) {
      profiles.push({ look: x === undefined ? {} : { x }, capabilities: { pricing, approval, confirmation, modules: [each, contacts].filter(found => found !== undefined) } })
    }
  }
  return profiles
}
const VIEWS = everyProfile().map(document => new DocumentView(JSON.parse(JSON.stringify(document)), PACKS))

describe('the search for a profile, in every small world', () => {
  const exists = (all: readonly Constraint[], goals: readonly Condition[]): boolean => VIEWS.some(view => allHold(goals, view) === true && all.every(each => isBroken(each, view) === false))

  it('finds one exactly where one is', () => {
    fc.assert(fc.property(constraints, fc.array(condition, { maxLength: 2 }), (all, goals) => {
      const space = new ProfileSpace(PACKS, [...all, { when: goals, then: [] }])
      expect(isSatisfiable(space, all, goals)).toBe(exists(all, goals))
    }), { numRuns: 1000 })
  })

  it('says which constraints leave none: without any one of them there is one', () => {
    fc.assert(fc.property(constraints, fc.array(condition, { maxLength: 2 }), (all, goals) => {
      fc.pre(exists([], goals) && !exists(all, goals))
      const needed = smallestConflict(new ProfileSpace(PACKS, [...all, { when: goals, then: [] }]), all, goals)
      expect(exists(needed, goals)).toBe(false)
      for (const each of needed) expect(exists(needed.filter(other => other !== each), goals)).toBe(true)
    }), { numRuns: 60 })
  })
})
