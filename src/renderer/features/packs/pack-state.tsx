import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryOutput } from '../../app/queries.ts'
import { Badge, type Tone } from '../../components/badge.tsx'

export type PackVersion = QueryOutput<'packs'>[number]
export type PackHealth = QueryOutput<'pack-health'>[number]

const STATES: Readonly<Record<PackVersion['state'], Tone>> = { bundled: 'neutral', trusted: 'ok', modified: 'bad', revoked: 'bad' }
const USES: Readonly<Record<PackVersion['tenants'][number]['state'], Tone>> = { enabled: 'ok', disabled: 'warn', quarantined: 'bad' }
const HEALTH: Readonly<Record<PackHealth['health'], Tone>> = { well: 'ok', unwell: 'warn', disabled: 'bad' }

export function PackStateBadge({ state }: { state: PackVersion['state'] }): ReactNode {
  const { t } = useTranslation()
  return <Badge tone={STATES[state]}>{t(`packs:state.${state}`)}</Badge>
}

export function UseBadge({ state }: { state: PackVersion['tenants'][number]['state'] }): ReactNode {
  const { t } = useTranslation()
  return <Badge tone={USES[state]}>{t(`packs:use.${state}`)}</Badge>
}

export function HealthBadge({ health }: { health: PackHealth['health'] }): ReactNode {
  const { t } = useTranslation()
  return <Badge tone={HEALTH[health]}>{t(`packs:health.${health}`)}</Badge>
}

export function ContractStatus({ status }: { status: 'current' | 'deprecated' | 'unknown' }): ReactNode {
  const { t } = useTranslation()
  return status === 'current' ? null : <Badge tone={status === 'deprecated' ? 'warn' : 'bad'}>{t(`packs:contract.${status}`)}</Badge>
}
