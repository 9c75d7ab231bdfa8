import { useEffect, useState } from 'react'

/** Whatever takes the focus while it is there gives it back when it goes. Mantine does so only for windows that stay rendered. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement)
  useEffect(() => () => {
    // Elsewhere by now: what came next has taken it.
    if (document.activeElement === document.body && before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
  }, [before])
}
