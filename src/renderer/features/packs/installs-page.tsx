import { Button, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { Link } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Install } from '../../app/installs.ts'
import { invocation, useCommand, useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { Badge } from '../../components/badge.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { EmptyState } from '../../components/empty-state.tsx'
import { InstallStateBadge } from '../../components/install-view.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Page, Section } from '../../components/page.tsx'
import { ErrorState, RefusalAlert } from '../../components/refusal.tsx'
import table from '../../components/table.module.css'
import { Code, Time } from '../../components/values.tsx'
import classes from './packs.module.css'

type TrustedRoot = QueryOutput<'trust'>[number]

/** Whom the site trusts to bring packs, and what was installed so far, each with its record. */
export function InstallsPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const title = t('packs:history.title')
  const allowed = may('packs.read')
  const trust = useEngineQuery('trust', {}, { enabled: allowed, staleMs: 0 })
  const installs = useEngineQuery('installs', { limit: 200 }, { enabled: allowed, staleMs: 0 })
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.packs'), to: '/t/$tenant/packs', params: { tenant } }, { label: title }], [t, tenant, title]))
  if (!allowed) return <Page title={title}><EmptyState title={t('packs:notAllowed.title')} text={t('packs:notAllowed.text')} /></Page>
  return (
    <Page title={title}>
      <Section title={t('packs:history.trusted')}>
        {trust.data === undefined ? trust.error === null ? <LoadingLines lines={3} /> : <ErrorState error={trust.error} onRetry={() => { void trust.refetch() }} />
          : trust.data.length === 0 ? <p className={classes['plain']}>{t('packs:history.trustsNobody')}</p> : <Roots roots={trust.data} />}
      </Section>
      <Section title={t('packs:history.installs')}>
        {installs.data === undefined ? installs.error === null ? <LoadingLines lines={5} /> : <ErrorState error={installs.error} onRetry={() => { void installs.refetch() }} />
          : installs.data.rows.length === 0 ? <p className={classes['plain']}>{t('packs:history.none')}</p> : <Installs rows={installs.data.rows} />}
      </Section>
    </Page>
  )
}

function Roots({ roots }: { roots: readonly TrustedRoot[] }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const [leaving, setLeaving] = useState<TrustedRoot | null>(null)
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('packs:history.trusted')}>
      <table className={table['table']}>
        <thead><tr><th scope="col">{t('packs:fact.fingerprint')}</th><th scope="col">{t('install-packs:fact.publishers')}</th><th scope="col">{t('install-packs:fact.signedAt')}</th><th scope="col">{t('install-packs:fact.expiresAt')}</th><th scope="col"><span className="sr-only">{t('packs:history.untrust')}</span></th></tr></thead>
        <tbody>
          {roots.map(root => (
            <tr key={root.repository}>
              <th scope="row"><Code>{root.fingerprint}</Code> {root.kind === 'product' && <Badge>{t('packs:withProduct')}</Badge>}</th>
              <td>{root.nameSpace.map(name => <span key={name}><Code>{name}</Code> </span>)}</td>
              <td>{root.age === null ? <span className="dim">{t('packs:history.neverSeen')}</span> : <><Time value={root.age.signedAt} as="date" /> <span className="dim">({t('install-packs:age', { days: root.age.ageDays })})</span></>}</td>
              <td>{root.age === null ? '–' : <><Time value={root.age.expiresAt} as="date" /> {root.age.expired && <Badge tone="warn">{t('install-packs:expired')}</Badge>}</>}</td>
              <td>{root.kind === 'added' && may('packs.install') && <Button variant="default" size="compact-sm" onClick={() => { setLeaving(root) }}>{t('packs:history.untrust')}</Button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {leaving !== null && <Untrust root={leaving} onClose={() => { setLeaving(null) }} />}
    </div>
  )
}

function Untrust({ root, onClose }: { root: TrustedRoot; onClose: () => void }): ReactNode {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const untrust = useCommand('untrust-root', () => {
    notifications.show({ color: 'green', message: t('packs:history.untrusted'), closeButtonProps: { 'aria-label': t('common:close') } })
    onClose()
  })
  return (
    <Dialog onClose={onClose} title={t('packs:history.untrust')} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <form className={classes['form']} noValidate onSubmit={event => { event.preventDefault(); untrust.mutate({ repository: root.repository, invocation: invocation(reason) }) }}>
        <p className={classes['plain']}>{t('packs:history.untrustText', { publishers: root.nameSpace.join(t('settings:listComma')) })}</p>
        <Textarea label={t('common:reason')} value={reason} autosize minRows={2} maxLength={1000} data-autofocus onChange={event => { setReason(event.currentTarget.value) }} />
        <RefusalAlert error={untrust.error} />
        <div className={classes['buttons']}>
          <Button variant="default" onClick={onClose}>{t('packs:back')}</Button>
          <Button type="submit" color="red" loading={untrust.isPending}>{t('packs:history.untrust')}</Button>
        </div>
      </form>
    </Dialog>
  )
}

function Installs({ rows }: { rows: readonly Install[] }): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  return (
    <div className={table['scroll']} tabIndex={0} role="region" aria-label={t('packs:history.installs')}>
      <table className={table['table']}>
        <thead><tr><th scope="col">{t('packs:packsOfInstall')}</th><th scope="col">{t('packs:column.state')}</th><th scope="col">{t('packs:fact.at')}</th><th scope="col">{t('packs:fact.by')}</th><th scope="col">{t('packs:fact.media')}</th></tr></thead>
        <tbody>
          {rows.map(install => (
            <tr key={install.id}>
              <th scope="row"><Link to="/t/$tenant/installs/$install" params={{ tenant, install: install.id }}>{install.packs.length === 0 ? t('packs:history.nothing') : <bdi dir="ltr">{install.packs.map(({ pack, version }) => `${pack} ${version}`).join(', ')}</bdi>}</Link></th>
              <td><InstallStateBadge state={install.state} /></td>
              <td><Time value={install.createdAt} /></td>
              <td><Actor who={install.startedBy} /></td>
              <td><Code quiet>{install.folder}</Code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
