import { afterAll, describe, expect, test } from 'vitest'
import { compositionOf, decideOrder, orderView, pricingCode } from '#engine/testing/pack-fixtures.ts'
import { failureOf, outcomes, startTestPackHost } from '#engine/testing/pack-host-harness.ts'
import { forkPackHost } from './fork-pack-host.ts'
import { BUILT_ENTRIES } from '#engine/testing/built-entries.ts'

const host = startTestPackHost(forkPackHost(BUILT_ENTRIES.packHost), { orderMs: 100, retryFactor: 5 })
afterAll(() => host.close())

const DECIDED = ['validation passed', 'pricing priced', 'approval approved']
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value)
const BAD = { bad: true }

/** Twelve orders, the fifth of which the pack treats badly. */
async function decideAround(body: string, before = '') {
  const pricing = host.shelf.use('pricing-policy', pricingCode(`if (input.order.attributes.bad) { ${body} }`, before), {}, 'hostile-pricing')
  const orders = Array.from({ length: 12 }, (_, i) => decideOrder(i, orderView(`R${i}`, 2, i === 4 ? BAD : {})))
  return await host.decide(compositionOf({ pricing }), orders)
}

/** Replaces a value of an otherwise good answer. */
const answer = (change: string) => `const a = plain(input); ${change}; return a`

