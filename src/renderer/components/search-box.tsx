import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useState, type ReactNode, type Ref } from 'react'
import { KeyHint } from './key-hint.tsx'

/** Search as one types; what is searched for stands in the URL. */
export function SearchBox({ ref, label, hint, value, onChange }: { ref: Ref<HTMLInputElement>; label: string; hint: string; value: string; onChange: (value: string) => void }): ReactNode {
  const [typed, setTyped] = useState(value)
  const [shownFor, setShownFor] = useState(value)
  // The URL may change by itself (back, palette); typing is never overwritten by its own echo.
  if (shownFor !== value) {
    setShownFor(value)
    if (typed.trim() !== value) setTyped(value)
  }
  const later = useDebouncedCallback((next: string) => { onChange(next.trim()) }, 120)
  return (
    <TextInput ref={ref} type="search" w="16rem" aria-label={label} placeholder={hint} value={typed}
      leftSection={<IconSearch size={14} />} rightSection={typed === '' ? <KeyHint keys="/" /> : null}
      onChange={event => { setTyped(event.currentTarget.value); later(event.currentTarget.value) }}
      onKeyDown={event => {
        if (event.key !== 'Escape' && event.key !== 'Enter') return
        // A browser empties a field of this kind with Escape; here it leaves it, and what was typed counts at once.
        event.preventDefault()
        later.flush()
        event.currentTarget.blur()
      }} />
  )
}
