import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryOutput } from '../../app/queries.ts'
import { useFormat } from '../../app/use-format.ts'
import { Code } from '../../components/values.tsx'
import classes from './impact.module.css'

type Difference = QueryOutput<'impact-changes'>['rows'][number]['differences'][number]

/** One difference in words; amounts in the currency of the decision where that is known. */
export function DifferenceText({ difference: { kind, field, before, after }, scale }: { difference: Difference; scale: { readonly currency: string; readonly exponent: number } | null }): ReactNode {
  const { t } = useTranslation()
  const format = useFormat()
  const outcomes = field.endsWith('.outcome')
  const shown = (value: string | number | null): ReactNode => {
    if (outcomes) return t(`impact:outcome.${value ?? 'none'}`, { defaultValue: String(value) })
    if (value === null || value === '') return t('impact:nothing')
    if (typeof value === 'number') return scale !== null && field.endsWith('Minor') ? format.money(value, scale.exponent, scale.currency) : format.number(value)
    return <Code>{value}</Code>
  }
  // In the list the amounts stand in columns of their own.
  if (kind === 'amount' && scale === null) return t('impact:kind.amount')
  return <>{t(`impact:kind.${kind}`)}: <bdi>{shown(before)}</bdi> <span className={classes['arrow']} role="img" aria-label={t('impact:becomes')}>→</span> <bdi>{shown(after)}</bdi></>
}
