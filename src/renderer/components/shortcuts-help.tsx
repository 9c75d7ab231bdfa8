import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useActiveShortcuts } from '../app/shortcuts.ts'
import { KeyHint } from './key-hint.tsx'
import classes from './shortcuts-help.module.css'

/** All keys that work on the page one is looking at. */
export function ShortcutsHelp({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactNode {
  const { t } = useTranslation()
  const shortcuts = useActiveShortcuts()
  const groups = (['page', 'list', 'global'] as const).map(group => ({ group, items: shortcuts.filter(each => each.group === group) })).filter(each => each.items.length > 0)
  return (
    <Modal opened={opened} onClose={onClose} title={t('common:shortcut.title')} size="lg" closeButtonProps={{ 'aria-label': t('common:close') }}>
      <div className={classes['groups']}>
        {groups.map(({ group, items }) => (
          <section key={group}>
            <h3 className={classes['title']}>{t(`common:shortcut.group.${group}`)}</h3>
            <dl className={classes['list']}>
              {items.map((item, index) => <div key={index}><dt>{item.label}</dt><dd><KeyHint keys={item.keys} /></dd></div>)}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
