import { Button, Radio } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Merge, MergeConflict } from '#engine/profiles/merge-profiles.ts'
import { useEditor } from './editor-context.ts'
import { mergedText, type Choice } from './merged-text.ts'
import classes from './profile.module.css'
import { useValueWords } from './use-value-words.ts'
import { Dialog } from '../../components/dialog.tsx'

/** Two people changed the same places: both are shown, and for each place one chooses. Everything else is merged already. */
export function MergeDialog({ merge, who, onTake, onClose }: { merge: Merge; who: string; onTake: (text: string) => void; onClose?: () => void }): ReactNode {
  const { t } = useTranslation()
  const { words } = useEditor()
  const shown = useShown()
  const [chosen, setChosen] = useState<readonly Choice[]>(() => merge.conflicts.map(() => null))
  const open = chosen.filter(each => each === null).length
  const take = (): void => { onTake(mergedText(merge, chosen)) }
  return (
    <Dialog onClose={onClose ?? (() => undefined)} withCloseButton={onClose !== undefined} closeOnEscape={onClose !== undefined} closeOnClickOutside={false} size="xl" title={t('profile-editor:merge.title', { name: who })} closeButtonProps={{ 'aria-label': t('common:close') }}>
      <div className={classes['merge']}>
        <p className={classes['plain']}>{t('profile-editor:merge.text', { count: merge.conflicts.length, name: who })}</p>
        {merge.conflicts.map((conflict, index) => (
          <Radio.Group key={conflict.path.join('.')} label={words.place(conflict.path)} value={chosen[index] ?? ''} onChange={value => { setChosen(chosen.map((each, at) => at === index ? value === 'mine' ? 'mine' : 'theirs' : each)) }}
            description={t('profile-editor:merge.before', { value: shown(conflict, 'base') })}>
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
    </Dialog>
  )
}

function Side({ side, label, conflict }: { side: 'mine' | 'theirs'; label: string; conflict: MergeConflict }): ReactNode {
  const shown = useShown()
  return (
    <div className={classes['sideOf']}>
      <Radio value={side} label={label} />
      {conflict.path.length === 0 ? <pre dir="ltr" className="code">{shown(conflict, side)}</pre> : <p className={classes['plain']}><bdi>{shown(conflict, side)}</bdi></p>}
    </div>
  )
}

/** A value in words; a whole text as it is written, where one of the two cannot be read. */
function useShown(): (conflict: MergeConflict, side: 'base' | 'mine' | 'theirs') => string {
  const { t } = useTranslation()
  const inWords = useValueWords()
  return ({ path, ...sides }, side) => path.length === 0 ? String(sides[side]) : inWords(path, sides[side]) || t('profile-editor:merge.nothing')
}
