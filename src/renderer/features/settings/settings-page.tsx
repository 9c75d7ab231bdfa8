import { Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useTenant } from '../../app/session.tsx'
import { useBreadcrumbs } from '../../components/breadcrumbs.tsx'
import { Page } from '../../components/page.tsx'
import { OwnSettings } from './own-settings.tsx'
import { TABS, type Tab } from './routes.tsx'
import { Users } from './users.tsx'
import classes from './settings.module.css'

const NEEDS = { own: null, users: 'users.manage' } as const satisfies Record<Tab, string | null>

/** The own console, and the site's users. */
export function SettingsPage(): ReactNode {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const navigate = useNavigate()
  const search = useSearch({ from: '/t/$tenant/settings' })
  useBreadcrumbs(useMemo(() => [{ label: t('common:nav.settings') }], [t]))
  const tabs = TABS.filter(tab => NEEDS[tab] === null || may(NEEDS[tab]))
  const tab = tabs.find(each => each === search.tab) ?? 'own'
  return (
    <Page title={t('common:nav.settings')}>
      <Tabs value={tab} keepMounted={false} onChange={next => {
        const chosen = TABS.find(each => each === next)
        void navigate({ to: '/t/$tenant/settings', params: { tenant }, search: chosen === undefined || chosen === 'own' ? {} : { tab: chosen } })
      }}>
        <Tabs.List ps="md">{tabs.map(each => <Tabs.Tab key={each} value={each}>{t(`settings:tab.${each}`)}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="own" className={classes['panel']}><OwnSettings /></Tabs.Panel>
        <Tabs.Panel value="users" className={classes['panel']}><Users /></Tabs.Panel>
      </Tabs>
    </Page>
  )
}