describe('an order over which a pack misbehaves is held, named by its code; the others are decided', () => {
  test.each([
    ['loops for ever', 'for (;;);', 'KS-PACK-TIMEOUT'],
    ['backtracks for ever in a regex', "/^(a+)+$/.test('a'.repeat(60) + '!')", 'KS-PACK-TIMEOUT'],
    ['sorts for ever', 'Array.from({ length: 3e6 }, (_, i) => i * 7919 % 3e6).sort(() => 0 - 1).sort().sort()', /TIMEOUT|MEMORY/],
    ['fills memory with arrays', 'const keep = []; for (;;) keep.push(new Array(1e5).fill(1.5))', /MEMORY|TIMEOUT/],
    ['fills memory with strings', 'const keep = []; for (let i = 0; ; i++) keep.push((String(i) + "x").repeat(1e5).split("").join("y"))', /MEMORY|TIMEOUT/],
    ['throws', "throw new RangeError('no such tier\\n\\u0007')", 'KS-PACK-THREW'],
    ['throws what has a getter for a message', "throw { get message() { for (;;); } }", 'KS-PACK-THREW'],
    ['recurses too deep', 'const deep = () => deep() + 1; deep()', 'KS-PACK-THREW'],
    ['ends the process', 'process.exit(1)', 'KS-PACK-THREW'],
    ['calls out', "fetch('https://example.com')", 'KS-PACK-THREW'],
    ['asks the time', 'Date.now()', 'KS-PACK-THREW'],
    ['makes a date', 'new Date()', 'KS-PACK-THREW'],
    ['draws a random number', 'Math.random()', 'KS-PACK-THREW'],
    ['asks for inexact mathematics', 'Math.pow(2, 0.5)', 'KS-PACK-THREW'],
    ['reaches for a function constructor', "({}).constructor.constructor('return process')()", 'KS-PACK-THREW'],
    ['reaches for it through its input', "input.order.lines.constructor.constructor('return process')()", 'KS-PACK-THREW'],
    ['reaches for it through an async function', "(async () => 1).constructor('return 1')()", 'KS-PACK-THREW'],
    ['reaches for its caller', 'arguments.callee.caller', 'KS-PACK-THREW'],
    ['loads a module', "require('node:fs')", 'KS-PACK-THREW'],
    ['pollutes Object.prototype', 'Object.prototype.polluted = true', 'KS-PACK-THREW'],
    ['pollutes Array.prototype', 'Array.prototype.map = () => []', 'KS-PACK-THREW'],
    ['pollutes through __proto__', "JSON.parse('{}').__proto__.polluted = true", 'KS-PACK-THREW'],
    ['replaces a global', 'globalThis.JSON = null', 'KS-PACK-THREW'],
    ['makes a proxy', "return new Proxy({}, {})", 'KS-PACK-THREW'],
    ['makes a buffer', 'new Float64Array(1e9).fill(1)', 'KS-PACK-THREW'],
    ['answers NaN', answer('a.baseMinor = NaN'), 'KS-PACK-ANSWER', 'baseMinor must be an integer, not NaN'],
    ['answers a fraction', answer('a.totals.payableMinor = 0.5'), 'KS-PACK-ANSWER', 'totals.payableMinor must be an integer, not 0.5'],
    ['answers a string', answer("a.lines[1].netMinor = '2000'"), 'KS-PACK-ANSWER', 'lines[1].netMinor must be an integer, not a string'],
    ['answers beyond the safe integers', answer('a.baseMinor = 2 ** 53'), 'KS-PACK-ANSWER', 'baseMinor is beyond the safe integers'],
    ['answers a BigInt', answer('a.baseMinor = 5n'), 'KS-PACK-ANSWER', 'baseMinor must be an integer, not a bigint'],
    ['answers a getter', answer("let n = 0; Object.defineProperty(a, 'baseMinor', { enumerable: true, get: () => n++ })"), 'KS-PACK-ANSWER', 'baseMinor is a getter'],
    ['inherits its answer', answer('return Object.create(a)'), 'KS-PACK-ANSWER', 'currency is missing'],
    ['answers a promise', 'return (async () => plain(input))()', 'KS-PACK-ANSWER', 'must be an object, not a promise'],
    ['answers a promise that fails', "return (async () => { throw new Error('late') })()", 'KS-PACK-ANSWER', 'must be an object, not a promise'],
    ['answers nothing', 'return', 'KS-PACK-ANSWER', 'must be an object, not undefined'],
    ['answers for another line', answer("a.lines[0].lineId = '9'"), 'KS-PACK-ANSWER', 'lines[0].lineId must be "1", as in the order'],
    ['leaves a line out', answer('a.lines.pop()'), 'KS-PACK-ANSWER', 'lines has 1 entries for the 2 lines'],
    ['adds up wrong', answer('a.totals.taxMinor = 1'), 'KS-PACK-ANSWER', 'totals.taxInclusiveMinor is 1500'],
    ['adds a key', answer('a.discount = 1'), 'KS-PACK-ANSWER', 'discount is not part of the contract'],
    ['answers a huge array', answer('a.explanation = Array(3e6)'), 'KS-PACK-ANSWER', 'explanation has 3000000 entries'],
    ['answers a long text', answer("a.explanation = [{ code: 'x'.repeat(1e6), values: {} }]"), 'KS-PACK-ANSWER', 'explanation[0].code has 1000000 characters'],
    ['answers for a base below 0', answer('a.baseMinor = -1'), 'KS-PACK-ANSWER', 'baseMinor must not be below 0'],
  ])('%s', async (_, body, code, message = '') => {
    const decided = await decideAround(body)
    expect(decided.filter((__, i) => i !== 4).map(outcomes)).toEqual(times(11, DECIDED))
    const failure = failureOf(decided[4])
    expect(failure.code).toMatch(code)
    expect(failure.message).toContain(message)
    expect(failure).toMatchObject({ pack: 'hostile-pricing', contract: 'pricing-policy' })
    expect(outcomes(decided[4]).slice(0, -1)).toEqual(['validation passed'])
    expect(failure.message).not.toMatch(/\p{Cc}/u)
  })
})

test('none of it has reached the world outside', async () => {
  const [decided] = await host.decide(compositionOf({ pricing: host.shelf.use('pricing-policy', pricingCode("if ({}.polluted || globalThis.leak) throw 1")) }), [decideOrder(1)])
  expect(outcomes(decided)).toEqual(DECIDED)
  expect(host.incidents.every(({ kind }) => kind === 'failed')).toBe(true)
})

