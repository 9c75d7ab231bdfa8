import { Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { useFormat, useNow } from '../app/use-format.ts'

/** Money of a decision; keeps its own direction inside right-to-left text. */
export function Money({ minor, exponent, currency }: { minor: number; exponent: number; currency: string }): ReactNode {
  const format = useFormat()
  return <bdi className="num">{format.money(minor, exponent, currency)}</bdi>
}

/** A decimal as a document states it, every digit kept. */
export function Decimal({ value }: { value: string }): ReactNode {
  const format = useFormat()
  return <bdi className="num">{format.decimal(value)}</bdi>
}

/** A count. */
export function Count({ value }: { value: number }): ReactNode {
  const format = useFormat()
  return <bdi className="num">{format.number(value)}</bdi>
}

/** References, ids, hashes: never mirrored, never translated. */
export function Code({ children, quiet = false }: { children: ReactNode; quiet?: boolean }): ReactNode {
  return <bdi dir="ltr" className={quiet ? 'code dim' : 'code'}>{children}</bdi>
}

/** A time in the person's locale; the exact one on hover. */
export function Time({ value, as = 'dateTime' }: { value: string; as?: 'dateTime' | 'date' | 'ago' }): ReactNode {
  const format = useFormat()
  const now = useNow()
  const text = as === 'ago' ? format.ago(value, now) : as === 'date' ? format.date(value) : format.dateTime(value)
  return <Tooltip label={<bdi>{format.exactTime(value)}</bdi>}><time dateTime={value} className="num">{text}</time></Tooltip>
}
