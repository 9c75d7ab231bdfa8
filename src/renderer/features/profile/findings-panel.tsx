import { Button, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding, PathKey } from '#engine/profiles/finding.ts'
import { Badge, type Tone } from '../../components/badge.tsx'
import { useEditor } from './editor-context.ts'
import { findingWords, fixWords } from './finding-words.ts'
import classes from './profile.module.css'

const TONES = { error: 'bad', warning: 'warn', hint: 'info' } as const satisfies Record<string, Tone>
const SHOWN = 100

/** What a person should know about the document; most of it can be put right with one press. */
export function FindingsPanel({ onGo }: { onGo: (path: readonly PathKey[]) => void }): ReactNode {
  const { t } = useTranslation()
  const { findings, checked, words, editing, flush } = useEditor()
  const errors = findings.filter(each => each.severity === 'error').length
  return (
    <div className={classes['panel']}>
      <p className={classes['panelState']} role="status">
        {!checked ? t('profile-editor:checking') : findings.length === 0 ? t('profile-editor:noFindings') : errors === 0 ? t('profile-editor:onlyWarnings', { count: findings.length }) : t('profile-editor:errors', { count: errors })}
      </p>
      <ul className={classes['findings']}>
        {worstFirst(findings).slice(0, SHOWN).map((finding, index) => {
          const { sentence, remedy, place } = findingWords(finding, t, words)
          return (
            <li key={`${index} ${finding.code} ${finding.path}`} data-severity={finding.severity}>
              <div className={classes['findingHead']}>
                <Badge tone={TONES[finding.severity]}>{t(`profile-editor:severity.${finding.severity}`)}</Badge>
                <UnstyledButton className={classes['place']} onClick={() => { onGo(finding.at) }}>{t('profile-editor:at', { place, line: finding.line })}</UnstyledButton>
              </div>
              <p>{sentence} <span className="dim">{remedy}</span></p>
              {!editing.readOnly && finding.fixes.length > 0 && (
                <div className={classes['fixes']}>
                  {finding.fixes.map(fix => <Button key={fix.label} size="compact-sm" variant="default" onClick={() => { flush(); editing.edit(fix.edits, fixWords(fix, t, words)) }}>{fixWords(fix, t, words)}</Button>)}
                </div>
              )}
            </li>
          )
        })}
      </ul>
      {findings.length > SHOWN && <p className="dim">{t('profile-editor:moreFindings', { count: findings.length - SHOWN })}</p>}
    </div>
  )
}

const ORDER: readonly Finding['severity'][] = ['error', 'warning', 'hint']

/** What keeps it from being published first; within that, by line. */
function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity))
}
