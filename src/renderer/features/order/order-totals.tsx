import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../app/use-format.ts'
import { Money } from '../../components/values.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

type Totals = NonNullable<NonNullable<OrderPageData['decisions']['pricing']>['totals']>

/** Rows that say nothing (no charge, nothing prepaid, a sum that repeats the one above) are left out. */
const ROWS: readonly { readonly name: keyof Totals; readonly negative?: true; readonly strong?: true; readonly shown: (totals: Totals) => boolean }[] = [
  { name: 'lineNetMinor', shown: () => true },
  { name: 'allowanceMinor', negative: true, shown: totals => totals.allowanceMinor !== 0 },
  { name: 'chargeMinor', shown: totals => totals.chargeMinor !== 0 },
  { name: 'taxExclusiveMinor', shown: totals => totals.taxMinor !== 0 && totals.taxExclusiveMinor !== totals.lineNetMinor },
  { name: 'taxMinor', shown: () => true },
  { name: 'taxInclusiveMinor', shown: totals => totals.taxMinor !== 0 && totals.taxInclusiveMinor !== totals.payableMinor },
  { name: 'prepaidMinor', negative: true, shown: totals => totals.prepaidMinor !== 0 },
  { name: 'roundingMinor', shown: totals => totals.roundingMinor !== 0 },
  { name: 'payableMinor', strong: true, shown: () => true },
]

export function OrderTotals({ page: { decisions: { pricing }, order } }: { page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { totals, currency, exponent, taxes } = pricing ?? {}
  if (totals === undefined || currency === undefined || exponent === undefined) {
    return order.needsAttention === null && <p className="dim">{t('order:totals.notYet')}</p>
  }
  return (
    <table className={classes['totals']} aria-label={t('order:totals.title')}>
      <tbody>
        {ROWS.filter(row => row.shown(totals)).flatMap(row => [
          ...(row.name === 'taxMinor' && taxes !== undefined && taxes.length > 1
            ? taxes.map((tax, index) => (
              <tr key={`tax${index}`}>
                <th scope="row">{tax.percent === null ? t('order:totals.taxOfCategory', { category: tax.category }) : t('order:totals.taxOf', { category: tax.category, percent: format.decimal(tax.percent) })}</th>
                <td><Money minor={tax.taxMinor} exponent={exponent} currency={currency} /></td>
              </tr>
            ))
            : []),
          <tr key={row.name} data-strong={row.strong}>
            <th scope="row">{t(`order:totals.${row.name}`)}</th>
            <td><Money minor={row.negative === true ? 0 - totals[row.name] : totals[row.name]} exponent={exponent} currency={currency} /></td>
          </tr>,
        ])}
      </tbody>
    </table>
  )
}
