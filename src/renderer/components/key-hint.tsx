import { Kbd } from '@mantine/core'
import type { ReactNode } from 'react'

const isMac = window.keelson?.platform === 'darwin' || navigator.userAgent.includes('Mac OS')
const SHOWN: Readonly<Record<string, string>> = { mod: isMac ? '⌘' : 'Ctrl', Enter: '↵', Space: '␣', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', alt: 'Alt' }

/** `mod+k` as keys to press; sequences as `g` `o`. */
export function KeyHint({ keys }: { keys: string }): ReactNode {
  return (
    <bdi dir="ltr" style={{ display: 'inline-flex', gap: 3 }}>
      {keys.split(/[ +]/).filter(part => part !== '').map((part, index) => <Kbd key={index} size="xs">{SHOWN[part] ?? (part.length > 1 ? part : /[A-Z]/.test(part) ? `⇧${part}` : part.toUpperCase())}</Kbd>)}
    </bdi>
  )
}
