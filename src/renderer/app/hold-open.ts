import { useEffect } from 'react'
import type { HoldOpen } from '#src/preload/bridge.d.ts'

const reasons = new Map<symbol, HoldOpen>()
let told: HoldOpen | null = null

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
  // A browser asks about a job once: its server goes on with it in any case.
  if (window.keelson === undefined && told === 'job') window.removeEventListener('beforeunload', ask)
}

function tell(): void {
  const now = [...reasons.values()]
  const why = now.includes('unsaved') ? 'unsaved' : now.includes('job') ? 'job' : null
  if (why === told) return
  told = why
  window.keelson?.holdOpen(why)
  if (why === null) window.removeEventListener('beforeunload', ask)
  else window.addEventListener('beforeunload', ask)
}

/** Has the person asked before the window closes, for as long as there is a reason. The desktop words the question; a browser its own. */
export function useHoldOpen(why: HoldOpen | null): void {
  useEffect(() => {
    if (why === null) return undefined
    const id = Symbol(why)
    reasons.set(id, why)
    tell()
    return () => {
      reasons.delete(id)
      tell()
    }
  }, [why])
}
