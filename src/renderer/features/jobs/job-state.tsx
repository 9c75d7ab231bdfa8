import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Badge, type Tone } from '../../components/badge.tsx'
import type { Job } from '../../components/use-job.ts'

const TONES: Readonly<Record<Job['state'], Tone>> = { queued: 'neutral', running: 'info', succeeded: 'ok', failed: 'bad', cancelled: 'warn' }

export function JobStateBadge({ state }: { state: Job['state'] }): ReactNode {
  const { t } = useTranslation()
  return <Badge tone={TONES[state]}>{t(`common:job.state.${state}`)}</Badge>
}
