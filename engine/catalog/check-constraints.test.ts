import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { Condition } from '#engine/packs/pack-catalog.ts'
import { fixFor } from '#engine/profiles/constraint-findings.ts'
import { applyEdits } from '#engine/profiles/edits.ts'
import { THOROUGH } from '#engine/testing/thorough.ts'
import type { PlainEdit } from './changes.ts'
import { checkConstraints } from './check-constraints.ts'
import { namedValues } from './choices.ts'
import { type Constraint, isBroken, isStrict } from './constraint.ts'
import { DocumentView } from './document-view.ts'

const pack = (id: string, contract: string, given: Partial<PackManifest> & { config?: object } = {}): KnownPack => ({
  digest: `${id} ${given.version ?? '1.0.0'}`,
  manifest: {
    manifest: 1, id, version: '1.0.0', publisher: 'p', title: id.toUpperCase(), description: '-', engine: '*', ...given,
    implements: [{ contract: contract as 'reactor', version: 'v1', entry: 'code/x.js', config: { type: 'object', ...given.config } }],
  },
})

const PACKS = [
  pack('flat', 'pricing-policy'), pack('tiers', 'pricing-policy'), pack('limit', 'approval-policy', { config: { properties: { above: { enum: ['ask', 'reject'] } } } }),
  pack('points', 'domain-module'), pack('points', 'domain-module', { version: '2.0.0' }), pack('contacts', 'domain-module'), pack('credit', 'validation-rule'),
]
const DOCUMENT = {
  capabilities: {
    validation: [{ default: 'accept-all' }], pricing: { pack: 'flat', version: '^1.0.0', config: { percent: '10' } },
    approval: { pack: 'limit', version: '*', config: { above: 'ask', amount: '1000.00' } }, confirmation: 'automatic',
  },
}

const constraint = (kind: Constraint['kind'], when: Condition[], then: Condition[], id = 'c'): Constraint => ({ id, kind, when, then, because: 'Because.', source: { from: 'profile' } })
const check = (document: unknown, ...constraints: Constraint[]) =>
  checkConstraints(document, { constraints, packs: PACKS, accepts: () => true }).map(each => ({ ...each, fixes: each.fixes.map(fixFor) }))
const labels = (document: unknown, ...constraints: Constraint[]) => check(document, ...constraints).map(({ fixes }) => fixes.map(({ label }) => label))

