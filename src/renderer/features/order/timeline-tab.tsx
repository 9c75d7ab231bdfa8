import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import { roleName } from '../../app/role-names.ts'
import { useFormat } from '../../app/use-format.ts'
import type { Tone } from '../../components/badge.tsx'
import { Timeline } from '../../components/timeline.tsx'
import { Actor } from '../../components/actor.tsx'
import { shortType, type LoggedEvent, type OrderPageData } from './order-path.ts'

const TONES: Readonly<Record<string, Tone>> = {
  'order.held': 'warn', 'order.approval-asked': 'warn', 'order.rejected': 'bad', 'order.cancelled': 'bad', 'decision.failed': 'bad',
  'order.confirmed': 'ok', 'order.approved': 'ok', 'order.approval-given': 'ok', 'order.fulfilled': 'ok', 'order.closed': 'ok',
  'order.priced': 'info', 'order.validated': 'info',
}

/** The log of the order, in words. */
export function TimelineTab({ page }: { page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const words = useEventWords()
  return (
    <Timeline label={t('order:tab.timeline')} items={page.events.map(({ by, ...event }) => ({
      id: event.id, tone: TONES[shortType(event.type)] ?? 'neutral', text: words(event), time: event.time, who: <Actor who={by} />, reason: event.reason,
      raw: { label: t('order:timeline.raw', { sequence: event.sequence }), content: JSON.stringify(event, null, 2) },
    }))} />
  )
}

function useEventWords(): (event: Pick<LoggedEvent, 'type' | 'data'>) => string {
  const { t } = useTranslation()
  const format = useFormat()
  return event => {
    const data = isRecord(event.data) ? event.data : {}
    const answer = isRecord(data['answer']) ? data['answer'] : data
    const failure = isRecord(data['failure']) ? data['failure'] : {}
    const price = isRecord(answer['totals']) ? { ...answer, payableMinor: answer['totals']['payableMinor'] } : isRecord(data['price']) ? data['price'] : {}
    const { payableMinor, exponent, currency } = price as Record<string, unknown>
    const amount = typeof payableMinor === 'number' && typeof exponent === 'number' && typeof currency === 'string' ? format.money(payableMinor, exponent, currency) : ''
    const text = (value: unknown): string => typeof value === 'string' || typeof value === 'number' ? String(value) : ''
    const stages = Array.isArray(answer['stages']) ? answer['stages'].filter(isRecord).map(stage => roleName(text(stage['role']), t)).join(t('settings:listComma')) : ''
    const key = shortType(event.type).replaceAll('.', '-')
    return t(`order:event.${key}`, {
      revision: text(data['revision']), profile: text(data['profileVersion']), stage: text(data['stage']), stages, amount, kind: text(data['kind']),
      pack: text(failure['pack']), message: text(failure['message']), attempt: text(data['attempt']), hasAmount: amount === '' ? 'no' : 'yes',
      byPolicy: isRecord(data['answer']) ? 'yes' : 'no', defaultValue: event.type,
    })
  }
}
