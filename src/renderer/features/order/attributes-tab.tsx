import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../../components/page.tsx'
import { Code } from '../../components/values.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

/** What packs and imports attached to the order and its lines, and the contact as far as one may see it. */
export function AttributesTab({ page: { order, lines } }: { page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const own = Object.entries(order.attributes)
  const ofLines = lines.filter(line => Object.keys(line.attributes).length > 0)
  const contact = order.contact === null ? [] : Object.entries(order.contact).filter(([, value]) => value !== null)
  return (
    <>
      <section>
        <h2 className={classes['h2']}>{t('order:attributes.contact')}</h2>
        {contact.length === 0 ? <p className={`dim ${classes['plain']}`}>{t('order:attributes.noContact')}</p>
          : <Facts items={contact.map(([name, value]) => [t(`order:attributes.${name}`), <bdi key={name}>{value}</bdi>] as const)} />}
      </section>
      <section>
        <h2 className={classes['h2']}>{t('order:attributes.order')}</h2>
        {own.length === 0 ? <p className={`dim ${classes['plain']}`}>{t('order:attributes.none')}</p>
          : <Facts items={own.map(([name, value]) => [<Code key="n">{name}</Code>, <bdi key={name}>{String(value)}</bdi>] as const)} />}
      </section>
      {ofLines.length > 0 && (
        <section>
          <h2 className={classes['h2']}>{t('order:attributes.lines')}</h2>
          <table className={classes['table']}>
            <thead><tr><th scope="col">{t('order:lines.id')}</th><th scope="col">{t('order:attributes.name')}</th><th scope="col">{t('order:attributes.value')}</th></tr></thead>
            <tbody>
              {ofLines.flatMap(line => Object.entries(line.attributes).map(([name, value]) => (
                <tr key={`${line.id} ${name}`}><td><Code quiet>{line.id}</Code></td><td><Code>{name}</Code></td><td><bdi>{String(value)}</bdi></td></tr>
              )))}
            </tbody>
          </table>
        </section>
      )}
    </>
  )
}
