import { Button, SegmentedControl, Select, Tabs } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PathKey } from '#engine/profiles/finding.ts'
import { useTopic } from '../../app/changes.ts'
import { useHoldOpen } from '../../app/hold-open.ts'
import type { QueryOutput } from '../../app/queries.ts'
import { useShortcuts, type Shortcut } from '../../app/shortcuts.ts'
import { useTenant } from '../../app/session.tsx'
import { Mark } from '../../components/badge.tsx'
import { Page } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { focusNow } from '../../components/value-editing.ts'
import { Count } from '../../components/values.tsx'
import { DraftMenu } from './draft-menu.tsx'
import { EditorProvider } from './editor-context.ts'
import { FindingsPanel } from './findings-panel.tsx'
import classes from './profile.module.css'
import { PANELS, type Panel, type ProfileSearch, VIEWS, type View } from './routes.tsx'
import { SaveState } from './save-state.tsx'
import { SectionForm } from './section-form.tsx'
import { SECTIONS, sectionOf, type SectionId } from './sections.ts'
import { SourceEditor } from './source-editor.tsx'
import { type DraftPage, useProfileDraft } from './use-profile-draft.ts'
import { useProfileEditor } from './use-profile-editor.ts'

export interface EditorPageProps {
  readonly active: QueryOutput<'profile'>
  readonly draft: DraftPage | null
  readonly drafts: QueryOutput<'profile-drafts'>['rows']
  readonly readOnly: boolean
}

