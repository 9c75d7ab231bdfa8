import type { ReactNode } from 'react'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Badge } from '../../components/badge.tsx'
import { Ladder, type Rung } from '../../components/ladder.tsx'
import { PackText } from '../../components/pack-text.tsx'
import { Code, Money } from '../../components/values.tsx'
import type { OrderPageData } from './order-path.ts'
import classes from './order.module.css'
import { lineLadders, orderLadder, type LadderRung, type LineLadder, type PricingDecision } from './price-ladder.ts'

const OPEN_UP_TO = 3
const LADDERS_SHOWN = 200

/** Why this price: the decision's own explanation, rung by rung. */
export function PriceTab({ page }: { page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const { validation, pricing } = page.decisions
  return (
    <>
      {validation !== null && validation.findings.length > 0 && (
        <section>
          <h2 className={classes['h2']}>{t('order:price.findings')}</h2>
          <ul className={classes['stages']}>
            {validation.findings.map((finding, index) => (
              <li key={index} className={classes['row']}>
                <Badge tone={finding.severity === 'error' ? 'bad' : 'warn'}>{t(`order:price.severity.${finding.severity}`)}</Badge>
                <span><PackText pack={finding.pack} code={finding.code} values={finding.values} /> <Code quiet>{finding.pack}</Code></span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {pricing === null ? <p className={`dim ${classes['plain']}`}>{t('order:price.notYet')}</p> : <Pricing pricing={pricing} page={page} />}
    </>
  )
}

function Pricing({ pricing, page }: { pricing: PricingDecision; page: OrderPageData }): ReactNode {
  const { t } = useTranslation()
  const part = pricing.receipt.parts[0]
  const headings = { rule: t('order:price.rule'), change: t('order:price.change'), after: t('order:price.after') }
  const lines = lineLadders(pricing)
  const items = new Map(page.lines.map(line => [line.id, line]))
  const by = <Code>{part === undefined ? '–' : `${part.pack} ${part.version}`}</Code>
  if (pricing.outcome === 'refused') {
    return (
      <>
        <p className={classes['plain']}>{t('order:price.refusedBy')} {by} · {t('order:price.under', { version: pricing.receipt.profileVersion })}</p>
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
      <p className={classes['plain']}>{t('order:price.by')} {by} · {t('order:price.under', { version: pricing.receipt.profileVersion })}</p>
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

function ItemName({ line }: { line: OrderPageData['lines'][number] | undefined }): ReactNode {
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
