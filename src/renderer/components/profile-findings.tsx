import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { changeWords, findingValues, stepsWords } from '../app/fix-words.ts'
import type { QueryOutput } from '../app/queries.ts'
import { Badge, type Tone } from './badge.tsx'
import classes from './profile-findings.module.css'
import { Code } from './values.tsx'

type Finding = QueryOutput<'inspect-profile'>['findings'][number]
type Edits = Finding['fixes'][number]['edits']

const TONES: Readonly<Record<Finding['severity'], Tone>> = { error: 'bad', warning: 'warn', hint: 'info' }

/** What is the matter with a profile: a sentence, what to do, where it stands, and the fixes that are one click away. */
export function ProfileFindings({ findings, onFix }: { findings: readonly Finding[]; onFix: (edits: Edits) => void }): ReactNode {
  const { t } = useTranslation()
  return (
    <ol className={classes['findings']}>
      {findings.map((finding, index) => (
        <li key={index} className={classes['finding']}>
          <div className={classes['head']}>
            <Badge tone={TONES[finding.severity]}>{t(`common:severity.${finding.severity}`)}</Badge>
            <span>{t(`profile:finding.${finding.code}.message`, { ...findingValues(finding, t), defaultValue: finding.message })}</span>
          </div>
          <p className={classes['remedy']}>{t(`profile:finding.${finding.code}.fix`, { ...findingValues(finding, t), defaultValue: finding.fix })}</p>
          <div className={classes['foot']}>
            {finding.fixes.map((fix, at) => <Button key={at} variant="default" size="compact-sm" onClick={() => { onFix(fix.edits) }}>{stepsWords(fix, t) ?? changeWords(fix, t)}</Button>)}
            <span className="dim small">{t('common:line', { line: finding.line })} {finding.path !== '' && <Code quiet>{finding.path}</Code>}</span>
          </div>
        </li>
      ))}
    </ol>
  )
}
