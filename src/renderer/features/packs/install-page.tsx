import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { installEnded, useInstall } from '../../app/installs.ts'
import { useTenant } from '../../app/session.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { InstallOutcome, InstallProgress, SaveRecord } from '../../components/install-view.tsx'
import { LoadingLines } from '../../components/loading.tsx'
import { Page } from '../../components/page.tsx'
import { ErrorState } from '../../components/refusal.tsx'
import classes from './packs.module.css'

/** One install: how it goes on while it runs, its record after; to print and to keep. */
export function InstallPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const { install: id } = useParams({ from: '/t/$tenant/installs/$install' })
  const query = useInstall(id)
  const install = query.data
  const title = install === undefined ? t('packs:installation', { packs: id }) : t('packs:installation', { packs: install.packs.map(({ pack, version }) => `${pack} ${version}`).join(', ') || install.folder })
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.packs'), to: '/t/$tenant/packs', params: { tenant } }, { label: t('packs:history.title'), to: '/t/$tenant/installs', params: { tenant } }, { label: title }], [t, tenant, title]))
  if (install === undefined) return query.error === null ? <LoadingLines /> : <ErrorState error={query.error} onRetry={() => { void query.refetch() }} />
  return (
    <Page title={title} actions={installEnded(install) && <>
      {install.state === 'succeeded' && <SaveRecord install={install} />}
      <Button variant="default" leftSection={<IconPrinter size={14} />} onClick={() => { window.print() }}>{t('jobs:print')}</Button>
    </>}>
      <div className={classes['body']}>{installEnded(install) ? <InstallOutcome install={install} /> : <InstallProgress install={install} />}</div>
    </Page>
  )
}
