import type { ReportPack } from '#engine/testing/folding-tenant.ts'
import { profileText } from './profile-text.ts'

/** Amounts of orders by their first line; version 2 has four decimals instead of two, and a currency: USD where an order says none. */
export function amountsPack(version: '1.0.0' | '2.0.0', work = 0): ReportPack {
  const two = version === '2.0.0'
  return {
    id: 'amounts', version, reads: ['keelson.order.drafted.v2'],
    tables: [{
      name: 'amounts', key: ['reference'], belongsTo: { account: 'account' },
      columns: [
        { name: 'reference', type: 'text' }, { name: 'account', type: 'text' }, { name: 'amount', type: 'decimal', scale: two ? 4 : 2 },
        ...(two ? [{ name: 'currency', type: 'text' } as const] : []),
      ],
    }],
    queries: [
      { name: 'all', table: 'amounts', order: [{ column: 'amount', descending: true }] },
      { name: 'of-account', table: 'amounts', where: [{ column: 'account', is: '=', parameter: 'account' }] },
      { name: 'total', table: 'amounts', group: { by: ['account'], values: [{ name: 'total', of: 'sum', column: 'amount' }] } },
    ],
    code: `
      exports.keys = event => [{ table: 'amounts', key: [event.data.document.reference] }]
      exports.fold = ({ event: { data: { document } } }) => {
        for (let i = 0; i < ${work}; i++);
        const price = document.lines[0].price
        return [{ reference: document.reference, account: document.account.code, ${two
          ? "amount: price, currency: document.currency === null ? 'USD' : document.currency"
          : "amount: price.replace(/(\\.\\d\\d)\\d+$/, '$1')"} }]
      }`,
  }
}

/** A profile that enables it. */
export function amountsProfile(tenant: string, range: string): string {
  return profileText(tenant, "{ pack: stated-totals, version: '*', config: { exponent: 2, defaultCurrency: USD } }", `  modules: [{ pack: amounts, version: ${range} }]\n`)
}
