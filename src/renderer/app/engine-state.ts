import { useSyncExternalStore } from 'react'

/** What the console knows of the engine: from the desktop bridge, or from whether calls get through. */
export type EngineReach = 'connecting' | 'running' | 'restarting' | 'out-of-reach' | 'stopped'

export interface EngineView {
  readonly reach: EngineReach
  /** Rises each time the engine comes back; whoever holds a stream begins it anew. */
  readonly generation: number
  readonly code: string | null
  readonly since: number
}

let view: EngineView = { reach: 'connecting', generation: 0, code: null, since: Date.now() }
const listeners = new Set<(view: EngineView, before: EngineView) => void>()

export function engineView(): EngineView {
  return view
}

export function setEngineReach(reach: EngineReach, code: string | null = null): void {
  if (reach === view.reach && code === view.code) return
  const before = view
  const cameBack = reach === 'running' && before.reach !== 'running'
  view = { reach, code, generation: before.generation + (cameBack ? 1 : 0), since: Date.now() }
  for (const listener of [...listeners]) listener(view, before)
}

export function onEngineView(listener: (view: EngineView, before: EngineView) => void): () => void {
  listeners.add(listener)
  return () => { listeners.delete(listener) }
}

export function useEngineView(): EngineView {
  return useSyncExternalStore(onEngineView, engineView)
}
