import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryOutput } from '../../app/queries.ts'
import { Badge } from '../../components/badge.tsx'

export type ProfileCase = QueryOutput<'profile-cases'>['cases'][number]
export type Verified = QueryOutput<'verify-profile'>

/** What a case came to when all were run: null where they were not. */
export function differencesOf(verified: Verified | undefined, title: string): readonly string[] | null {
  if (verified === undefined || verified.failed.some(each => each.case === null)) return null
  return verified.failed.find(each => each.case === title)?.differences ?? []
}

export function CaseResult({ differences }: { differences: readonly string[] | null }): ReactNode {
  const { t } = useTranslation()
  if (differences === null) return <span className="dim">–</span>
  return differences.length === 0 ? <Badge tone="ok">{t('profile-cases:result.same')}</Badge> : <Badge tone="bad">{t('profile-cases:result.other')}</Badge>
}
