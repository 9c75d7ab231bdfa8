import { notifications } from '@mantine/notifications'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { invocation, issue, type QueryOutput } from '../../app/queries.ts'
import { shownRefusal, type ShownRefusal } from '../../app/refusal.ts'
import { useTenant } from '../../app/session.tsx'

export type Waiting = QueryOutput<'approvals'>['rows'][number]
export type Verdict = { readonly kind: 'approve' } | { readonly kind: 'reject'; readonly reason: string }

/** A decision that the engine did not take: about which order, and why. */
export interface NotDecided {
  readonly row: Waiting
  readonly refusal: ShownRefusal
}

/** Decides orders one by one, each for the revision and stage that the person saw; what was refused is kept to be told. */
export function useDecide(): {
  deciding: boolean; refused: readonly NotDecided[]; dismiss: () => void
  decide: (rows: readonly Waiting[], verdict: Verdict) => Promise<readonly Waiting[]>
} {
  const { t } = useTranslation()
  const { tenant } = useTenant()
  const queries = useQueryClient()
  const [deciding, setDeciding] = useState(false)
  const [refused, setRefused] = useState<readonly NotDecided[]>([])
  const decide = useCallback(async (rows: readonly Waiting[], verdict: Verdict): Promise<readonly Waiting[]> => {
    setDeciding(true)
    setRefused([])
    const done: Waiting[] = []
    // Approved by this person, and still waiting for others.
    const given: Waiting[] = []
    const not: NotDecided[] = []
    for (const row of rows) {
      const input = { tenant, orderId: row.id, revision: row.revision, invocation: invocation(verdict.kind === 'reject' ? verdict.reason : undefined) }
      try {
        const { state } = await (verdict.kind === 'approve' ? issue('approve-order', { ...input, stage: row.stage }) : issue('reject-order', input))
        ;(state === 'priced' ? given : done).push(row)
      } catch (error) {
        not.push({ row, refusal: shownRefusal(error, t) })
      }
    }
    setRefused(not)
    setDeciding(false)
    for (const [told, orders] of [[verdict.kind, done], ['given', given]] as const) {
      if (orders.length > 0) notifications.show({ color: 'green', message: t(`approvals:told.${told}`, { count: orders.length, reference: orders[0]?.reference ?? '' }) })
    }
    await queries.invalidateQueries({ predicate: query => ['approvals', 'order', 'order-counts'].includes(String(query.queryKey[0])) })
    return [...done, ...given]
  }, [tenant, queries, t])
  const dismiss = useCallback(() => { setRefused([]) }, [])
  return { deciding, refused, dismiss, decide }
}
