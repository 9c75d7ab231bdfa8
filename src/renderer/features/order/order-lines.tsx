import { Button } from '@mantine/core'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../components/badge.tsx'
import { Amount, Code, Decimal } from '../../components/values.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'

const SHOWN_AT_FIRST = 200

/** Lines as the document states them, with the net amount that was decided. */
export function OrderLines({ page }: { page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const [all, setAll] = useState(false)
  const { lines, decisions: { pricing } } = page
  const nets = useMemo(() => new Map(pricing?.lines?.map(line => [line.lineId, line.netMinor])), [pricing])
  const taxed = lines.some(line => line.tax !== null)
  const shown = all ? lines : lines.slice(0, SHOWN_AT_FIRST)
  return (
    <section>
      <h2 className={classes['h2']}>{t('order:lines.title', { count: lines.length })}</h2>
      <div className={classes['tableWrap']} tabIndex={0} role="region" aria-label={t('order:lines.title', { count: lines.length })}>
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">{t('order:lines.id')}</th><th scope="col">{t('order:lines.item')}</th>
              <th scope="col" className={classes['end']}>{t('order:lines.quantity')}</th><th scope="col" className={classes['end']}>{t('order:lines.price')}</th>
              {taxed && <th scope="col">{t('order:lines.tax')}</th>}<th scope="col" className={classes['end']}>{pricing?.currency === undefined ? t('order:lines.net') : t('order:lines.netIn', { currency: pricing.currency })}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(line => {
              const net = nets.get(line.id)
              return (
                <tr key={line.id}>
                  <td><Code quiet>{line.id}</Code></td>
                  <td><Code>{line.item}</Code> {line.description !== line.item && <bdi>{line.description}</bdi>} {line.return && <Badge tone="warn">{t('order:lines.return')}</Badge>}</td>
                  <td className={classes['end']}><Decimal value={line.quantity} />{line.unit !== null && <span className="dim"> <bdi>{line.unit}</bdi></span>}</td>
                  <td className={classes['end']}>
                    {line.price === null ? <span className="dim">{t('order:lines.noPrice')}</span> : <Decimal value={line.price} />}
                    {line.baseQuantity !== null && line.baseQuantity !== '1' && <div className="dim small">{t('order:lines.per', { quantity: line.baseQuantity })}</div>}
                    {line.allowances.length > 0 && <div className="dim small">{t('order:lines.allowances', { count: line.allowances.length })}</div>}
                  </td>
                  {taxed && <td>{line.tax === null ? <span className="dim">–</span> : <bdi dir="ltr" className="num">{line.tax.category}{line.tax.percent !== null && <> <Decimal value={line.tax.percent} /> %</>}</bdi>}</td>}
                  <td className={classes['end']}>
                    {net === undefined || pricing?.exponent === undefined ? <span className="dim">–</span> : <Amount minor={net} exponent={pricing.exponent} />}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {!all && lines.length > SHOWN_AT_FIRST && <Button variant="default" mt="sm" onClick={() => { setAll(true) }}>{t('order:lines.showAll', { count: lines.length })}</Button>}
    </section>
  )
}
