import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { Badge, type Tone } from '../../components/badge.tsx'
import { KeyHint } from '../../components/key-hint.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Facts } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Count, Decimal, Money, Time } from '../../components/values.tsx'
import { RejectForm } from './reject-form.tsx'
import { roleName } from '../../app/role-names.ts'
import type { Verdict, Waiting } from './use-decide.ts'
import classes from './approvals.module.css'

type OrderPage = QueryOutput<'order'>

const SHOWN_LINES = 8

/** The order at a glance, with what the decision needs: price, lines, stages. */
export function ApprovalPeek({ row, deciding, rejecting, onRejecting, onVerdict }: {
  row: Waiting; deciding: boolean; rejecting: boolean; onRejecting: (on: boolean) => void; onVerdict: (verdict: Verdict) => void
}): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const order = useEngineQuery('order', { tenant, order: row.id })
  return (
    <div className={classes['peek']}>
      {row.price !== null && <div className={classes['total']}><Money minor={row.price.payableMinor} exponent={row.price.exponent} currency={row.price.currency} /></div>}
      {row.mayDecide
        ? rejecting
          ? <RejectForm count={1} reference={row.reference} deciding={deciding} onReject={reason => { onVerdict({ kind: 'reject', reason }) }} onCancel={() => { onRejecting(false) }} />
          : (
            <div className={classes['buttons']}>
              <Button loading={deciding} onClick={() => { onVerdict({ kind: 'approve' }) }} rightSection={<KeyHint keys="a" />}>{t('approvals:approve', { reference: row.reference })}</Button>
              <Button variant="default" disabled={deciding} onClick={() => { onRejecting(true) }} rightSection={<KeyHint keys="r" />}>{t('approvals:reject.open')}</Button>
            </div>
          )
        : <p className="dim" style={{ margin: 0 }}>{t('approvals:notYours', { role: roleName(row.role, t) })}</p>}
      <Facts items={[
        [t('approvals:column.account'), <bdi key="account">{row.accountName ?? row.account}</bdi>],
        [t('approvals:column.stage'), <bdi key="stage">{row.stage}</bdi>],
        [t('approvals:column.waiting'), <Time key="since" value={row.waitingSince} as="ago" />],
        [t('approvals:revision'), <Count key="revision" value={row.revision} />],
        ...(row.placedOn === null ? [] : [[t('approvals:placedOn'), <Time key="placed" value={row.placedOn} as="date" />] as const]),
      ]} />
      {order.data === undefined
        ? order.error === null ? <LoadingLines lines={5} /> : <RefusalAlert error={order.error} />
        : <><Lines page={order.data} /><Stages page={order.data} /></>}
      <Link to="/t/$tenant/orders/$order" params={{ tenant, order: row.id }}>{t('approvals:openOrder')}</Link>
    </div>
  )
}

function Lines({ page }: { page: OrderPage }): ReactNode {
  const { t } = useTranslation()
  const pricing = page.decisions.pricing
  const nets = new Map(pricing?.lines?.map(line => [line.lineId, line.netMinor]))
  const { currency, exponent, totals } = pricing ?? {}
  const money = (minor: number | undefined): ReactNode => (minor === undefined || currency === undefined || exponent === undefined ? '–' : <Money minor={minor} exponent={exponent} currency={currency} />)
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('approvals:lines.caption')}>
      <table className={table['table']}>
        <caption>{t('approvals:lines.caption')}</caption>
        <thead><tr><th scope="col">{t('approvals:lines.item')}</th><th scope="col" className={table['end']}>{t('approvals:lines.quantity')}</th><th scope="col" className={table['end']}>{t('approvals:lines.net')}</th></tr></thead>
        <tbody>
          {page.lines.slice(0, SHOWN_LINES).map(line => (
            <tr key={line.id}>
              <td><bdi>{line.description ?? line.item}</bdi></td>
              <td className={table['end']}><Decimal value={line.return ? `-${line.quantity}` : line.quantity} /></td>
              <td className={table['end']}>{money(nets.get(line.id))}</td>
            </tr>
          ))}
          {page.lines.length > SHOWN_LINES && <tr><td colSpan={3} className="dim">{t('approvals:lines.more', { count: page.lines.length - SHOWN_LINES })}</td></tr>}
          {totals !== undefined && <>
            <tr><th scope="row" colSpan={2}>{t('approvals:lines.exclusive')}</th><td className={table['end']}>{money(totals.taxExclusiveMinor)}</td></tr>
            <tr><th scope="row" colSpan={2}>{t('approvals:lines.tax')}</th><td className={table['end']}>{money(totals.taxMinor)}</td></tr>
            <tr><th scope="row" colSpan={2}>{t('approvals:lines.payable')}</th><td className={table['end']}><strong>{money(totals.payableMinor)}</strong></td></tr>
          </>}
        </tbody>
      </table>
    </div>
  )
}

const STAGE_TONES: Readonly<Record<OrderPage['approvals'][number]['state'], Tone>> = { waiting: 'neutral', open: 'info', approved: 'ok', rejected: 'bad' }

function Stages({ page }: { page: OrderPage }): ReactNode {
  const { t } = useTranslation()
  if (page.approvals.length === 0) return null
  return (
    <ol className={classes['stages']} aria-label={t('approvals:stages')}>
      {page.approvals.map(stage => (
        <li key={stage.id}>
          <Badge tone={STAGE_TONES[stage.state]}>{t(`approvals:stageState.${stage.state}`)}</Badge>
          <Code>{stage.id}</Code> <span className="dim">{roleName(stage.role, t)}</span>
          {stage.quorum > 1 && <span className="dim">{t('approvals:quorum', { given: Math.min(stage.decided.length, stage.quorum), quorum: stage.quorum })}</span>}
          {stage.decided.map((each, index) => (
            <span key={index}><Actor who={each.by} />, <Time value={each.at} />{each.reason !== null && <> <q dir="auto">{each.reason}</q></>}</span>
          ))}
        </li>
      ))}
    </ol>
  )
}
