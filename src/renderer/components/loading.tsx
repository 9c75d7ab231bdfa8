import { Skeleton } from '@mantine/core'
import { useEffect, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

const PATIENCE_MS = 300

/** Nothing for 300 ms, then its children: what is quick never flickers. */
export function AfterAWhile({ children }: { children: ReactNode }): ReactNode {
  const [waited, setWaited] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => { setWaited(true) }, PATIENCE_MS)
    return () => { clearTimeout(timer) }
  }, [])
  return waited ? children : null
}

/** Skeleton of a page of text or rows. */
export function LoadingLines({ lines = 8, height = 20 }: { lines?: number; height?: number }): ReactNode {
  const { t } = useTranslation()
  return (
    <AfterAWhile>
      <div role="status" aria-label={t('common:loading')} style={{ padding: 'var(--mantine-spacing-lg)', display: 'grid', gap: 12 }}>
        {Array.from({ length: lines }, (_, index) => <Skeleton key={index} height={height} width={`${92 - (index * 13) % 40}%`} />)}
      </div>
    </AfterAWhile>
  )
}
