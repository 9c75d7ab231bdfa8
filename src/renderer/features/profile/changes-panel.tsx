import { Button, SegmentedControl, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { PathKey, ProfileEdit } from '#engine/profiles/finding.ts'
import { diffLines } from '#engine/profiles/text-diff.ts'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { refusalCode } from '../../app/refusal.ts'
import { LoadingLines } from '../../components/loading.tsx'
import { RefusalAlert } from '../../components/refusal.tsx'
import { useEditor } from './editor-context.ts'
import classes from './profile.module.css'
import { useValueWords } from './use-value-words.ts'

const PAUSE_MS = 500
/** Unchanged lines that are shown around a change. */
const CONTEXT = 2

type Change = QueryOutput<'compare-profiles'>['changes'][number]

/** What is different from the active version: in words, each to be taken back; or line by line. */
export function ChangesPanel({ active, version, onGo }: { active: string; version: number; onGo: (path: readonly PathKey[]) => void }): ReactNode {
  const { t } = useTranslation()
  const [as, setAs] = useState<'words' | 'text'>('words')
  return (
    <div className={classes['panel']}>
      <p className={classes['panelState']}>{t('profile-editor:againstActive', { version })}</p>
      <SegmentedControl value={as} aria-label={t('profile-editor:view')} data={[{ value: 'words', label: t('profile-editor:inWords') }, { value: 'text', label: t('profile-editor:lineByLine') }]} onChange={value => { setAs(value === 'text' ? 'text' : 'words') }} />
      {as === 'words' ? <InWords active={active} onGo={onGo} /> : <LineByLine active={active} />}
    </div>
  )
}

function InWords({ active, onGo }: { active: string; onGo: (path: readonly PathKey[]) => void }): ReactNode {
  const { t } = useTranslation()
  const { state, words, editing, flush } = useEditor()
  const say = useChangeWords()
  const [settled] = useDebouncedValue(state.text, PAUSE_MS)
  const { data, error } = useEngineQuery('compare-profiles', { before: active, after: settled }, { keepPrevious: true, staleMs: 60_000 })
  if (state.text === active) return <p className="dim">{t('profile-editor:nothingChanged')}</p>
  // Words are found for what can be read as a profile; half done it has lines only.
  if (error !== null && refusalCode(error) === 'KS-PROFILE-INVALID') return <><p className="dim">{t('profile-editor:wordsLater')}</p><LineByLine active={active} /></>
  if (error !== null) return <RefusalAlert error={error} tone="warn" />
  if (data === undefined) return <LoadingLines />
  if (data.changes.length === 0) return <p className="dim">{t('profile-editor:saysTheSame')}</p>
  return (
    <ul className={classes['findings']}>
      {data.changes.map((change, index) => {
        const back = takingBack(change)
        const place = words.place(change.at)
        return (
          <li key={`${index} ${change.path}`}>
            <UnstyledButton className={classes['place']} onClick={() => { onGo(change.at) }}>{place}</UnstyledButton>
            <p>{say(change)}</p>
            {back !== null && !editing.readOnly && <div><Button size="compact-sm" variant="subtle" color="gray" onClick={() => { flush(); editing.edit([back], place) }}>{t('profile-editor:takeBack')}</Button></div>}
          </li>
        )
      })}
    </ul>
  )
}

/** The edit that makes a place what it was; null for entries of lists that went, whose place is not known any more. */
function takingBack({ kind, at, before, code }: Change): ProfileEdit | null {
  if (kind === 'added') return { op: 'remove', path: at }
  if (code === 'order-changed' || (kind === 'removed' && typeof at.at(-1) === 'number')) return null
  return { op: 'set', path: at, value: before }
}

/** A change as a sentence, numbers as the person writes them. */
export function useChangeWords(): (change: Change) => string {
  const { t } = useTranslation()
  const inWords = useValueWords()
  return ({ code, values, at, kind, before, after, message }) => {
    // The sentence about an amount has its currency already.
    const place = code.startsWith('amount-') ? at.slice(0, -1) : at
    return t(`profile-editor:change.${code}`, { ...values, title: values['title'] ?? '', before: inWords(place, before), after: inWords(place, after), kind, defaultValue: message })
  }
}

function LineByLine({ active }: { active: string }): ReactNode {
  const { t } = useTranslation()
  const { state: { text } } = useEditor()
  const lines = useMemo(() => {
    const all = diffLines(active, text)
    const near = (at: number): boolean => all.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(({ kind }) => kind !== 'same')
    return all.filter((_, index) => near(index))
  }, [active, text])
  if (lines.length === 0) return <p className="dim">{t('profile-editor:nothingChanged')}</p>
  return (
    <div className={classes['diff']} dir="ltr" tabIndex={0} role="region" aria-label={t('profile-editor:lineByLine')}>
      {lines.map((line, index) => (
        <div key={index} data-kind={line.kind}>
          <span aria-hidden="true">{line.kind === 'added' ? '+' : line.kind === 'removed' ? '−' : ' '}</span>
          {line.kind !== 'same' && <span className="sr-only">{t(`profile-editor:line.${line.kind}`)} </span>}{line.text}
        </div>
      ))}
    </div>
  )
}
