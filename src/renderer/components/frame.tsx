import { ActionIcon, Menu, Tooltip, UnstyledButton } from '@mantine/core'
import { spotlight } from '@mantine/spotlight'
import { IconCheck, IconChevronDown, IconLogout, IconMoon, IconPlus, IconPuzzle, IconSearch, IconSun, IconUserCircle } from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LOCALES } from '../app/i18n.ts'
import { composeMenu, entriesFor, type MenuPlace, type NavigationItem } from '../app/navigation.ts'
import { usePackMenu, type PackMenuEntry } from '../app/pack-menu.ts'
import { usePreferences } from '../app/preferences.ts'
import { issue, queryClient, useEngineQuery } from '../app/queries.ts'
import { useTenant } from '../app/session.tsx'
import { useShell } from '../app/shell.tsx'
import { useShortcuts, type Shortcut } from '../app/shortcuts.ts'
import { keepToken } from '../app/token.ts'
import { useFormat } from '../app/use-format.ts'
import { Breadcrumbs } from './breadcrumbs.tsx'
import { CommandPalette } from './command-palette.tsx'
import classes from './frame.module.css'
import { JobToasts } from './job-toasts.tsx'
import { KeyHint } from './key-hint.tsx'
import { ShortcutsHelp } from './shortcuts-help.tsx'
import { StatusBar } from './status-bar.tsx'

/** Side bar, top bar, page, status bar: around every page of a tenant. */
export function Frame({ children }: { children: ReactNode }): ReactNode {
  const { t } = useTranslation()
  const [help, setHelp] = useState(false)
  useGlobalShortcuts(() => { setHelp(true) })
  return (
    <div className={classes['frame']}>
      <a className={classes['skip']} href="#main">{t('common:frame.skip')}</a>
      <nav className={classes['side']} aria-label={t('common:frame.navigation')}><Navigation /></nav>
      <header className={classes['top']}><TopBar /></header>
      <main className={classes['main']} id="main" tabIndex={-1}>{children}</main>
      <footer className={classes['status']} aria-label={t('common:frame.status')}><StatusBar /></footer>
      <CommandPalette onHelp={() => { setHelp(true) }} />
      <ShortcutsHelp opened={help} onClose={() => { setHelp(false) }} />
      <JobToasts />
    </div>
  )
}

function useNavigation(): readonly NavigationItem[] {
  const { may, roles } = useTenant()
  const { approvers } = useShell()
  return useMemo(() => entriesFor({ may, roles }, approvers), [may, roles, approvers])
}

