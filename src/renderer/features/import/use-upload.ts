import { useCallback, useEffect, useRef, useState } from 'react'
import { useTenant } from '../../app/session.tsx'
import type { HandedIn } from './import-draft.ts'
import { UploadCancelled, uploadFile, type UploadProgress } from './upload.ts'

export interface Uploading {
  readonly name: string
  readonly progress: UploadProgress | null
}

/** Files on their way to the engine, one after the other. Leaving the page stops them. */
export function useUpload(onDone: (files: readonly HandedIn[]) => void): {
  uploading: Uploading | null; error: unknown; start: (files: readonly File[]) => void; cancel: () => void
} {
  const { tenant } = useTenant()
  const [uploading, setUploading] = useState<Uploading | null>(null)
  const [error, setError] = useState<unknown>(null)
  const stop = useRef<AbortController | null>(null)
  const done = useRef(onDone)
  useEffect(() => { done.current = onDone })
  useEffect(() => () => { stop.current?.abort() }, [])

  const start = useCallback((files: readonly File[]): void => {
    if (files.length === 0) return
    stop.current?.abort()
    const controller = new AbortController()
    stop.current = controller
    setError(null)
    const run = async (): Promise<void> => {
      try {
        const handedIn: HandedIn[] = []
        for (const file of files) {
          setUploading({ name: file.name, progress: null })
          handedIn.push(await uploadFile(tenant, file, progress => { if (!controller.signal.aborted) setUploading({ name: file.name, progress }) }, controller.signal))
        }
        setUploading(null)
        done.current(handedIn)
      } catch (caught) {
        if (controller !== stop.current) return
        setUploading(null)
        if (!(caught instanceof UploadCancelled)) setError(caught)
      }
    }
    void run()
  }, [tenant])

  const cancel = useCallback(() => {
    stop.current?.abort()
    setUploading(null)
  }, [])
  return { uploading, error, start, cancel }
}
