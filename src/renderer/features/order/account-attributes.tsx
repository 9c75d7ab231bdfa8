import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useAttributes } from '../../app/pack-attributes.ts'
import { useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { AttributeText } from '../../components/attribute-text.tsx'
import { Facts } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { EditAttributes } from './edit-attributes.tsx'
import classes from './order.module.css'

/** What packs know of the order's account, and the form for what a person may set of it. */
export function AccountAttributes({ tenant, account }: { tenant: string; account: string }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const { names, words } = useAttributes('account')
  const found = useEngineQuery('accounts', { tenant, search: account, limit: 20 }, { enabled: names.length > 0 })
  if (names.length === 0) return null
  const own = found.data?.find(({ code }) => code === account)
  const known = names.flatMap(name => (own?.attributes[name] === undefined ? [] : [[words.label(name), <AttributeText key={name} name={name} value={own.attributes[name]} words={words} />] as const]))
  return (
    <section>
      <h2 className={classes['h2']}>{t('order:attributes.account')}</h2>
      <RefusalAlert error={found.error} />
      {known.length === 0 ? <p className={`dim ${classes['plain']}`}>{t('order:attributes.none')}</p> : <Facts items={known} />}
      {own !== undefined && may('orders.enter') && <EditAttributes tenant={tenant} of={{ on: 'account', key: account, name: account, attributes: own.attributes }} />}
    </section>
  )
}
