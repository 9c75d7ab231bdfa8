import { expect, test } from 'vitest'
import { parseArguments } from './arguments.ts'
import { orderNew } from './commands/order-commands.ts'
import { orderDocument } from './order-document.ts'

const stated = (...argv: string[]) => orderDocument({
  arguments: parseArguments(orderNew, argv), dataFolder: '', json: false, logLevel: 'warn', logFile: null, say: () => undefined, progress: () => undefined,
})

test('lines by options are those of a document: numbers as they were written, what comes back with a quantity above 0', () => {
  expect(stated('--account', 'C-1', '--reference', 'A-1', '--currency', 'EUR', '--line', 'hat, 2.50, 10.00', '--line', 'cap,-1')).toMatchObject({
    kind: 'order', reference: 'A-1', account: { code: 'C-1', name: null }, orgpath: null, currency: 'EUR', contact: null, attributes: {},
    lines: [{ id: '1', item: 'hat', quantity: '2.50', price: '10.00', return: false, allowances: [] }, { id: '2', item: 'cap', quantity: '1', return: true, price: null }],
  })
})

test.each([
  [['--account', 'C-1', '--reference', 'A-1', '--line', 'hat,many'], /decimal number/], [['--account', 'C-1', '--reference', 'A-1', '--line', 'hat,1,2,3'], /put anything else into a file/],
  [['--reference', 'A-1', '--line', 'hat,1'], /--account is missing/], [['--account', 'C-1', '--reference', 'A-1', '--line', 'hat,1', '--currency', 'euro'], /currency/],
])('%j is no order', (argv, why) => {
  expect(() => stated(...argv)).toThrow(why)
})
