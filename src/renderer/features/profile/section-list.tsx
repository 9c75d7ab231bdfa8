import { Select } from '@mantine/core'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Mark } from '../../components/badge.tsx'
import { useEditor } from './editor-context.ts'
import classes from './profile.module.css'
import { SECTIONS, sectionOf, type SectionId } from './sections.ts'

/** The sections, each with what is to be seen to in it; a choice where there is no room for a list. */
export function SectionList({ section, onSection }: { section: SectionId; onSection: (section: SectionId) => void }): ReactNode {
  const { t } = useTranslation()
  const { findings } = useEditor()
  const counts = useMemo(() => {
    const found = new Map<SectionId, number>()
    for (const { severity, at } of findings) if (severity !== 'hint') found.set(sectionOf(at), (found.get(sectionOf(at)) ?? 0) + 1)
    return found
  }, [findings])
  const label = (of: SectionId): string => {
    const count = counts.get(of) ?? 0
    return count === 0 ? t(`profile-editor:section.${of}`) : t('profile-editor:sectionWithFindings', { name: t(`profile-editor:section.${of}`), count })
  }
  return (
    <nav className={classes['sections']} aria-label={t('profile-editor:sections')}>
      <Select className={classes['sectionSelect'] ?? ''} label={t('profile-editor:sections')} value={section} allowDeselect={false} data={SECTIONS.map(value => ({ value, label: label(value) }))}
        onChange={value => { const chosen = SECTIONS.find(each => each === value); if (chosen !== undefined) onSection(chosen) }} />
      <ul className={classes['sectionList']}>
        {SECTIONS.map(each => (
          <li key={each}>
            <button type="button" aria-current={each === section ? 'true' : undefined} onClick={() => { onSection(each) }}>
              <span>{t(`profile-editor:section.${each}`)}</span>
              {(counts.get(each) ?? 0) > 0 && <><Mark tone="warn" /><span className="sr-only">{t('profile-editor:findingCount', { count: counts.get(each) ?? 0 })}</span></>}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  )
}
