import { CopyButton, Tooltip, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat, useNow } from '../app/use-format.ts'

const SHOWN_OF_DIGEST = 16

/** Money of a decision. Numbers are never mirrored. */
export function Money({ minor, exponent, currency }: { minor: number; exponent: number; currency: string }): ReactNode {
  const format = useFormat()
  return <bdi dir="ltr" className="num">{format.money(minor, exponent, currency)}</bdi>
}

/** As `Money` where the heading names the currency. */
export function Amount({ minor, exponent }: { minor: number; exponent: number }): ReactNode {
  const format = useFormat()
  return <bdi dir="ltr" className="num">{format.amount(minor, exponent)}</bdi>
}

/** Money that is told as a decimal. */
export function DecimalMoney({ value, currency }: { value: string; currency: string }): ReactNode {
  const format = useFormat()
  return <bdi dir="ltr" className="num">{format.decimalMoney(value, currency)}</bdi>
}

/** A decimal as a document states it, every digit kept. */
export function Decimal({ value }: { value: string }): ReactNode {
  const format = useFormat()
  return <bdi dir="ltr" className="num">{format.decimal(value)}</bdi>
}

/** A count. */
export function Count({ value }: { value: number }): ReactNode {
  const format = useFormat()
  return <bdi dir="ltr" className="num">{format.number(value)}</bdi>
}

/** References, ids, hashes: never mirrored, never translated. */
export function Code({ children, quiet = false }: { children: ReactNode; quiet?: boolean }): ReactNode {
  return <bdi dir="ltr" className={quiet ? 'code dim' : 'code'}>{children}</bdi>
}

/** A digest: enough of it to compare by eye, all of it to copy or to hover. */
export function Digest({ value }: { value: string }): ReactNode {
  const { t } = useTranslation()
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={<bdi dir="ltr" className="code">{value}</bdi>} multiline maw={340}>
          <UnstyledButton onClick={copy}>
            <bdi dir="ltr" className="code">{value.length > SHOWN_OF_DIGEST ? `${value.slice(0, SHOWN_OF_DIGEST)}…` : value}</bdi>
            <span className="sr-only"> {copied ? t('common:copied') : t('common:copy')}</span>{copied && <span className="small dim" aria-hidden="true"> ✓</span>}
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  )
}

/** A time in the person's locale; the exact one on hover. */
export function Time({ value, as = 'dateTime' }: { value: string; as?: 'dateTime' | 'date' | 'ago' | 'brief' }): ReactNode {
  const format = useFormat()
  const now = useNow()
  const text = as === 'ago' ? format.ago(value, now) : as === 'date' ? format.date(value) : as === 'brief' ? format.brief(value, now) : format.dateTime(value)
  return <Tooltip label={<bdi>{format.exactTime(value)}</bdi>}><time dateTime={value} className="num">{text}</time></Tooltip>
}