describe('constraints of a profile', () => {
  it('says nothing where all hold', () => {
    expect(check(DOCUMENT, constraint('requires', [{ pack: 'flat' }], [{ pack: 'limit' }]), constraint('conflicts', [{ pack: 'flat' }], [{ pack: 'points' }]))).toEqual([])
  })

  it.each<[string, Constraint, readonly string[]]>([
    ['a pack that is missing', constraint('requires', [{ pack: 'flat' }], [{ pack: 'points' }]), ['Add POINTS 2.0.0', 'Let TIERS 1.0.0 answer for pricing, instead of flat']],
    ['a version that is missing', constraint('requires', [{ pack: 'flat' }], [{ pack: 'points', version: '^1.0.0' }]), ['Add POINTS 1.0.0', 'Let TIERS 1.0.0 answer for pricing, instead of flat']],
    ['a value', constraint('requires', [{ path: 'capabilities.approval.config.above', is: 'ask' }], [{ path: 'capabilities.confirmation', is: 'manual' }]),
      ['Set capabilities.confirmation to manual', 'Set capabilities.approval.config.above to reject', 'Remove capabilities.approval.config.above', 'Let the product answer for approval: always-approve']],
    ['a bound on a decimal', constraint('conflicts', [{ path: 'packs.limit.config.amount', atLeast: '500' }], [{ pack: 'flat' }]),
      ['Set packs.limit.config.amount to 499', 'Remove packs.limit.config.amount', 'Let the product answer for approval: always-approve', 'Let TIERS 1.0.0 answer for pricing, instead of flat']],
    ['what is only recommended', constraint('recommends', [{ pack: 'flat' }], [{ pack: 'contacts' }]), ['Add CONTACTS 1.0.0']],
    ['what is discouraged', constraint('discourages', [{ pack: 'flat' }], [{ path: 'capabilities.approval.config.above', is: 'ask' }]),
      ['Set capabilities.approval.config.above to reject', 'Remove capabilities.approval.config.above', 'Let the product answer for approval: always-approve']],
    ['two places that shall say the same', constraint('requires', [{ pack: 'limit' }], [{ path: 'packs.limit.config.amount', same: 'capabilities.pricing.config.percent' }]),
      ['Set packs.limit.config.amount to 10', 'Set capabilities.pricing.config.percent to 1000.00', 'Let the product answer for approval: always-approve']],
  ])('offers the smallest changes: %s', (_, broken, expected) => {
    expect(labels(DOCUMENT, broken)).toEqual([expected])
  })

  it('offers pairs only where no single change does', () => {
    const needsBoth = constraint('requires', [{ pack: 'flat' }], [{ pack: 'contacts' }])
    const butNot = constraint('conflicts', [{ pack: 'contacts' }], [{ path: 'capabilities.confirmation', is: 'automatic' }])
    const never = constraint('requires', [], [{ pack: 'flat' }])
    expect(labels(DOCUMENT, needsBoth, butNot, never)).toEqual([['Add CONTACTS 1.0.0; Set capabilities.confirmation to manual', 'Add CONTACTS 1.0.0; Remove capabilities.confirmation']])
  })

  it('leaves out what would be no profile', () => {
    const broken = constraint('requires', [{ pack: 'flat' }], [{ path: 'capabilities.confirmation', is: 'manual' }])
    const [found] = checkConstraints(DOCUMENT, { constraints: [broken], packs: PACKS, accepts: document => new DocumentView(document, PACKS).value('capabilities.confirmation') === 'automatic' })
    expect(found?.fixes.map(each => fixFor(each).label)).toEqual(['Let TIERS 1.0.0 answer for pricing, instead of flat'])
  })

  it('a constraint of nobody in particular stands at the value that it is about', () => {
    expect(check(DOCUMENT, constraint('conflicts', [], [{ path: 'capabilities.confirmation', is: 'automatic' }])).map(({ at }) => at)).toEqual([['capabilities', 'confirmation']])
    expect(check(DOCUMENT, constraint('requires', [{ pack: 'flat' }], [{ pack: 'points' }])).map(({ at }) => at)).toEqual([['capabilities', 'pricing', 'pack']])
  })
})

// Small worlds: modules, a slot, and values of a few places, so that every change can be tried.
const PATHS = ['look.x', 'look.y', 'capabilities.confirmation', 'capabilities.pricing.config.k', 'packs.points.config.k']
const VALUES = ['u', 'v', 1, 2]
const MODULES = ['points', 'contacts']
const value = fc.constantFrom(...VALUES)
const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ pack: fc.constantFrom(...MODULES, 'flat', 'tiers', 'limit') }),
  fc.record({ pack: fc.constantFrom(...MODULES), present: fc.constant(false as const) }),
  fc.record({ path: fc.constantFrom(...PATHS), is: value }),
  fc.record({ path: fc.constantFrom(...PATHS), in: fc.uniqueArray(value, { minLength: 1, maxLength: 2 }) }),
  fc.record({ path: fc.constantFrom(...PATHS), atLeast: fc.constantFrom(1, 2) }),
  fc.record({ path: fc.constantFrom(...PATHS), atMost: fc.constantFrom(1, 2) }),
  fc.record({ path: fc.constantFrom(...PATHS), present: fc.boolean() }),
)
const constraints = fc.array(fc.record({
  kind: fc.constantFrom('requires' as const, 'conflicts' as const, 'requires' as const, 'conflicts' as const, 'recommends' as const), when: fc.array(condition, { maxLength: 2 }), then: fc.array(condition, { minLength: 1, maxLength: 2 }),
}), { minLength: 1, maxLength: 5 }).map(all => all.map(({ kind, when, then }, index) => constraint(kind, when, then, `c${index}`)))
const config = fc.option(fc.record({ k: value }), { nil: undefined })
const document = fc.record({
  modules: fc.uniqueArray(fc.record({ pack: fc.constantFrom(...MODULES), version: fc.constant('*'), config }), { selector: each => each.pack }),
  pricing: fc.record({ pack: fc.constantFrom('flat', 'tiers'), version: fc.constant('*'), config }),
  approval: fc.constantFrom({ pack: 'limit', version: '*' }, { default: 'always-approve' }),
  confirmation: fc.option(value, { nil: undefined }), look: fc.record({ x: fc.option(value, { nil: undefined }), y: fc.option(value, { nil: undefined }) }),
}).map(({ look, ...rest }): unknown => parse(stringify({ look, capabilities: { validation: [{ default: 'accept-all' }], ...rest } })))

