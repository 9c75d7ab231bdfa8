import { Button, Select, Textarea, UnstyledButton } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isRecord } from '#engine/core/plain-values.ts'
import type { PathKey } from '#engine/profiles/finding.ts'
import { invocation, useCommand, useEngineQuery } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'
import { Actor } from '../../components/actor.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { Time } from '../../components/values.tsx'
import { useEditor } from './editor-context.ts'
import classes from './profile.module.css'
import { placeOfSection, type SectionId } from './sections.ts'
import type { ProfileDraft } from './use-profile-draft.ts'

/** What people say to each other about the draft, as a whole or at a place. */
export function CommentsPanel({ draft, section, field, onGo }: {
  draft: ProfileDraft; section: SectionId; field: string | null; onGo: (path: readonly PathKey[]) => void
}): ReactNode {
  const { t } = useTranslation()
  const { tenant, words, document, editing } = useEditor()
  const { user } = useTenant()
  const { draftId } = draft.state
  const { data } = useEngineQuery('profile-draft', { tenant, draftId: draftId ?? '' }, { enabled: draftId !== null })
  const remove = useCommand('remove-profile-comment')
  const comments = draftId === null ? [] : data?.comments ?? []
  return (
    <div className={classes['panel']}>
      {comments.length === 0 && <p className={classes['panelState']}>{t('profile-editor:noComments')}</p>}
      <ul className={classes['findings']}>
        {comments.map(comment => {
          const path = pathIn(document.value, comment.path)
          return (
            <li key={comment.id}>
              <div className={classes['findingHead']}><b><Actor who={comment.by} /></b> <span className="dim"><Time value={comment.at} as="ago" /></span></div>
              {comment.path !== '' && <UnstyledButton className={classes['place']} onClick={() => { onGo(path) }}>{words.place(path)}</UnstyledButton>}
              <p className={classes['comment']}>{comment.text}</p>
              {comment.by.id === user.id && !editing.readOnly && <div><Button size="compact-sm" variant="subtle" color="gray" loading={remove.isPending && remove.variables.commentId === comment.id} onClick={() => { remove.mutate({ tenant, draftId: draftId ?? '', commentId: comment.id, invocation: invocation() }) }}>{t('profile-editor:removeComment')}</Button></div>}
            </li>
          )
        })}
      </ul>
      <RefusalAlert error={remove.error} tone="warn" />
      {!editing.readOnly && <NewComment key={`${section} ${field ?? ''}`} draft={draft} section={section} field={field} />}
    </div>
  )
}

function NewComment({ draft, section, field }: { draft: ProfileDraft; section: SectionId; field: string | null }): ReactNode {
  const { t } = useTranslation()
  const { tenant, words, document } = useEditor()
  const [text, setText] = useState('')
  const places = [...new Set(['', ...placeOfSection(section), ...(field === null ? [] : [field])])]
  const [place, setPlace] = useState(field ?? placeOfSection(section)[0] ?? '')
  const [missing, setMissing] = useState(false)
  const comment = useCommand('comment-on-profile-draft', () => { setText('') })
  const send = async (): Promise<void> => {
    if (text.trim() === '') {
      setMissing(true)
      return
    }
    const draftId = await draft.sync.ensure()
    if (draftId !== null) comment.mutate({ tenant, draftId, path: place, text, invocation: invocation() })
  }
  return (
    <form className={classes['newComment']} onSubmit={event => { event.preventDefault(); void send() }}>
      <Select label={t('profile-editor:commentAbout')} value={place} allowDeselect={false} data={places.map(value => ({ value, label: value === '' ? t('profile-editor:whole') : words.place(pathIn(document.value, value)) }))} onChange={value => { setPlace(value ?? '') }} />
      <Textarea label={t('profile-editor:comment')} value={text} autosize minRows={2} maxLength={4000} error={missing ? t('schema-form:error.needed') : null} onChange={event => { setText(event.currentTarget.value); setMissing(false) }} />
      <RefusalAlert error={comment.error} tone="warn" />
      <div><Button type="submit" variant="default" loading={comment.isPending}>{t('profile-editor:sendComment')}</Button></div>
    </form>
  )
}

/** A path that was written with dots, key by key: names may have dots themselves. */
export function pathIn(value: unknown, text: string): PathKey[] {
  if (text === '') return []
  const parts = text.split('.')
  if (Array.isArray(value) && /^\d+$/.test(parts[0] ?? '')) return [Number(parts[0]), ...pathIn(value[Number(parts[0])], parts.slice(1).join('.'))]
  if (isRecord(value)) {
    for (let length = parts.length; length > 0; length--) {
      const key = parts.slice(0, length).join('.')
      if (Object.hasOwn(value, key)) return [key, ...pathIn(value[key], parts.slice(length).join('.'))]
    }
  }
  return parts.map(part => /^\d+$/.test(part) ? Number(part) : part)
}
