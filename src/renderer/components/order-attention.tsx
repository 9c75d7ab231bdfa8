import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { QueryOutput } from '../app/queries.ts'
import { translateRefusal } from '../app/refusal.ts'
import { PackText } from './pack-text.tsx'
import { RefusalBox } from './refusal.tsx'

export type OrderAttentionData = NonNullable<QueryOutput<'order'>['order']['needsAttention']>

/** Why an order does not move by itself, what the pack found, and what to do: the same words wherever it is shown. */
export function OrderAttention({ attention, pack, children }: { attention: OrderAttentionData; pack?: string | null; children?: ReactNode }): ReactNode {
  const { t } = useTranslation()
  const finding = attention.values?.['finding']
  const from = attention.pack ?? pack ?? null
  return (
    <RefusalBox tone="warn" refusal={translateRefusal({ ...attention, values: { ...attention.values, ...(from === null ? {} : { pack: from }) } }, t)}
      {...(typeof finding === 'string' && from !== null ? { detail: <PackText pack={from} code={finding} values={attention.values ?? {}} /> } : {})}>
      {children}
    </RefusalBox>
  )
}