/** Every single change of a small world, made without looking at how the checker makes its own. */
function everyChange(at: unknown, all: readonly Constraint[]): PlainEdit[][] {
  const view = new DocumentView(at, PACKS)
  const named = namedValues(all)
  const changes: PlainEdit[][] = []
  for (const path of PATHS) {
    const where = view.locate(path)
    if (where === null) continue
    for (const each of named.get(path) ?? []) changes.push([{ op: 'set', path: where, value: each }])
    if (path === 'capabilities.confirmation') for (const each of ['automatic', 'manual']) changes.push([{ op: 'set', path: where, value: each }])
    changes.push([{ op: 'remove', path: where }])
    if (where.includes('config')) changes.push([{ op: 'remove', path: where.slice(0, -1) }])
  }
  for (const id of MODULES) {
    for (const { at: where } of view.entriesOf(id)) changes.push([{ op: 'remove', path: where }])
    if (view.entriesOf(id).length === 0) changes.push([{ op: 'add', path: ['capabilities', 'modules'], value: { pack: id, version: '*' } }])
  }
  for (const id of ['flat', 'tiers']) changes.push([{ op: 'set', path: ['capabilities', 'pricing'], value: { pack: id, version: '*' } }])
  for (const each of [{ pack: 'limit', version: '*' }, { default: 'always-approve' }]) changes.push([{ op: 'set', path: ['capabilities', 'approval'], value: each }])
  return changes
}

const brokenIn = (at: unknown, all: readonly Constraint[]) => all.filter(each => isBroken(each, new DocumentView(at, PACKS)) === true)

describe('fixes of broken constraints, in every small world', () => {
  it('each leaves its constraint whole and breaks no strict one', () => {
    fc.assert(fc.property(document, constraints, (at, all) => {
      for (const { constraint: mended, fixes } of check(at, ...all)) {
        for (const { edits } of fixes) {
          const text = applyEdits(stringify(at), edits)
          expect(text.ok).toBe(true)
          const left = brokenIn(parse(text.ok ? text.value : ''), all)
          expect(left).not.toContain(mended)
          const before = brokenIn(at, all)
          expect(left.filter(each => isStrict(each) && !before.includes(each))).toEqual([])
        }
      }
    }), { numRuns: THOROUGH ? 1500 : 600 })
  })

  it('none smaller exists, and where none is offered there is no single change and no pair', () => {
    fc.assert(fc.property(document, constraints, (at, all) => {
      const before = brokenIn(at, all)
      const mends = (mended: Constraint, after: DocumentView): boolean => {
        const left = all.filter(each => isBroken(each, after) === true)
        return !left.includes(mended) && left.every(each => !isStrict(each) || before.includes(each))
      }
      for (const { constraint: mended, fixes } of check(at, ...all)) {
        if (!isStrict(mended)) continue
        const size = fixes[0] === undefined ? 3 : fixes[0].steps?.length ?? 1
        if (size === 1) continue
        const singles = everyChange(at, all).map(edits => new DocumentView(at, PACKS).edited(edits))
        expect(singles.filter(after => mends(mended, after))).toEqual([])
        if (size === 3) expect(singles.flatMap(first => everyChange(first.document, all).map(edits => first.edited(edits))).filter(after => mends(mended, after)).map(({ document: found }) => found)).toEqual([])
      }
    }), { numRuns: 400 })
  })

  it('one fix after the other ends with no strict constraint broken, wherever each has a fix', () => {
    fc.assert(fc.property(document, constraints, (at, all) => {
      let now = at
      for (let round = 0; round <= all.length; round++) {
        const errors = checkConstraints(now, { constraints: all, packs: PACKS, accepts: () => true }).filter(each => isStrict(each.constraint))
        const fix = errors.flatMap(({ fixes }) => fixes)[0]
        if (fix === undefined) break
        now = new DocumentView(now, PACKS).edited(fix.flatMap(({ edits }) => edits)).document
        expect(brokenIn(now, all).filter(isStrict).length).toBeLessThan(errors.length)
      }
      const left = check(now, ...all).filter(each => isStrict(each.constraint))
      expect(left.every(({ fixes }) => fixes.length === 0)).toBe(true)
    }), { numRuns: 400 })
  })
})
