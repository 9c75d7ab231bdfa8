import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryOutput } from '../../app/queries.ts'
import { useFormat } from '../../app/use-format.ts'
import { Badge, type Tone } from '../../components/badge.tsx'

export type Version = QueryOutput<'profile-versions'>['rows'][number]
export type Proposal = QueryOutput<'profile-proposals'>['rows'][number]

const TONES: Readonly<Record<Version['state'], Tone>> = { active: 'ok', scheduled: 'info', replaced: 'neutral', withdrawn: 'neutral' }

export function VersionState({ version: { state, effectiveAt } }: { version: Version }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  return <Badge tone={TONES[state]}>{t(`profile-versions:state.${state}`, { at: effectiveAt === null ? '' : format.dateTime(effectiveAt) })}</Badge>
}

const PROPOSAL_TONES: Readonly<Record<Proposal['state'], Tone>> = { open: 'info', accepted: 'ok', declined: 'bad', withdrawn: 'neutral' }

export function ProposalState({ state }: { state: Proposal['state'] }): ReactNode {
  const { t } = useTranslation()
  return <Badge tone={PROPOSAL_TONES[state]}>{t(`profile-versions:proposalState.${state}`)}</Badge>
}
