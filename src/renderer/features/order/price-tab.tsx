import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { FindingList, PriceExplanation } from '../../components/price-explanation.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

/** Why this price: the decision's own explanation, rung by rung. */
export function PriceTab({ page }: { page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const { validation, pricing } = page.decisions
  return (
    <>
      {validation !== null && validation.findings.length > 0 && (
        <section>
          <h2 className={classes['h2']}>{t('order:price.findings')}</h2>
          <FindingList findings={validation.findings} />
        </section>
      )}
      {pricing === null ? <p className={`dim ${classes['plain']}`}>{t('order:price.notYet')}</p>
        : <PriceExplanation pricing={pricing} lines={page.lines} under={t('order:price.under', { version: pricing.receipt.profileVersion })} />}
    </>
  )
}
