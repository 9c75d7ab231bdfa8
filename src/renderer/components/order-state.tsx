import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderState } from '#engine/core/orders/order-state.ts'
import { Badge, type Tone } from './badge.tsx'

export const STATE_TONES: Readonly<Record<OrderState, Tone>> = {
  draft: 'neutral', submitted: 'info', validated: 'info', priced: 'info', approved: 'info',
  confirmed: 'ok', fulfilled: 'ok', closed: 'neutral', rejected: 'bad', cancelled: 'neutral',
}

export function OrderStateBadge({ state }: { state: OrderState }): ReactNode {
  const { t } = useTranslation()
  return <Badge tone={STATE_TONES[state]}>{t(`common:orderState.${state}`)}</Badge>
}
