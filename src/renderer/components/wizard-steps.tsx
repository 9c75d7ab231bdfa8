import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../app/use-format.ts'
import classes from './wizard-steps.module.css'

export interface WizardStep {
  readonly id: string
  readonly text: string
  /** Draws the link back to a step that was taken and has lost nothing; absent where there is no way back. */
  readonly back?: (className: string | undefined, content: ReactNode) => ReactNode
}

/** Where the person is in a wizard. */
export function WizardSteps({ label, current, steps }: { label: string; current: string; steps: readonly WizardStep[] }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const at = steps.findIndex(({ id }) => id === current)
  return (
    <ol className={classes['steps']} aria-label={label}>
      {steps.map(({ id, text, back }, index) => {
        const content = <><span className={classes['number']} aria-hidden="true">{index < at ? '✓' : format.number(index + 1)}</span>{text}</>
        return (
          <li key={id}>
            {index < at && back !== undefined
              ? back(classes['step'], <>{content}<span className="sr-only"> ({t('common:step.done')})</span></>)
              : <span className={classes['step']} aria-current={index === at ? 'step' : undefined}>{content}</span>}
          </li>
        )
      })}
    </ol>
  )
}
