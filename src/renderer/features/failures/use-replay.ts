import { useCallback, useState } from 'react'
import { invocation, useCommand } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'

/** What came of the last replay, told until dismissed. */
export interface ReplayTold {
  readonly replayed: number
  readonly resolved: number
  readonly failed: number
}

export type ReplayWhat = { readonly ids: string[] } | { readonly pack: string } | { readonly all: true }

export function useReplay(): { replaying: boolean; error: unknown; told: ReplayTold | null; dismiss: () => void; replay: (what: ReplayWhat, onDone?: () => void) => void } {
  const { tenant } = useTenant()
  const [told, setTold] = useState<ReplayTold | null>(null)
  const { mutate, isPending, error, reset } = useCommand('replay-dead-letters', setTold)
  const replay = useCallback((what: ReplayWhat, onDone?: () => void): void => {
    setTold(null)
    const which = 'ids' in what ? { ids: what.ids } : 'pack' in what ? { pack: what.pack } : {}
    mutate({ tenant, ...which, invocation: invocation() }, { onSuccess: () => { onDone?.() } })
  }, [mutate, tenant])
  const dismiss = useCallback(() => { setTold(null); reset() }, [reset])
  return { replaying: isPending, error, told, dismiss, replay }
}
