import { useDebouncedValue } from '@mantine/hooks'
import type { Finding } from '#engine/profiles/finding.ts'
import { useEngineQuery } from '../../app/queries.ts'

const PAUSE_MS = 350
const NONE: readonly Finding[] = []

/** What the engine says to the text, a moment after it was typed; until it answers, what it said before. `settled`: the text that it is asked about. */
export function useFindings(tenant: string, text: string): { readonly findings: readonly Finding[]; readonly checked: boolean; readonly settled: string } {
  const [settled] = useDebouncedValue(text, PAUSE_MS)
  const { data, isPlaceholderData } = useEngineQuery('inspect-profile', { tenant, document: settled }, { staleMs: 60_000, keepPrevious: true })
  return { findings: data?.findings ?? NONE, checked: settled === text && data !== undefined && !isPlaceholderData, settled }
}
