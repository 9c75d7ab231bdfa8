import { ActionIcon, SegmentedControl } from '@mantine/core'
import { IconMoon, IconSun } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isLocale, LOCALES } from '../app/i18n.ts'
import { usePreferences } from '../app/preferences.ts'
import classes from './entrance.module.css'

/** Around pages that need nobody signed in: the product's name, language and look. */
export function Entrance({ title, children, wide = false }: { title: string; children: ReactNode; wide?: boolean }): ReactNode {
  const { t } = useTranslation()
  const preferences = usePreferences()
  const dark = document.documentElement.dataset['mantineColorScheme'] === 'dark'
  return (
    <div className={classes['screen']}>
      <main className={classes['card']} data-wide={wide || undefined}>
        <header className={classes['head']}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          <div><div className={classes['product']}>Keelson</div></div>
          <div className={classes['set']}>
            <SegmentedControl aria-label={t('common:language')} value={preferences.locale} data={LOCALES.map(locale => ({ value: locale, label: t(`common:languageName.${locale}`) }))}
              onChange={value => { if (isLocale(value)) preferences.setLocale(value) }} />
            <ActionIcon aria-label={t(`common:theme.to.${dark ? 'light' : 'dark'}`)} onClick={() => { preferences.setTheme(dark ? 'light' : 'dark') }}>
              {dark ? <IconSun size={16} /> : <IconMoon size={16} />}
            </ActionIcon>
          </div>
        </header>
        <h1 className={classes['title']}>{title}</h1>
        {children}
      </main>
    </div>
  )
}
