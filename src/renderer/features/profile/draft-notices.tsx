import { Alert, Button } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { type Merge, mergeProfiles } from '#engine/profiles/merge-profiles.ts'
import { ask, type QueryOutput } from '../../app/queries.ts'
import { RefusalAlert } from '../../components/refusal.tsx'
import type { DraftState } from './draft-sync.ts'
import { useEditor } from './editor-context.ts'
import { MergeDialog } from './merge-dialog.tsx'
import classes from './profile.module.css'
import type { ProfileWork } from './profile-work.ts'
import type { ProfileDraft } from './use-profile-draft.ts'

/** Somebody changed the same, or another version became active: both are shown, and nothing is overwritten. */
export function DraftNotices({ draft: { state, sync, work }, active }: { draft: ProfileDraft; active: QueryOutput<'profile'> }): ReactNode {
  const { t } = useTranslation()
  const { tenant, flush } = useEditor()
  const [overtaken, setOvertaken] = useState<Merge | null>(null)
  const [error, setError] = useState<unknown>(null)
  const { conflict, draftId, base } = state
  const about = t('profile-editor:mergeActive', { active: active.version })
  const mergeActive = async (): Promise<void> => {
    flush()
    try {
      const { source } = await ask('profile-version', { tenant, version: base })
      const merge = mergeProfiles(source, work.state().text, active.source)
      if (merge.conflicts.length > 0) setOvertaken(merge)
      else await sync.resolve(merge.text, { base: active.version, about })
    } catch (failure) {
      setError(failure)
    }
  }
  return (
    <>
      {conflict !== null && (
        <Conflict key={conflict.theirs.revision} conflict={conflict} mine={work} onTake={text => { void sync.resolve(text, { theirs: conflict.theirs, about: t('profile-editor:merge.take') }) }} />
      )}
      {conflict === null && draftId !== null && base > 0 && base !== active.version && (
        <Alert className={classes['noticeBox'] ?? ''} color="yellow">
          <p className={classes['plain']}>{t('profile-editor:outdated', { active: active.version, base })}</p>
          <Button size="compact-sm" variant="default" onClick={() => { void mergeActive() }}>{about}</Button>
          <RefusalAlert error={error} tone="warn" />
        </Alert>
      )}
      {overtaken !== null && (
        <MergeDialog merge={overtaken} who={t('profile-editor:activeVersion', { version: active.version })} onClose={() => { setOvertaken(null) }}
          onTake={text => { setOvertaken(null); void sync.resolve(text, { base: active.version, about }) }} />
      )}
    </>
  )
}

/** Opens by itself, and can be put off; what is typed meanwhile is part of it. */
function Conflict({ conflict: { common, theirs }, mine, onTake }: { conflict: NonNullable<DraftState['conflict']>; mine: ProfileWork; onTake: (text: string) => void }): ReactNode {
  const { t } = useTranslation()
  const { flush } = useEditor()
  const [merge, setMerge] = useState<Merge | null>(() => mergeProfiles(common, mine.state().text, theirs.source))
  const open = (): void => {
    flush()
    setMerge(mergeProfiles(common, mine.state().text, theirs.source))
  }
  return (
    <>
      <Alert className={classes['noticeBox'] ?? ''} color="red" title={t('profile-editor:merge.title', { name: theirs.changedBy })}>
        <p className={classes['plain']}>{t('profile-editor:merge.unsaved', { name: theirs.changedBy })}</p>
        <Button size="compact-sm" onClick={open}>{t('profile-editor:openMerge')}</Button>
      </Alert>
      {merge !== null && <MergeDialog merge={merge} who={theirs.changedBy} onClose={() => { setMerge(null) }} onTake={onTake} />}
    </>
  )
}