/** The editor: sections and forms, the same document as source, what is to be said about it, and how it stands with the draft. */
export function EditorPage({ active, draft: opened, drafts, readOnly }: EditorPageProps): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const search = useSearch({ from: '/t/$tenant/profile' })
  const navigate = useNavigate()
  const [said, setSaid] = useState('')
  const go = (change: ProfileSearch, replace = true): void => { void navigate({ to: '/t/$tenant/profile', params: { tenant }, search: { ...search, ...change }, replace }) }
  const draft = useProfileDraft(tenant, opened?.source ?? active.source, opened, {
    merged(by) { notifications.show({ message: t('profile-editor:mergedWith', { name: by }), closeButtonProps: { 'aria-label': t('common:close') } }) },
    begun() { setSaid(t('profile-editor:draftBegun')) },
  })
  const editor = useProfileEditor(tenant, draft.work, readOnly, setSaid)
  const { sync } = draft
  useTopic(tenant, 'profiles', () => { void sync.refresh() })
  const unsaved = draft.state.status === 'unsaved' || draft.state.status === 'saving' || draft.state.status === 'failed' || draft.state.status === 'conflict'
  useHoldOpen(unsaved ? 'unsaved' : null)

  const view: View = search.view ?? 'form'
  const section: SectionId = search.section ?? 'general'
  const panel: Panel = search.panel ?? 'findings'
  const [target, setTarget] = useState<{ path: readonly PathKey[]; at: number } | null>(null)
  const jumps = useRef(0)
  /** To a place of the document, in whatever shows it. */
  const goTo = (path: readonly PathKey[]): void => {
    if (view === 'form') {
      go({ section: sectionOf(path) })
      // The nearest part that has a field of its own.
      setTimeout(() => { for (let length = path.length; length > 0; length--) if (focusNow(path.slice(0, length))) return }, 60)
    } else {
      if (view === 'both') go({ section: sectionOf(path) })
      setTarget({ path, at: jumps.current += 1 })
    }
  }
  const { undo, redo } = editor
  useShortcuts(useMemo<readonly Shortcut[]>(() => readOnly ? [] : [
    { keys: 'mod+z', label: t('profile-editor:undo'), group: 'page', whileTyping: true, run: undo },
    { keys: 'mod+y', label: t('profile-editor:redo'), group: 'page', whileTyping: true, run: redo },
    { keys: 'mod+shift+z', label: t('profile-editor:redo'), group: 'page', whileTyping: true, run: redo },
  ], [t, readOnly, undo, redo]))
  const errors = editor.findings.filter(each => each.severity === 'error').length
  const inSection = useMemo(() => {
    const counts = new Map<SectionId, number>()
    for (const finding of editor.findings) if (finding.severity !== 'hint') counts.set(sectionOf(finding.at), (counts.get(sectionOf(finding.at)) ?? 0) + 1)
    return counts
  }, [editor.findings])
  const title = t('profile-editor:title')
  return (
    <EditorProvider value={editor}>
      <Page title={title} fill heading={<>{title} <SaveState draft={draft} active={active.version} /></>} actions={
        <>
          {!readOnly && <Button variant="default" aria-label={t('profile-editor:undo')} title={editor.state.undo === null ? t('profile-editor:undo') : t('profile-editor:undoOf', { about: editor.state.undo })} disabled={editor.state.undo === null} onClick={undo}><IconArrowBackUp size={16} className="mirror" /></Button>}
          {!readOnly && <Button variant="default" aria-label={t('profile-editor:redo')} title={editor.state.redo === null ? t('profile-editor:redo') : t('profile-editor:redoOf', { about: editor.state.redo })} disabled={editor.state.redo === null} onClick={redo}><IconArrowForwardUp size={16} className="mirror" /></Button>}
          <SegmentedControl size="sm" value={view} aria-label={t('profile-editor:view')} data={VIEWS.map(value => ({ value, label: t(`profile-editor:viewName.${value}`) }))} onChange={value => { editor.flush(); go({ view: VIEWS.find(each => each === value) ?? 'form' }) }} />
          <DraftMenu drafts={drafts} draft={draft} active={active} readOnly={readOnly} />
        </>
      }>
        <div className="sr-only" role="status">{said}</div>
        {draft.state.status === 'failed' && <div className={classes['notice']}><RefusalAlert error={draft.state.error} tone="warn" /></div>}
        <div className={classes['editor']} data-view={view}>
          {view !== 'source' && (
            <nav className={classes['sections']} aria-label={t('profile-editor:sections')}>
              <Select className={classes['sectionSelect'] ?? ''} label={t('profile-editor:sections')} value={section} allowDeselect={false} data={SECTIONS.map(value => ({ value, label: sectionLabel(value, inSection.get(value) ?? 0) }))} onChange={value => { go({ section: SECTIONS.find(each => each === value) ?? 'general' }) }} />
              <ul className={classes['sectionList']}>
                {SECTIONS.map(each => (
                  <li key={each}>
                    <button type="button" aria-current={each === section ? 'true' : undefined} onClick={() => { go({ section: each }) }}>
                      <span>{t(`profile-editor:section.${each}`)}</span>
                      {(inSection.get(each) ?? 0) > 0 && <><Mark tone="warn" /><span className="sr-only">{t('profile-editor:findingCount', { count: inSection.get(each) ?? 0 })}</span></>}
                    </button>
                  </li>
                ))}
              </ul>
            </nav>
          )}
          {view !== 'source' && <div className={classes['formPane']} tabIndex={-1}><RefusalAlert error={editor.error} /><SectionForm section={section} onSource={() => { go({ view: 'source' }) }} /></div>}
          {view !== 'form' && <SourceEditor target={target} />}
          <aside className={classes['side']} aria-label={t('profile-editor:about')}>
            <Tabs value={panel} keepMounted={false} onChange={value => { go({ panel: PANELS.find(each => each === value) ?? 'findings' }) }}>
              <Tabs.List>
                {PANELS.map(each => <Tabs.Tab key={each} value={each} {...(each === 'findings' && editor.findings.length > 0 ? { rightSection: <><Mark tone={errors > 0 ? 'bad' : 'warn'} /> <Count value={editor.findings.length} /></> } : {})}>{t(`profile-editor:panel.${each}`)}</Tabs.Tab>)}
              </Tabs.List>
              <Tabs.Panel value="findings"><FindingsPanel onGo={goTo} /></Tabs.Panel>
            </Tabs>
          </aside>
        </div>
      </Page>
    </EditorProvider>
  )

  function sectionLabel(value: SectionId, count: number): string {
    return count === 0 ? t(`profile-editor:section.${value}`) : t('profile-editor:sectionWithFindings', { name: t(`profile-editor:section.${value}`), count })
  }
}
