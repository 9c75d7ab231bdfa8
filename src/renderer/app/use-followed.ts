import { useQueryClient, type QueryKey } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useEngineView } from './engine-state.ts'

const AGAIN_AFTER_MS = 1000

export interface Followed<View> {
  /** Key of the query that asked for it, under which what comes is kept. */
  readonly key: QueryKey
  /** Whether there is anything to follow: false once it has ended. */
  readonly follow: boolean
  readonly stream: (signal: AbortSignal) => Promise<AsyncIterable<View>>
  /** The stream ends with what it tells of: the answer of record is asked for once more. */
  readonly onEnd: () => Promise<void>
}

/** Follows something long by its stream, which is begun anew when it breaks and when the engine comes back. */
export function useFollowed<View>({ key, follow, stream, onEnd }: Followed<View>): void {
  const queries = useQueryClient()
  const { generation } = useEngineView()
  const name = JSON.stringify(key)
  useEffect(() => {
    if (!follow) return undefined
    const stop = new AbortController()
    const listen = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        try {
          for await (const now of await stream(stop.signal)) queries.setQueryData(key, now)
          await onEnd()
        } catch {
          // A stream that broke is begun again; failing calls tell the person why.
        }
        await new Promise(resolve => setTimeout(resolve, AGAIN_AFTER_MS))
      }
    }
    void listen()
    return () => { stop.abort() }
    // The key says what is followed; the functions are made anew with every drawing and mean the same.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [name, follow, generation, queries])
}
