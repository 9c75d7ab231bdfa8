import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useAttributes } from '../../app/pack-attributes.ts'
import { AttributeText } from '../../components/attribute-text.tsx'
import { Facts } from '../../components/page.tsx'
import { Code } from '../../components/values.tsx'
import { AccountAttributes } from './account-attributes.tsx'
import { EditAttributes } from './edit-attributes.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

/** What packs and imports attached to the order and its lines, and the contact as far as one may see it. */
export function AttributesTab({ tenant, page }: { tenant: string; page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const { order, lines } = page
  const ofOrder = useAttributes('order')
  const ofLine = useAttributes('line')
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
          : <Facts items={own.map(([name, value]) => [<AttributeName key="n" name={name} of={ofOrder} />, <AttributeText key={name} name={name} value={value} words={ofOrder.words} />] as const)} />}
        {page.actions.includes('amend-order') && <EditAttributes tenant={tenant} of={{ on: 'order', key: order.id, name: order.reference, attributes: order.attributes, revision: order.revision }} />}
      </section>
      <AccountAttributes tenant={tenant} account={order.account} />
      {ofLines.length > 0 && (
        <section>
          <h2 className={classes['h2']}>{t('order:attributes.lines')}</h2>
          <table className={classes['table']}>
            <thead><tr><th scope="col">{t('order:lines.id')}</th><th scope="col">{t('order:attributes.name')}</th><th scope="col">{t('order:attributes.value')}</th></tr></thead>
            <tbody>
              {ofLines.flatMap(line => Object.entries(line.attributes).map(([name, value]) => (
                <tr key={`${line.id} ${name}`}><td><Code quiet>{line.id}</Code></td><td><AttributeName name={name} of={ofLine} /></td><td><AttributeText name={name} value={value} words={ofLine.words} /></td></tr>
              )))}
            </tbody>
          </table>
        </section>
      )}
    </>
  )
}

type Attributes = ReturnType<typeof useAttributes>

/** As the pack calls it; the bare name where no pack of the profile declares it. */
function AttributeName({ name, of }: { name: string; of: Attributes }): ReactNode {
  return of.isDeclared(name) ? <span title={name}>{of.words.label(name)}</span> : <Code>{name}</Code>
}
