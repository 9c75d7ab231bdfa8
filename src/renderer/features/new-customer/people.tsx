import { Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { findingValues } from '../../app/fix-words.ts'
import { useEngineQuery } from '../../app/queries.ts'
import { roleNames } from '../../app/role-names.ts'
import { AddPerson, EVERY_TENANT } from '../../components/add-person.tsx'
import { Badge } from '../../components/badge.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Section } from '../../components/page.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import classes from './new-customer.module.css'

/** What the check of a profile says of stages that this site has not the people for. */
const OF_PEOPLE = ['stage-without-people', 'stage-short-of-people', 'stage-short-of-others']

/** Who works for the new customer, whom its approval still lacks, and the form that adds them. */
export function People({ tenant }: { tenant: string }): ReactNode {
  const { t } = useTranslation()
  const users = useEngineQuery('users', {})
  const profile = useEngineQuery('profile', { tenant })
  const source = profile.data?.source
  const inspected = useEngineQuery('inspect-profile', { tenant, document: source ?? '' }, { enabled: source !== undefined, keepPrevious: true })
  const lacking = (inspected.data?.findings ?? []).filter(({ code }) => OF_PEOPLE.includes(code))
  const [adding, setAdding] = useState<readonly string[] | null>(null)
  if (users.data === undefined) return users.error === null ? <LoadingLines lines={3} /> : <ErrorState error={users.error} onRetry={() => { void users.refetch() }} />
  const here = users.data.filter(user => user.tenants.includes(tenant) || user.tenants.includes(EVERY_TENANT))
  return (
    <Section title={t('new-customer:people.title')} aside={<Button variant="default" display={adding === null ? 'inline-block' : 'none'} onClick={() => { setAdding([]) }}>{t('settings:users.add')}</Button>}>
      <p className={classes['plain']}>{t('new-customer:people.text')}</p>
      <ul className={classes['lacking']} aria-live="polite">
        {lacking.map(finding => (
          <li key={`${finding.code} ${String(finding.values['stage'])}`}>
            <Badge tone="warn">{t('common:severity.warning')}</Badge>
            <span>{t(`profile:finding.${finding.code}.message`, { ...findingValues(finding, t), defaultValue: finding.message })}</span>
            {adding === null && <Button variant="default" size="compact-sm" onClick={() => { setAdding([String(finding.values['role'])]) }}>{t('new-customer:people.add', findingValues(finding, t))}</Button>}
          </li>
        ))}
      </ul>
      <RefusalAlert error={profile.error ?? inspected.error} />
      {adding !== null && <AddPerson key={adding.join()} tenant={tenant} roles={adding} onClose={() => { setAdding(null) }} />}
      <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('new-customer:people.title')}>
        <table className={table['table']}>
          <thead><tr><th scope="col">{t('settings:users.name')}</th><th scope="col">{t('settings:own.roles')}</th></tr></thead>
          <tbody>{here.map(user => <tr key={user.id}><th scope="row"><bdi>{user.name}</bdi></th><td>{roleNames(user.roles, t)}</td></tr>)}</tbody>
        </table>
      </div>
    </Section>
  )
}
