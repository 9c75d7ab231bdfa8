import { Button, Modal, Radio } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { applyEdits } from '#engine/profiles/edits.ts'
import type { Merge, MergeConflict } from '#engine/profiles/merge-profiles.ts'
import { useEditor } from './editor-context.ts'
import classes from './profile.module.css'

/** Two people changed the same places: both are shown, and for each place one chooses. Everything else is merged already. */
export function MergeDialog({ merge, who, onTake, onClose }: { merge: Merge; who: string; onTake: (text: string) => void; onClose?: () => void }): ReactNode {
  const { t } = useTranslation()
  const { words } = useEditor()
  const [chosen, setChosen] = useState<readonly ('mine' | 'theirs' | null)[]>(() => merge.conflicts.map(() => null))
  const open = chosen.filter(each => each === null).length
  const take = (): void => { onTake(mergedText(merge, chosen)) }
  return (
    <Modal opened onClose={onClose ?? (() => undefined)} withCloseButton={onClose !== undefined} closeOnEscape={onClose !== undefined} closeOnClickOutside={false} size="xl" title={t('profile-editor:merge.title', { name: who })} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <div className={classes['merge']}>
        <p className={classes['plain']}>{t('profile-editor:merge.text', { count: merge.conflicts.length, name: who })}</p>
        {merge.conflicts.map((conflict, index) => (
          <Radio.Group key={conflict.path.join('.')} label={words.place(conflict.path)} value={chosen[index] ?? ''} onChange={value => { setChosen(chosen.map((each, at) => at === index ? value === 'mine' ? 'mine' : 'theirs' : each)) }}
            description={t('profile-editor:merge.before', { value: shownValue(conflict.base, t('profile-editor:merge.nothing')) })}>
            <div className={classes['sides']}>
              <Side side="mine" label={t('profile-editor:merge.mine')} conflict={conflict} />
              <Side side="theirs" label={t('profile-editor:merge.theirs', { name: who })} conflict={conflict} />
            </div>
          </Radio.Group>
        ))}
        <div className={classes['buttons']}>
          <Button variant="default" onClick={() => { setChosen(chosen.map(() => 'mine')) }}>{t('profile-editor:merge.allMine')}</Button>
          <Button variant="default" onClick={() => { setChosen(chosen.map(() => 'theirs')) }}>{t('profile-editor:merge.allTheirs')}</Button>
          <Button disabled={open > 0} onClick={take}>{open > 0 ? t('profile-editor:merge.left', { count: open }) : t('profile-editor:merge.take')}</Button>
        </div>
      </div>
    </Modal>
  )
}

function Side({ side, label, conflict }: { side: 'mine' | 'theirs'; label: string; conflict: MergeConflict }): ReactNode {
  const { t } = useTranslation()
  return (
    <div className={classes['sideOf']}>
      <Radio value={side} label={label} />
      <pre dir="ltr" className="code">{shownValue(conflict[side], t('profile-editor:merge.nothing'))}</pre>
    </div>
  )
}

function shownValue(value: unknown, nothing: string): string {
  if (value === undefined || value === null) return nothing
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}

/** The merged text, which has theirs where both changed, with what was chosen of mine in it. */
export function mergedText({ text, conflicts }: Merge, chosen: readonly ('mine' | 'theirs' | null)[]): string {
  const mine = conflicts.filter((_, index) => chosen[index] === 'mine')
  const whole = mine.find(({ path }) => path.length === 0)
  if (whole !== undefined) return String(whole.mine)
  // Later entries of a list first: taking one away moves those behind it.
  const edited = applyEdits(text, mine.toReversed().map(({ path, mine: value }) => value === undefined ? { op: 'remove', path } : { op: 'set', path, value }))
  return edited.ok ? edited.value : text
}
