import { useDebouncedValue } from '@mantine/hooks'
import { useMemo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderDocument } from '#engine/core/orders/order-document.ts'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { translateRefusal } from '../../app/refusal.ts'
import { Badge } from '../../components/badge.tsx'
import { PackText } from '../../components/pack-text.tsx'
import { RefusalAlert, RefusalBox } from '../../components/refusal.tsx'
import { Code, Money } from '../../components/values.tsx'
import classes from './new-order.module.css'

type Decisions = NonNullable<QueryOutput<'try-documents'>[number]['decisions']>

const AFTER_TYPING_MS = 350

/** What the tenant's packs would decide, while one types. Nothing is stored. */
export function PricePreview({ tenant, document }: { tenant: string; document: OrderDocument | null }): ReactNode {
  const { t } = useTranslation()
  const text = useMemo(() => document === null ? null : JSON.stringify(document), [document])
  const [asked] = useDebouncedValue(text, AFTER_TYPING_MS)
  const documents = useMemo(() => asked === null ? [] : [JSON.parse(asked) as OrderDocument], [asked])
  const tried = useEngineQuery('try-documents', { tenant, documents }, { enabled: documents.length > 0, keepPrevious: true })
  const answer = tried.data?.[0]
  return (
    <aside className={classes['preview']} aria-label={t('new-order:preview.title')} aria-busy={tried.isFetching}>
      <h2>{t('new-order:preview.title')}</h2>
      <p className="small dim">{t('new-order:preview.text')}</p>
      {document === null && answer === undefined && <p className="dim">{t('new-order:preview.incomplete')}</p>}
      <RefusalAlert error={tried.error} tone="warn" />
      {answer?.error !== undefined && <RefusalBox tone="warn" refusal={translateRefusal(answer.error, t)} />}
      {answer?.decisions !== undefined && <div data-stale={document === null || text !== asked || undefined} className={classes['answer']}><Answer decisions={answer.decisions} /></div>}
    </aside>
  )
}

function Answer({ decisions: { validation, pricing, approval } }: { decisions: Decisions }): ReactNode {
  const { t } = useTranslation()
  const scale = pricing?.currency === undefined || pricing.exponent === undefined ? null : { currency: pricing.currency, exponent: pricing.exponent }
  const totals = pricing?.totals
  return (
    <>
      {validation?.findings.map((finding, index) => (
        <p key={index}><Badge tone={finding.severity === 'error' ? 'bad' : 'warn'}>{t(`order:price.severity.${finding.severity}`)}</Badge> <PackText pack={finding.pack} code={finding.code} values={finding.values} /></p>
      ))}
      {pricing?.outcome === 'refused' && pricing.explanation.map((each, index) => (
        <p key={index}><Badge tone="bad">{t('new-order:preview.noPrice')}</Badge> <PackText pack={pricing.receipt.parts[0]?.pack ?? ''} code={each.code} values={each.values} scale={scale} /></p>
      ))}
      {totals !== undefined && scale !== null && (
        <table className={classes['sums']}>
          <tbody>
            {(['lineNetMinor', 'allowanceMinor', 'chargeMinor', 'taxMinor', 'payableMinor'] as const).filter(name => name === 'payableMinor' || name === 'lineNetMinor' || totals[name] !== 0).map(name => (
              <tr key={name} data-strong={name === 'payableMinor' || undefined}><th scope="row">{t(`order:totals.${name}`)}</th><td><Money minor={name === 'allowanceMinor' ? 0 - totals[name] : totals[name]} {...scale} /></td></tr>
            ))}
          </tbody>
        </table>
      )}
      {pricing !== null && <p className="small dim">{t('order:price.by')} <Code>{pricing.receipt.parts.map(part => `${part.pack} ${part.version}`).join(', ')}</Code></p>}
      {approval !== null && (
        <p><Badge tone={approval.outcome === 'approved' ? 'ok' : approval.outcome === 'ask' ? 'info' : 'bad'}>{t(`new-order:preview.approval.${approval.outcome}`)}</Badge>{' '}
          {approval.explanation.map((each, index) => <PackText key={index} pack={approval.receipt.parts[0]?.pack ?? ''} code={each.code} values={each.values} scale={scale} />)}</p>
      )}
    </>
  )
}
