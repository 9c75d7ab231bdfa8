import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { formattersOf, type Formatters } from './format.ts'
import { intlLocale } from './i18n.ts'

export function useFormat(): Formatters {
  const { i18n } = useTranslation()
  return formattersOf(intlLocale(i18n.language))
}

let nowMs = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | null = null

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    nowMs = Date.now()
    for (const each of [...listeners]) each()
  }, 30_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }
}

/** The present, every half minute: one timer for all ages on a screen. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs)
}