function useGlobalShortcuts(onHelp: () => void): void {
  const { t } = useTranslation()
  const { tenant, may } = useTenant()
  const items = useNavigation()
  const navigate = useNavigate()
  const shortcuts = useMemo<readonly Shortcut[]>(() => [
    { keys: 'mod+k', label: t('common:shortcut.palette'), group: 'global', whileTyping: true, run: () => { spotlight.open() } },
    { keys: '?', label: t('common:shortcut.help'), group: 'global', run: onHelp },
    ...(may('orders.enter') ? [{ keys: 'n', label: t('common:shortcut.newOrder'), group: 'global' as const, run: () => { void navigate({ to: '/t/$tenant/new-order', params: { tenant } }) } }] : []),
    ...items.map(item => ({
      keys: item.shortcut, label: t(`common:goTo.${item.id}`), group: 'global' as const,
      run: () => { void navigate({ to: item.to, params: { tenant } }) },
    })),
    // The help callback only sets state; it need not be tracked.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  ], [t, tenant, items, navigate, may])
  useShortcuts(shortcuts)
}

function Navigation(): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const { tenant, may } = useTenant()
  const items = useNavigation()
  const counts = useEngineQuery('order-counts', { tenant }, { enabled: may('orders.read'), keepPrevious: true })
  const menu = useMenu(items, (counts.data?.approvals ?? 0) > 0)
  const entry = (item: NavigationItem): ReactNode => {
    const count = item.count === undefined ? 0 : counts.data?.[item.count] ?? 0
    const Icon = item.icon
    const name = t(`common:nav.${item.id}`)
    return (
      <Link key={item.id} to={item.to} params={{ tenant }} className={classes['item']} activeProps={{ 'data-active': true, 'aria-current': 'page' }} title={name}>
        <Icon size={16} stroke={1.6} aria-hidden="true" />
        <span className={classes['name']}>{name}</span>
        {count > 0 && item.count !== undefined && (
          <span className={classes['count']} data-tone={item.count === 'deadLetters' ? 'bad' : undefined}>
            <span aria-hidden="true">{format.number(count)}</span>
            <span className="sr-only">{t(`common:navCount.${item.count}`, { count })}</span>
          </span>
        )}
      </Link>
    )
  }
  return (
    <>
      <TenantSwitch />
      {menu.work.map(place => ('core' in place ? entry(place.core) : <PackEntry key={place.pack.id} of={place.pack} />))}
      <hr className={classes['rule']} />
      {menu.site.map(entry)}
    </>
  )
}

/** What the profile puts into the side bar. Approvals stand there where its packs ask for them, or one still waits for the person from before. */
function useMenu(items: readonly NavigationItem[], waiting: boolean): { readonly work: readonly MenuPlace[]; readonly site: readonly NavigationItem[] } {
  const packs = usePackMenu()
  const { navigation, modules } = useShell()
  const approvals = modules.includes('approvals') || waiting
  return useMemo(() => composeMenu(items.filter(({ id }) => id !== 'approvals' || approvals), packs, navigation), [items, packs, navigation, approvals])
}

/** What a pack adds to the work of a tenant. */
function PackEntry({ of: { pack, page, title } }: { of: PackMenuEntry }): ReactNode {
  const { tenant } = useTenant()
  return (
    <Link to="/t/$tenant/p/$pack/$page" params={{ tenant, pack, page }} className={classes['item']} activeProps={{ 'data-active': true, 'aria-current': 'page' }} activeOptions={{ includeSearch: false }} title={title}>
      <IconPuzzle size={16} stroke={1.6} aria-hidden="true" /><span className={classes['name']}>{title}</span>
    </Link>
  )
}

function TenantSwitch(): ReactNode {
  const { t } = useTranslation()
  const { session, tenant, title, may } = useTenant()
  const { logo } = useShell()
  const navigate = useNavigate()
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <UnstyledButton className={classes['tenant']}>
          {logo === null ? <span className={classes['tenantMark']} data-initial={title.slice(0, 1)} aria-hidden="true" /> : <img className={classes['logo']} src={logo} alt="" />}
          <span className={`${classes['name']} clip`}>{title}</span><span className="sr-only">{t('common:frame.tenant')}</span>
          <IconChevronDown size={14} aria-hidden="true" className={classes['name']} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('common:frame.tenants')}</Menu.Label>
        {session.tenants.map(each => (
          <Menu.Item key={each.tenant} rightSection={each.tenant === tenant ? <IconCheck size={14} aria-label={t('common:frame.current')} /> : null}
            onClick={() => { void navigate({ to: '/t/$tenant/orders', params: { tenant: each.tenant } }) }}>
            {each.title}
          </Menu.Item>
        ))}
        {may('site.manage') && (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconPlus size={14} />} onClick={() => { void navigate({ to: '/t/$tenant/new-customer', params: { tenant } }) }}>{t('common:newCustomer')}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

function TopBar(): ReactNode {
  const { t } = useTranslation()
  return (
    <>
      <Breadcrumbs />
      <UnstyledButton className={classes['search']} onClick={() => { spotlight.open() }}>
        <IconSearch size={14} aria-hidden="true" />
        <span className="clip">{t('common:frame.search')}</span>
        <KeyHint keys="mod+k" />
      </UnstyledButton>
      <PersonMenu />
    </>
  )
}

function PersonMenu(): ReactNode {
  const { t } = useTranslation()
  const { user, tenant } = useTenant()
  const preferences = usePreferences()
  const navigate = useNavigate()
  const signOut = async (): Promise<void> => {
    // The token is forgotten here even where the engine cannot be told.
    await issue('sign-out', {}).catch(() => undefined)
    keepToken(null)
    queryClient.clear()
    await navigate({ to: '/sign-in' })
  }
  const dark = preferences.theme === 'dark' || (preferences.theme === 'auto' && window.matchMedia('(prefers-color-scheme: dark)').matches)
  const other = dark ? 'light' : 'dark'
  return (
    <>
      <Tooltip label={t(`common:theme.to.${other}`)}>
        <ActionIcon onClick={() => { preferences.setTheme(other) }} aria-label={t(`common:theme.to.${other}`)}>
          {dark ? <IconSun size={16} /> : <IconMoon size={16} />}
        </ActionIcon>
      </Tooltip>
      <Menu width={240}>
        <Menu.Target>
          <UnstyledButton className={classes['person']} aria-label={t('common:frame.person', { name: user.name })}>
            <IconUserCircle size={18} stroke={1.6} aria-hidden="true" /><span className="clip">{user.name}</span>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t('common:language')}</Menu.Label>
          {LOCALES.map(locale => (
            <Menu.Item key={locale} lang={locale} rightSection={preferences.locale === locale ? <IconCheck size={14} aria-label={t('common:frame.current')} /> : null}
              onClick={() => { preferences.setLocale(locale) }}>
              {t(`common:languageName.${locale}`)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => { void navigate({ to: '/t/$tenant/settings', params: { tenant } }) }}>{t('common:nav.settings')}</Menu.Item>
          <Menu.Item leftSection={<IconLogout size={14} />} onClick={() => { void signOut() }}>{t('common:signOut')}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}
