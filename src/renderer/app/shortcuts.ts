import { useEffect, useSyncExternalStore } from 'react'

export interface Shortcut {
  /** `j`, `?`, `mod+k` (⌘ or Ctrl), or a sequence: `g o`. */
  readonly keys: string
  /** In the person's language; shown in the help and offered in the command palette. */
  readonly label: string
  readonly group: 'global' | 'list' | 'page'
  /** Also while typing in a field. */
  readonly whileTyping?: boolean
  readonly run: () => void
}

let active: readonly Shortcut[] = []
const listeners = new Set<() => void>()

function change(next: readonly Shortcut[]): void {
  active = next
  for (const listener of [...listeners]) listener()
}

/** Adds shortcuts while the component is on screen; the newest of the same keys wins. Pass a stable array. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => {
    change([...shortcuts, ...active])
    return () => { change(active.filter(shortcut => !shortcuts.includes(shortcut))) }
  }, [shortcuts])
}

export function useActiveShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(listener => {
    listeners.add(listener)
    return () => { listeners.delete(listener) }
  }, () => active)
}

/** Between the keys of a sequence: one hand, and one that is slow, is enough. */
const SEQUENCE_MS = 2000
let prefix: { key: string; until: number } | null = null

function pressed(event: KeyboardEvent): string {
  const name = event.key === ' ' ? 'Space' : event.key
  return event.metaKey || event.ctrlKey ? `mod+${event.shiftKey && /^[a-z]$/i.test(name) ? 'shift+' : ''}${name.toLowerCase()}` : event.altKey ? `alt+${name.toLowerCase()}` : name
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

/** A focused button, link or tab keeps Enter, Space and the arrows for itself; a dialog or menu keeps everything. */
function takesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('[role="dialog"],[role="menu"],[role="listbox"]') !== null) return true
  if (!['Enter', 'Space', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].includes(key)) return false
  return target.closest('button,a,summary,[role="tab"],[role="radio"],input[type="checkbox"],input[type="radio"]') !== null
}

export function listenForShortcuts(): () => void {
  const hear = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    // A dialog has the keys from the moment it begins to open: nothing behind it may hear what is meant for it.
    if (document.querySelector('[aria-modal="true"]') !== null) return
    const key = pressed(event)
    const typing = isTyping(event.target)
    const sequence = prefix !== null && prefix.until > event.timeStamp ? `${prefix.key} ${key}` : null
    prefix = null
    const found = active.find(shortcut => shortcut.keys === sequence) ?? active.find(shortcut => shortcut.keys === key)
    if (found !== undefined) {
      if ((typing && found.whileTyping !== true) || takesKey(event.target, key)) return
      event.preventDefault()
      found.run()
    } else if (!typing && active.some(shortcut => shortcut.keys.startsWith(`${key} `))) {
      prefix = { key, until: event.timeStamp + SEQUENCE_MS }
    }
  }
  window.addEventListener('keydown', hear)
  return () => { window.removeEventListener('keydown', hear) }
}
