import type { ReactNode } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { lineLadders, orderLadder, type LadderRung, type LineLadder, type PricingDecision } from '../app/price-ladder.ts'
import type { QueryOutput } from '../app/queries.ts'
import { Badge } from './badge.tsx'
import { Ladder, type Rung } from './ladder.tsx'
import { PackText } from './pack-text.tsx'
import classes from './price-explanation.module.css'
import { Code, Money } from './values.tsx'

const OPEN_UP_TO = 3
const LADDERS_SHOWN = 200

/** A line of the order that was priced, as its rungs name it. */
interface NamedLine { readonly id: string; readonly item: string; readonly description: string | null }

/** Why this price: the decision's own explanation, rung by rung; or why there is none. `under` says which profile decided. */
export function PriceExplanation({ pricing, lines: named, under }: { pricing: PricingDecision; lines: readonly NamedLine[]; under?: ReactNode }): ReactNode {
  const { t } = useTranslation()
  const part = pricing.receipt.parts[0]
  const headings = { rule: t('order:price.rule'), change: t('order:price.change'), after: t('order:price.after') }
  const lines = lineLadders(pricing)
  const items = new Map(named.map(line => [line.id, line]))
  const by = <Code>{part === undefined ? '–' : `${part.pack} ${part.version}`}</Code>
  if (pricing.outcome === 'refused') {
    return (
      <>
        <p className={classes['plain']}>{t('order:price.refusedBy')} {by}{under !== undefined && <> · {under}</>}</p>
        <ul className={classes['stages']}>
          {pricing.explanation.map((each, index) => (
            <li key={index} className={classes['row']}>
              <Badge tone="bad">{each.lineId === undefined ? t('order:price.noPrice') : t('order:compare.line', { line: each.lineId })}</Badge>
              <span><PackText pack={part?.pack ?? ''} code={each.code} values={each.values} /> <Code quiet>{each.code}</Code></span>
            </li>
          ))}
        </ul>
      </>
    )
  }
  return (
    <>
      <p className={classes['plain']}>{t('order:price.by')} {by}{under !== undefined && <> · {under}</>}</p>
      <Ladder label={t('order:price.ladder')} headings={headings} rungs={orderLadder(pricing).map((rung, index) => shown(rung, index, pricing, t(`order:price.sum.${rung.kind === 'sum' ? rung.sum : 'lines'}`)))} />
      {lines.length > 0 && (
        <section>
          <h2 className={classes['h2']}>{t('order:price.byLine')}</h2>
          {lines.slice(0, LADDERS_SHOWN).map(line => (
            <details key={line.lineId} className={classes['lineGroup']} open={lines.length <= OPEN_UP_TO}>
              <summary>
                <span><Code quiet>{line.lineId}</Code> <ItemName line={items.get(line.lineId)} /></span>
                {pricing.currency !== undefined && pricing.exponent !== undefined && <Money minor={line.netMinor} exponent={pricing.exponent} currency={pricing.currency} />}
              </summary>
              <Ladder label={t('order:price.ladderOfLine', { line: line.lineId })} headings={headings} rungs={[...ownRungs(line, pricing, t), ...line.rungs.map((rung, index) => shown(rung, index, pricing, ''))]} />
            </details>
          ))}
          {lines.length > LADDERS_SHOWN && <p className="dim small">{t('order:price.moreLines', { count: lines.length - LADDERS_SHOWN })}</p>}
        </section>
      )}
    </>
  )
}

function ItemName({ line }: { line: NamedLine | undefined }): ReactNode {
  if (line === undefined) return null
  return <><Code>{line.item}</Code> {line.description !== line.item && <bdi className="dim">{line.description}</bdi>}</>
}

/** From the list price over each adjustment to the net price in the line's own currency, and what that counts in the order's. */
function ownRungs({ own, netMinor }: LineLadder, pricing: PricingDecision, t: TFunction): Rung[] {
  if (own === null || pricing.currency === undefined || pricing.exponent === undefined) return []
  const scale = { currency: own.currency, exponent: own.exponent }
  const part = pricing.receipt.parts[0]
  let afterMinor = own.listMinor
  const adjusted = own.adjustments.map(({ code, amountMinor, values }, index): Rung => {
    afterMinor += amountMinor
    return {
      id: `own-${index}`, text: <PackText pack={part?.pack ?? ''} code={`adjustment.${code}`} values={values} scale={scale} />,
      change: <Money minor={amountMinor} {...scale} />, after: <Money minor={afterMinor} {...scale} />,
      source: <Code quiet>{`${code} · ${part?.pack ?? ''} ${part?.version ?? ''}`}</Code>,
    }
  })
  const settled: Rung[] = own.rate === null ? [] : [{
    id: 'own-settled', text: t('order:price.settled', { rate: own.rate, from: own.currency, to: pricing.currency }), strong: true,
    change: null, after: <Money minor={netMinor} currency={pricing.currency} exponent={pricing.exponent} />,
  }]
  return [{ id: 'own-list', text: t('order:price.list'), strong: true, change: null, after: <Money minor={own.listMinor} {...scale} /> }, ...adjusted, ...settled]
}

function shown(rung: LadderRung, index: number, pricing: PricingDecision, sumText: string): Rung {
  const { currency, exponent } = pricing
  const scale = currency === undefined || exponent === undefined ? null : { currency, exponent }
  const money = (minor: number | null): ReactNode => minor === null || scale === null ? null : <Money minor={minor} {...scale} />
  const part = pricing.receipt.parts[0]
  const pack = part?.pack ?? ''
  const amounts = { change: money(rung.changeMinor), after: money(rung.afterMinor) }
  if (rung.kind === 'sum') return { id: `sum-${rung.sum}`, text: sumText, strong: rung.sum !== 'discounts', ...amounts }
  return {
    id: `said-${index}`, text: <PackText pack={pack} code={rung.said.code} values={rung.said.values} scale={scale} />, ...amounts,
    source: <Code quiet>{`${rung.said.code} · ${pack} ${part?.version ?? ''}`}</Code>,
  }
}

type Findings = NonNullable<QueryOutput<'order'>['decisions']['validation']>['findings']

/** What validation rules say of an order. */
export function FindingList({ findings }: { findings: Findings }): ReactNode {
  const { t } = useTranslation()
  return (
    <ul className={classes['stages']}>
      {findings.map((finding, index) => (
        <li key={index} className={classes['row']}>
          <Badge tone={finding.severity === 'error' ? 'bad' : 'warn'}>{t(`order:price.severity.${finding.severity}`)}</Badge>
          <span><PackText pack={finding.pack} code={finding.code} values={finding.values} /> <Code quiet>{finding.pack}</Code></span>
        </li>
      ))}
    </ul>
  )
}