describe('state between orders puts a pack into quarantine', () => {
  test.each([
    ['a counter in the module', 'let n = 0', 'const a = plain(input); a.explanation = [{ code: "n", values: { n: ++n } }]; return a', 1],
    ['a counter in the module, over many orders', 'let n = 7', 'const a = plain(input); a.explanation = [{ code: "n", values: { n: ++n } }]; return a', 40],
    ['a list that grows', 'const seen = new Map()', 'seen.set(seen.size, 1); if (seen.size > 25) throw new Error("full")', 40],
    ['the order before', 'let last = null', 'const a = plain(input); a.explanation = [{ code: "last", values: { last } }]; last = input.order.reference; return a', 3],
    ['a config that it changes', '', 'config.n = (config.n ?? 0) + 1; const a = plain(input); a.explanation = [{ code: "n", values: { n: config.n } }]; return a', 2],
  ])('%s', async (_, before, body, orders) => {
    const pricing = host.shelf.use('pricing-policy', pricingCode(body, before), {}, 'remembering')
    const composition = compositionOf({ pricing })
    const decided = await host.decide(composition, Array.from({ length: orders }, (__, i) => decideOrder(i)))
    expect(decided.map(outcomes)).toEqual(times(orders, ['validation passed', 'pricing KS-PACK-NONDETERMINISTIC']))
    expect(host.incidents.at(-1)).toMatchObject({ kind: 'quarantined', pack: 'remembering', digest: pricing.digest })
    const [next] = await host.decide(composition, [decideOrder(99)])
    expect(outcomes(next)).toEqual(['validation passed', 'pricing KS-PACK-QUARANTINED'])
  })

  test('state that changes no answer is nobody’s business', async () => {
    const pricing = host.shelf.use('pricing-policy', pricingCode('memo.set(input.order.reference, 1)', 'const memo = new Map()'))
    const decided = await host.decide(compositionOf({ pricing }), [decideOrder(1), decideOrder(2)])
    expect(decided.map(outcomes)).toEqual([DECIDED, DECIDED])
  })
})

test('nothing is carried from one batch to the next', async () => {
  const code = pricingCode('if (kept.length > 0) throw new Error("a batch was remembered"); config.seen = true', 'const kept = []; let config0')
  const pricing = host.shelf.use('pricing-policy', `${code}\nkept.later = () => kept.push(1)`, { seen: false })
  for (let i = 0; i < 3; i++) {
    const [decided] = await host.decide(compositionOf({ pricing }), [decideOrder(i)])
    expect(outcomes(decided)).toEqual(DECIDED)
  }
})

describe('a pack that cannot be loaded holds every order', () => {
  test.each([
    ['does not parse', 'exports.price = (', 'KS-PACK-LOAD'],
    ['closes its wrapper to outlive the batch', "} }); globalThis; (function () { { exports.price = () => 1", 'KS-PACK-LOAD'],
    ['imports', "exports.price = () => import('node:fs')", 'KS-PACK-LOAD'],
    ['evaluates', "exports.price = () => eval('1')", 'KS-PACK-LOAD'],
    ['exports nothing', 'const price = 1', 'KS-PACK-LOAD'],
    ['exports a getter', "Object.defineProperty(exports, 'price', { get: () => () => 1 })", 'KS-PACK-LOAD'],
    ['throws at once', "throw new Error('not today')", 'KS-PACK-LOAD'],
    ['loops at once', 'for (;;);', 'KS-PACK-TIMEOUT'],
  ])('%s', async (_, code, expected) => {
    const pricing = host.shelf.use('pricing-policy', code)
    const decided = await host.decide(compositionOf({ pricing }), [decideOrder(1), decideOrder(2)])
    expect(decided.map(outcomes)).toEqual(times(2, ['validation passed', `pricing ${expected}`]))
  })
})
