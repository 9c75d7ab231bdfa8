import { useParams } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { translateRefusal } from '../../app/refusal.ts'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Badge } from '../../components/badge.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { PackText } from '../../components/pack-text.tsx'
import { Page, Section } from '../../components/page.tsx'
import { FindingList, PriceExplanation } from '../../components/price-explanation.tsx'
import { ErrorState, RefusalBox } from '../../components/refusal.tsx'
import { Code, Count, Money } from '../../components/values.tsx'
import { DifferenceText } from './difference-text.tsx'
import classes from './impact.module.css'

type ImpactOrder = QueryOutput<'impact-order'>
type Side = ImpactOrder['before']

/** One order as it is decided and as it would be, each with its own explanation; both were executed just now. */
export function ImpactOrderPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, runId, order } = useParams({ from: '/t/$tenant/impact/$runId/$order' })
  const { may } = useTenant()
  const page = useEngineQuery('impact-order', { tenant, runId, order })
  const reference = page.data?.reference ?? order
  useBreadcrumbs(useMemo(() => [
    { label: t('common:nav.impact'), to: '/t/$tenant/impact', params: { tenant } }, { label: t('impact:result'), to: '/t/$tenant/impact/$runId', params: { tenant, runId } }, { label: reference, code: true },
  ], [t, tenant, runId, reference]))
  if (page.data === undefined) return <Page title={reference}>{page.error === null ? <LoadingLines lines={14} /> : <ErrorState error={page.error} onRetry={() => { void page.refetch() }} />}</Page>
  const { data } = page
  const scale = scaleOf(data.before) ?? scaleOf(data.after)
  return (
    <Page title={t('impact:order.title', { reference })} heading={<bdi dir="ltr">{reference}</bdi>}
      actions={may('orders.read') && <ButtonLink variant="default" to="/t/$tenant/orders/$order" params={{ tenant, order: data.orderId }}>{t('impact:order.open')}</ButtonLink>}>
      <div className={classes['body']}>
        <p className={classes['plain']}><Code>{data.account}</Code> · {t('order:revision', { revision: data.revision })}</p>
        {data.differences.length === 0 ? <p className={classes['plain']}>{t('impact:order.same')}</p>
          : <ul className={classes['differences']}>{data.differences.map(each => <li key={each.field}><DifferenceText difference={each} scale={scale} /></li>)}</ul>}
      </div>
      <div className={classes['sides']}>
        <SideView title={t('impact:order.before')} side={data.before} lines={data.lines} />
        <SideView title={t('impact:order.after')} side={data.after} lines={data.lines} />
      </div>
    </Page>
  )
}

function scaleOf({ decisions: { pricing } }: Side): { currency: string; exponent: number } | null {
  return pricing?.currency === undefined || pricing.exponent === undefined ? null : { currency: pricing.currency, exponent: pricing.exponent }
}

function SideView({ title, side, lines }: { title: string; side: Side; lines: ImpactOrder['lines'] }): ReactNode {
  const { t } = useTranslation()
  const { decisions: { validation, pricing, approval }, failure } = side
  const scale = scaleOf(side)
  return (
    <Section title={title} aside={scale !== null && pricing?.totals !== undefined && <strong><Money minor={pricing.totals.payableMinor} {...scale} /></strong>}>
      <div className={classes['side']}>
        <ul className={classes['outcomes']}>
          <Outcome step="validation" outcome={validation?.outcome} /><Outcome step="pricing" outcome={pricing?.outcome} /><Outcome step="approval" outcome={approval?.outcome} />
        </ul>
        {failure !== null && <RefusalBox refusal={translateRefusal(failure, t)} />}
        {validation !== null && validation.findings.length > 0 && <FindingList findings={validation.findings} />}
        {pricing !== null && <PriceExplanation pricing={pricing} lines={lines} />}
        {approval !== null && <Approval approval={approval} scale={scale} />}
      </div>
    </Section>
  )
}

const TONES = { passed: 'ok', priced: 'ok', approved: 'ok', held: 'warn', refused: 'warn', ask: 'info', rejected: 'bad' } as const

function Outcome({ step, outcome }: { step: 'validation' | 'pricing' | 'approval'; outcome: keyof typeof TONES | undefined }): ReactNode {
  const { t } = useTranslation()
  return <li>{t(`impact:step.${step}`)} <Badge tone={outcome === undefined ? 'neutral' : TONES[outcome]}>{t(`impact:outcome.${outcome ?? 'none'}`)}</Badge></li>
}

function Approval({ approval, scale }: { approval: NonNullable<Side['decisions']['approval']>; scale: ReturnType<typeof scaleOf> }): ReactNode {
  const { t } = useTranslation()
  const pack = approval.receipt.parts[0]?.pack ?? ''
  return (
    <div>
      <h3 className={classes['h3']}>{t('impact:step.approval')}</h3>
      <ul className={classes['differences']}>
        {approval.explanation.map((each, index) => <li key={index}><PackText pack={pack} code={each.code} values={each.values} scale={scale} /></li>)}
        {(approval.stages ?? []).map(stage => <li key={stage.id}><Code>{stage.id}</Code> {t(`impact:order.stage`, { role: stage.role })} <Count value={stage.quorum ?? 1} /></li>)}
      </ul>
    </div>
  )
}
