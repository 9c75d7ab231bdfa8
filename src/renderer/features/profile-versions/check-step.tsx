import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'
import { useFormat } from '../../app/use-format.ts'
import { Badge, type Tone } from '../../components/badge.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { RefusalBox } from '../../components/refusal.tsx'
import { Code } from '../../components/values.tsx'
import classes from './profile-versions.module.css'

export type Check = QueryOutput<'check-publication'>
export type Draft = QueryOutput<'profile-draft'>

/** First step: what stands against it, and what it takes. Each with its way out. */
export function CheckStep({ draft, check }: { draft: Draft; check: Check }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const format = useFormat()
  const inspected = useEngineQuery('inspect-profile', { tenant, document: draft.source })
  const findings = inspected.data?.findings ?? []
  const editor = <ButtonLink variant="default" to="/t/$tenant/profile" params={{ tenant }} search={{ draft: draft.id }}>{t('profile-versions:toEditor')}</ButtonLink>
  return (
    <div className={classes['checks']}>
      {check.outdated && <RefusalBox tone="warn" refusal={{ code: 'KS-PROFILE-BASE', message: t('profile-versions:outdated', { base: draft.base, active: check.active }), remedy: t('profile-versions:mergeRemedy') }}>{editor}</RefusalBox>}
      {check.unchanged && <RefusalBox tone="info" refusal={{ code: '', message: t('profile-versions:unchanged'), remedy: '' }}>{editor}</RefusalBox>}
      {check.scheduled !== null && (
        <RefusalBox tone="warn" refusal={translateRefusal({ code: 'KS-PROFILE-SCHEDULED', message: '', remedy: '', values: { version: check.scheduled.version, at: format.dateTime(check.scheduled.effectiveAt) } }, t)}>
          <ButtonLink variant="default" to="/t/$tenant/profile/versions/$version" params={{ tenant, version: String(check.scheduled.version) }}>{t('profile-versions:version', { version: check.scheduled.version })}</ButtonLink>
        </RefusalBox>
      )}
      <Part tone={check.refusal === null ? findings.length === 0 ? 'ok' : 'warn' : 'bad'} title={t('profile-versions:check.findings')}>
        {check.refusal !== null && findings.length === 0 && <RefusalBox refusal={translateRefusal(check.refusal, t)}>{editor}</RefusalBox>}
        {findings.length === 0 && check.refusal === null ? <p className={classes['plain']}>{t('profile-versions:check.noFindings')}</p> : (
          <>
            <ul className={classes['plainList']}>
              {findings.slice(0, 20).map((finding, index) => (
                <li key={index}><Badge tone={finding.severity === 'error' ? 'bad' : 'warn'}>{t(`profile-editor:severity.${finding.severity}`)}</Badge> {t(`profile:finding.${finding.code}.message`, { ...finding.values, defaultValue: finding.message })} <Code quiet>{finding.path}</Code></li>
              ))}
            </ul>
            {findings.length > 0 && editor}
          </>
        )}
      </Part>
      <Part tone={check.cases.total === 0 ? 'neutral' : check.cases.differing.length === 0 ? 'ok' : check.cases.mustPass ? 'bad' : 'warn'} title={t('profile-versions:check.cases')}>
        <p className={classes['plain']}>
          {check.cases.total === 0 ? t('profile-versions:check.noCases') : t('profile-versions:check.casesOf', { total: check.cases.total, differing: check.cases.differing.length })}
        </p>
        <ul className={classes['plainList']}>
          {check.cases.differing.slice(0, 20).map(({ title, differences }) => <li key={title}><bdi>{title}</bdi>: <bdi dir="ltr" className="code">{differences[0]}</bdi></li>)}
        </ul>
        {check.cases.differing.length > 0 && check.cases.mustPass && <p className={classes['plain']}>{t('profile-versions:check.mayAccept')}</p>}
      </Part>
      <Part tone="neutral" title={t('profile-versions:check.impact')}>
        <p className={classes['plain']}>{t('profile-versions:check.impactText')} <Link to="/t/$tenant/impact" params={{ tenant }} search={{ draft: draft.id }}>{t('profile-versions:check.tryImpact')}</Link></p>
      </Part>
      {check.secondPerson && <Part tone="info" title={t('profile-versions:check.secondPerson')}><p className={classes['plain']}>{t('profile-versions:secondPersonNote')}</p></Part>}
    </div>
  )
}

function Part({ tone, title, children }: { tone: Tone; title: string; children: ReactNode }): ReactNode {
  const { t } = useTranslation()
  return (
    <section className={classes['part']}>
      <h2>{title} <Badge tone={tone}>{t(`profile-versions:tone.${tone}`)}</Badge></h2>
      {children}
    </section>
  )
}
