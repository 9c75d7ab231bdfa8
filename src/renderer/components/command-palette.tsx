import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import { IconBuilding, IconCommand, IconFileText, IconLanguage, IconPalette, IconPuzzle } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LOCALES } from '../app/i18n.ts'
import { usePackMenu } from '../app/pack-menu.ts'
import { usePreferences } from '../app/preferences.ts'
import { useEngineQuery } from '../app/queries.ts'
import { useTenant } from '../app/session.tsx'
import { useActiveShortcuts } from '../app/shortcuts.ts'
import { OrderStateBadge } from './order-state.tsx'
import { KeyHint } from './key-hint.tsx'

interface PaletteAction {
  readonly id: string
  readonly label: string
  readonly icon: ReactNode
  readonly keys?: string
  readonly run: () => void
}

/** ⌘K: whatever the page offers, pages, settings, and orders by what is typed. */
export function CommandPalette({ onHelp }: { onHelp: () => void }): ReactNode {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { tenant, may } = useTenant()
  const [query, setQuery] = useState('')
  const [asked] = useDebouncedValue(query.trim(), 120)
  const orders = useEngineQuery('orders', { tenant, search: asked, limit: 8 }, { enabled: asked.length >= 2 && may('orders.read'), keepPrevious: true })
  const found = asked.length >= 2 && query.trim() !== '' ? orders.data?.rows ?? [] : []
  const actions = useActions(onHelp)
  const words = query.trim().toLocaleLowerCase().split(/\s+/)
  const shown = actions.filter(action => words.every(word => action.label.toLocaleLowerCase().includes(word)))
  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut={null} scrollable maxHeight={420} shadow="none" centered={false} yOffset="12vh" overlayProps={{ blur: 0, backgroundOpacity: 0.45 }}>
      <Spotlight.Search placeholder={t('common:palette.placeholder')} aria-label={t('common:palette.placeholder')} />
      <Spotlight.ActionsList aria-label={t('common:palette.title')}>
        {found.length > 0 && (
          <Spotlight.ActionsGroup label={t('common:palette.orders')}>
            {found.map(order => (
              <Spotlight.Action key={order.id} leftSection={<IconFileText size={16} />} rightSection={<OrderStateBadge state={order.state} />}
                label={order.reference} description={order.accountName ?? order.account}
                onClick={() => { void navigate({ to: '/t/$tenant/orders/$order', params: { tenant, order: order.id } }) }} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {shown.length > 0 && (
          <Spotlight.ActionsGroup label={t('common:palette.commands')}>
            {shown.map(action => (
              <Spotlight.Action key={action.id} label={action.label} leftSection={action.icon}
                rightSection={action.keys === undefined ? null : <KeyHint keys={action.keys} />} onClick={action.run} />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {found.length === 0 && shown.length === 0 && <Spotlight.Empty>{t('common:palette.nothing', { query: query.trim() })}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

function useActions(onHelp: () => void): readonly PaletteAction[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { session, tenant, may } = useTenant()
  const shortcuts = useActiveShortcuts()
  const preferences = usePreferences()
  const packMenu = usePackMenu()
  return useMemo(() => [
    ...shortcuts.filter(shortcut => shortcut.group !== 'list' && shortcut.keys !== 'mod+k' && shortcut.keys !== '?').map(shortcut => ({
      id: `key-${shortcut.keys}`, label: shortcut.label, icon: <IconCommand size={16} />, keys: shortcut.keys, run: shortcut.run,
    })),
    ...packMenu.map(({ pack, page, title }) => ({
      id: `pack-${pack}-${page}`, label: title, icon: <IconPuzzle size={16} />, run: () => { void navigate({ to: '/t/$tenant/p/$pack/$page', params: { tenant, pack, page } }) },
    })),
    ...session.tenants.filter(each => each.tenant !== tenant).map(each => ({
      id: `tenant-${each.tenant}`, label: t('common:palette.tenant', { title: each.title }), icon: <IconBuilding size={16} />,
      run: () => { void navigate({ to: '/t/$tenant/orders', params: { tenant: each.tenant } }) },
    })),
    ...(may('site.manage') ? [{ id: 'new-customer', label: t('common:newCustomer'), icon: <IconBuilding size={16} />, run: () => { void navigate({ to: '/t/$tenant/new-customer', params: { tenant } }) } }] : []),
    ...LOCALES.filter(locale => locale !== preferences.locale).map(locale => ({
      id: `locale-${locale}`, label: t('common:palette.language', { language: t(`common:languageName.${locale}`) }), icon: <IconLanguage size={16} />,
      run: () => { preferences.setLocale(locale) },
    })),
    ...(['light', 'dark', 'auto'] as const).filter(theme => theme !== preferences.theme).map(theme => ({
      id: `theme-${theme}`, label: t(`common:theme.to.${theme}`), icon: <IconPalette size={16} />, run: () => { preferences.setTheme(theme) },
    })),
    { id: 'help', label: t('common:shortcut.help'), icon: <IconCommand size={16} />, keys: '?', run: onHelp },
    // The help callback only sets state; it need not be tracked.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  ], [t, navigate, session, tenant, may, shortcuts, packMenu, preferences.locale, preferences.theme])
}
