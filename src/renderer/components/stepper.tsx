import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './stepper.module.css'

export interface Step {
  readonly id: string
  readonly label: string
  readonly state: 'done' | 'current' | 'attention' | 'ended' | 'ahead'
  /** When, or why not yet. */
  readonly note?: ReactNode
}

/** The way of one order: where it has been, where it stands, what is ahead. */
export function Stepper({ label, steps }: { label: string; steps: readonly Step[] }): ReactNode {
  const { t } = useTranslation()
  return (
    <ol className={classes['steps']} aria-label={label}>
      {steps.map(step => (
        <li key={step.id} data-state={step.state} aria-current={step.state === 'current' || step.state === 'attention' || step.state === 'ended' ? 'step' : undefined}>
          <span className={classes['dot']} aria-hidden="true">{SIGNS[step.state]}</span>
          <span className={classes['label']}>{step.label}<span className="sr-only"> ({t(`common:step.${step.state}`)})</span></span>
          {step.note !== undefined && <span className={classes['note']}>{step.note}</span>}
        </li>
      ))}
    </ol>
  )
}

const SIGNS = { done: '✓', current: '', attention: '!', ended: '×', ahead: '' } as const
