import { Alert, Button, SegmentedControl, Tabs } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useRef, useState, type FocusEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PathKey } from '#engine/profiles/finding.ts'
import { useTopic } from '../../app/changes.ts'
import { useHoldOpen } from '../../app/hold-open.ts'
import { DraftedPacks } from '../../app/pack-ui.tsx'
import type { QueryOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { useShortcuts, type Shortcut } from '../../app/shortcuts.ts'
import { Mark } from '../../components/badge.tsx'
import { ButtonLink } from '../../components/button-link.tsx'
import { Page } from '../../components/page.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { focusNow } from '../../components/value-editing.ts'
import { Count } from '../../components/values.tsx'
import { ChangesPanel } from './changes-panel.tsx'
import { CommentsPanel } from './comments-panel.tsx'
import { DraftMenu } from './draft-menu.tsx'
import { DraftNotices } from './draft-notices.tsx'
import { EditorProvider } from './editor-context.ts'
import { FindingsPanel } from './findings-panel.tsx'
import { screensIn, usePackCatalog } from './pack-catalog.ts'
import classes from './profile.module.css'
import { PANELS, type ProfileSearch, VIEWS } from './routes.tsx'
import { SaveState } from './save-state.tsx'
import { SectionForm } from './section-form.tsx'
import { SectionList } from './section-list.tsx'
import { sectionOf } from './sections.ts'
import { SourceEditor } from './source-editor.tsx'
import { type DraftPage, type ProfileDraft, useProfileDraft } from './use-profile-draft.ts'
import { type OpenedProfile, type ProfileEditor, useDocument, useProfileEditor } from './use-profile-editor.ts'
import { ValuesPanel } from './values-panel.tsx'

export interface EditorPageProps {
  readonly active: QueryOutput<'profile'>
  readonly draft: DraftPage | null
  readonly drafts: QueryOutput<'profile-drafts'>['rows']
  readonly readOnly: boolean
  readonly onBegun: (draftId: string) => void
}

/** A draft opened to be edited, in what the packs that it names bring to the console. */
export function EditorPage({ active, draft: opened, drafts, readOnly, onBegun }: EditorPageProps): ReactNode {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const [said, say] = useState('')
  const draft = useProfileDraft(tenant, opened?.source ?? active.source, opened, {
    merged(by) { notifications.show({ message: t('profile-editor:mergedWith', { name: by }), closeButtonProps: { 'aria-label': t('common:close') } }) },
    begun(draftId) {
      say(t('profile-editor:draftBegun'))
      onBegun(draftId)
    },
  })
  const document = useDocument(draft.work)
  const catalog = usePackCatalog(tenant, document.value)
  const screens = useMemo(() => screensIn(catalog, document.value), [catalog, document.value])
  return <DraftedPacks packs={screens}><Editor opened={{ tenant, work: draft.work, document, catalog, readOnly }} draft={draft} active={active} drafts={drafts} said={said} say={say} /></DraftedPacks>
}

/** The editor: sections and forms, the same document as source, what is to be said about it, and how it stands with the draft. */
function Editor({ opened, draft, active, drafts, said, say }: Pick<EditorPageProps, 'active' | 'drafts'> & { opened: OpenedProfile; draft: ProfileDraft; said: string; say: (message: string) => void }): ReactNode {
  const { t } = useTranslation()
  const { tenant, readOnly } = opened
  const search = useSearch({ from: '/t/$tenant/profile' })
  const navigate = useNavigate()
  const go = (change: ProfileSearch): void => { void navigate({ to: '/t/$tenant/profile', params: { tenant }, search: { ...search, ...change }, replace: true }) }
  const editor = useProfileEditor(opened, say)
  const { sync } = draft
  useTopic(tenant, 'profiles', () => { void sync.refresh() })
  useHoldOpen(draft.state.status === 'unchanged' || draft.state.status === 'saved' ? null : 'unsaved')
  useUndoKeys(editor, readOnly)

  const view = search.view ?? 'form'
  const section = search.section ?? 'general'
  const [field, setField] = useState<string | null>(null)
  const [target, setTarget] = useState<{ path: readonly PathKey[]; at: number } | null>(null)
  const jumps = useRef(0)
  /** To a place of the document, in whatever shows it. */
  const goTo = (path: readonly PathKey[]): void => {
    if (view !== 'source') go({ section: sectionOf(path) })
    if (view === 'form') focusWhenDrawn(path)
    else setTarget({ path, at: jumps.current += 1 })
  }
  const remember = (event: FocusEvent): void => { setField((event.target as HTMLElement).closest<HTMLElement>('[data-path]')?.dataset['path'] ?? null) }
  const title = t('profile-editor:title')
  const head = <>{title} <SaveState draft={draft} active={active.version} /></>
  const errors = editor.findings.some(each => each.severity === 'error')
  return (
    <EditorProvider value={editor}>
      <Page title={title} fill heading={head} actions={
        <>
          {!readOnly && <UndoButtons editor={editor} />}
          <SegmentedControl size="sm" value={view} aria-label={t('profile-editor:view')} data={VIEWS.map(value => ({ value, label: t(`profile-editor:viewName.${value}`) }))} onChange={value => { editor.flush(); go({ view: VIEWS.find(each => each === value) ?? 'form' }) }} />
          <ButtonLink variant="default" to="/t/$tenant/profile/versions" params={{ tenant }}>{t('profile-versions:link')}</ButtonLink>
          {!readOnly && <NextSteps editor={editor} draft={draft} />}
          <DraftMenu drafts={drafts} draft={draft} active={active} readOnly={readOnly} />
        </>
      }>
        <div className="sr-only" role="status">{said}</div>
        <Notices editor={editor} draft={draft} active={active} readOnly={readOnly} />
        <div className={classes['editor']} data-view={view}>
          {view !== 'source' && <SectionList section={section} onSection={next => { editor.flush(); go({ section: next }) }} />}
          {view !== 'source' && <div className={classes['formPane']} onFocus={remember}><RefusalAlert error={editor.error} /><SectionForm section={section} onSource={() => { go({ view: 'source' }) }} /></div>}
          {view !== 'form' && <SourceEditor target={target} />}
          <aside className={classes['side']} aria-label={t('profile-editor:about')}>
            <Tabs value={search.panel ?? 'findings'} keepMounted={false} onChange={value => { go({ panel: PANELS.find(each => each === value) ?? 'findings' }) }}>
              <Tabs.List>
                {PANELS.map(each => <Tabs.Tab key={each} value={each} {...(each === 'findings' && editor.findings.length > 0 ? { rightSection: <><Mark tone={errors ? 'bad' : 'warn'} /> <Count value={editor.findings.length} /></> } : {})}>{t(`profile-editor:panel.${each}`)}</Tabs.Tab>)}
              </Tabs.List>
              <Tabs.Panel value="findings"><FindingsPanel onGo={goTo} /></Tabs.Panel>
              <Tabs.Panel value="changes"><ChangesPanel active={active.source} version={active.version} onGo={goTo} /></Tabs.Panel>
              <Tabs.Panel value="values"><ValuesPanel onGo={goTo} /></Tabs.Panel>
              <Tabs.Panel value="comments"><CommentsPanel draft={draft} section={section} field={field} onGo={goTo} /></Tabs.Panel>
            </Tabs>
          </aside>
        </div>
      </Page>
    </EditorProvider>
  )
}

/** Ctrl+Z wherever the keyboard is: in a field, in the source, or in neither. */
function useUndoKeys({ undo, redo }: ProfileEditor, readOnly: boolean): void {
  const { t } = useTranslation()
  useShortcuts(useMemo<readonly Shortcut[]>(() => readOnly ? [] : [
    { keys: 'mod+z', label: t('profile-editor:undo'), group: 'page', whileTyping: true, run: undo },
    { keys: 'mod+y', label: t('profile-editor:redo'), group: 'page', whileTyping: true, run: redo },
    { keys: 'mod+shift+z', label: t('profile-editor:redo'), group: 'page', whileTyping: true, run: redo },
  ], [t, readOnly, undo, redo]))
}

function UndoButtons({ editor: { state, undo, redo } }: { editor: ProfileEditor }): ReactNode {
  const { t } = useTranslation()
  return (
    <>
      <Button variant="default" px="xs" aria-label={t('profile-editor:undo')} title={state.undo === null ? t('profile-editor:undo') : t('profile-editor:undoOf', { about: state.undo })} disabled={state.undo === null} onClick={undo}><IconArrowBackUp size={16} className={classes['mirrored']} /></Button>
      <Button variant="default" px="xs" aria-label={t('profile-editor:redo')} title={state.redo === null ? t('profile-editor:redo') : t('profile-editor:redoOf', { about: state.redo })} disabled={state.redo === null} onClick={redo}><IconArrowForwardUp size={16} className={classes['mirrored']} /></Button>
    </>
  )
}

/** To past orders and to publishing, with everything saved that was typed. */
function NextSteps({ editor: { tenant, flush }, draft: { sync, state } }: { editor: ProfileEditor; draft: ProfileDraft }): ReactNode {
  const { t } = useTranslation()
  const { may } = useTenant()
  const navigate = useNavigate()
  const go = async (to: '/t/$tenant/impact' | '/t/$tenant/profile/publish'): Promise<void> => {
    flush()
    const { status, draftId } = await sync.saveNow()
    // Where it could not be saved, the notice says why.
    if (status === 'saved' && draftId !== null) await navigate({ to, params: { tenant }, search: { draft: draftId } })
  }
  if (state.draftId === null) return null
  return (
    <>
      <Button variant="default" onClick={() => { void go('/t/$tenant/impact') }}>{t('profile-editor:try')}</Button>
      {may('profiles.publish') && <Button onClick={() => { void go('/t/$tenant/profile/publish') }}>{t('profile-versions:publishLink')}</Button>}
    </>
  )
}

/** What stands above the forms: a draft that is not saved, that another version overtook, or that is written in an older form. */
function Notices({ editor, draft, active, readOnly }: { editor: ProfileEditor; draft: ProfileDraft; active: QueryOutput<'profile'>; readOnly: boolean }): ReactNode {
  const { t } = useTranslation()
  const older = editor.findings.find(({ code }) => code === 'older-schema' || code === 'short-form')
  const [fix] = older?.fixes ?? []
  return (
    <>
      {draft.state.status === 'failed' && <div className={classes['notice']}><RefusalAlert error={draft.state.error} tone="warn" /></div>}
      {!readOnly && <DraftNotices draft={draft} active={active} />}
      {!readOnly && fix !== undefined && (
        <Alert className={classes['noticeBox'] ?? ''} color="yellow" title={t('profile-editor:older')}>
          <p className={classes['plain']}>{t('profile-editor:olderHint')}</p>
          <Button size="compact-sm" variant="default" onClick={() => { editor.work.edit(fix.edits, t('profile-editor:bringUp')) }}>{t('profile-editor:bringUp')}</Button>
        </Alert>
      )}
    </>
  )
}

/** Another section is drawn first; then the nearest part that has a field of its own gets the keyboard. */
function focusWhenDrawn(path: readonly PathKey[]): void {
  setTimeout(() => {
    for (let length = path.length; length > 0; length--) if (focusNow(path.slice(0, length))) return
  }, 80)
}
