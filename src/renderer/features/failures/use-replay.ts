import { useCallback, useState } from 'react'
import { invocation, useCommand, type CommandOutput } from '../../app/queries.ts'
import { useTenant } from '../../app/session.tsx'

/** What came of one that was tried again, told until dismissed. */
export type ReplayTold = CommandOutput<'replay-dead-letters'>

/** One dead letter, at once; several are counted first and tried as a job. */
export function useReplay(): { replaying: boolean; error: unknown; told: ReplayTold | null; dismiss: () => void; replay: (id: string) => void } {
  const { tenant } = useTenant()
  const [told, setTold] = useState<ReplayTold | null>(null)
  const { mutate, isPending, error, reset } = useCommand('replay-dead-letters', setTold)
  const replay = useCallback((id: string): void => {
    setTold(null)
    mutate({ tenant, ids: [id], invocation: invocation() })
  }, [mutate, tenant])
  const dismiss = useCallback(() => { setTold(null); reset() }, [reset])
  return { replaying: isPending, error, told, dismiss, replay }
}
