import { createTheme, type CSSVariablesResolver, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core'
import type { KeyboardEvent } from 'react'

/**
 * Every token of the console's look. Components and features use `var(--k-…)` and Mantine's variables, never a colour
 * of their own. All text colours pass 4.5:1 on both surfaces of their theme.
 */
const light = {
  '--k-surface': '#ffffff', '--k-surface-2': '#f6f7f9', '--k-surface-3': '#eceff3', '--k-line': '#dfe3e8', '--k-line-strong': '#868e99',
  '--k-text': '#1b1f24', '--k-text-dim': '#565f6b',
  '--k-ok': '#1a6b37', '--k-ok-soft': '#e4f3e8', '--k-warn': '#7d5100', '--k-warn-soft': '#fdf1d8',
  '--k-bad': '#b3261e', '--k-bad-soft': '#fdeae8', '--k-info': '#1d559f', '--k-info-soft': '#e6effa',
  '--k-row-hover': '#f3f5f8', '--k-row-cursor': '#eaf1fb', '--k-row-selected': '#e1ebf9',
}
const dark = {
  '--k-surface': '#16181c', '--k-surface-2': '#1c1f24', '--k-surface-3': '#262a31', '--k-line': '#2d323a', '--k-line-strong': '#727c89',
  '--k-text': '#e7eaee', '--k-text-dim': '#a3acb8',
  '--k-ok': '#63c98a', '--k-ok-soft': '#16301f', '--k-warn': '#e5b455', '--k-warn-soft': '#352a12',
  '--k-bad': '#ff938a', '--k-bad-soft': '#3b1b19', '--k-info': '#86b7f5', '--k-info-soft': '#172a42',
  '--k-row-hover': '#1e2127', '--k-row-cursor': '#1f2a3a', '--k-row-selected': '#23324a',
}

export const DEFAULT_ACCENT = '#1f5fb8'

type Rgb = readonly [number, number, number]

function parseHex(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255]
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return [0, 1, 2].map(i => Math.round((from[i] ?? 0) + ((to[i] ?? 0) - (from[i] ?? 0)) * share)) as unknown as Rgb
}

function toHex(rgb: Rgb): string {
  return `#${rgb.map(channel => channel.toString(16).padStart(2, '0')).join('')}`
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map(channel => {
    const share = channel / 255
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
}

/** WCAG contrast ratio of two colours, 1 to 21. */
export function contrast(one: string, other: string): number {
  const a = luminance(parseHex(one))
  const b = luminance(parseHex(other))
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** Walks from `accent` towards `target` until it can be read on `background`. */
function readable(accent: string, background: string, target: string, atLeast: number): string {
  for (let share = 0; share <= 1; share += 0.05) {
    const candidate = toHex(mix(parseHex(accent), parseHex(target), share))
    if (contrast(candidate, background) >= atLeast) return candidate
  }
  return target
}

/** Whatever accent a profile names, white text on the result can be read, and the result as text too. */
export function accentColours(profileAccent: string | null): { filled: string; onLight: string; onDark: string; scale: MantineColorsTuple } {
  const accent = profileAccent !== null && /^#[0-9a-f]{6}$/i.test(profileAccent) ? profileAccent : DEFAULT_ACCENT
  const filled = readable(accent, '#ffffff', '#000000', 4.6)
  const base = parseHex(filled)
  const white: Rgb = [255, 255, 255]
  const black: Rgb = [0, 0, 0]
  const scale = [0.92, 0.84, 0.68, 0.5, 0.34, 0.16].map(share => toHex(mix(base, white, share)))
  scale.push(filled, toHex(mix(base, black, 0.12)), toHex(mix(base, black, 0.24)), toHex(mix(base, black, 0.38)))
  return {
    filled, scale: scale as unknown as MantineColorsTuple,
    // A selected row is the hardest ground that a link stands on.
    onLight: readable(accent, light['--k-row-selected'], '#000000', 4.6),
    onDark: readable(accent, dark['--k-row-selected'], '#ffffff', 4.6),
  }
}

/**
 * Enter takes what is seen to be highlighted. Mantine keeps a number beside it, which it looks up again some time after the list
 * opened: on a busy machine that is after the letters, and Enter would then do nothing.
 */
function takeHighlighted(event: KeyboardEvent<HTMLInputElement>): void {
  const { currentTarget: field } = event
  if (event.key !== 'Enter' || event.nativeEvent.isComposing || field.getAttribute('aria-expanded') !== 'true') return
  const highlighted = document.getElementById(field.getAttribute('aria-controls') ?? '')?.querySelector<HTMLElement>('[data-combobox-selected]')
  if (highlighted === null || highlighted === undefined) return
  event.preventDefault()
  event.stopPropagation()
  highlighted.click()
}

/** `close` is what the crosses of messages and windows are called by those who do not see them. */
export function makeTheme(profileAccent: string | null, close: string): MantineThemeOverride {
  const accent = accentColours(profileAccent)
  return createTheme({
    primaryColor: 'accent',
    primaryShade: 6,
    colors: { accent: accent.scale, dark: ['#e7eaee', '#c9cfd7', '#a3acb8', '#727c89', '#414853', '#2d323a', '#1c1f24', '#16181c', '#121418', '#0e1013'] },
    other: { accentOnLight: accent.onLight, accentOnDark: accent.onDark },
    fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans Arabic", "DejaVu Sans", sans-serif',
    fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "Noto Sans Mono", "DejaVu Sans Mono", monospace',
    fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
    spacing: { xs: '0.25rem', sm: '0.5rem', md: '0.75rem', lg: '1rem', xl: '1.5rem' },
    headings: { fontWeight: '600', sizes: { h1: { fontSize: '1.125rem', lineHeight: '1.5rem' }, h2: { fontSize: '0.9375rem', lineHeight: '1.25rem' }, h3: { fontSize: '0.875rem', lineHeight: '1.25rem' } } },
    defaultRadius: 'sm',
    respectReducedMotion: true,
    cursorType: 'pointer',
    components: {
      Button: { defaultProps: { size: 'xs' } },
      ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
      TextInput: { defaultProps: { size: 'xs' } },
      PasswordInput: { defaultProps: { size: 'xs' } },
      // Who types a few letters takes the first that fits with Enter; who only goes past with Tab unfolds nothing.
      Select: { defaultProps: { size: 'xs', selectFirstOptionOnChange: true, openOnFocus: false, onKeyDownCapture: takeHighlighted, comboboxProps: { shadow: 'none' } } },
      MultiSelect: { defaultProps: { size: 'xs', selectFirstOptionOnChange: true, openOnFocus: false, onKeyDownCapture: takeHighlighted } },
      Textarea: { defaultProps: { size: 'xs' } },
      Autocomplete: { defaultProps: { size: 'xs' } },
      Checkbox: { defaultProps: { size: 'xs' } },
      SegmentedControl: { defaultProps: { size: 'xs' } },
      // Its focus goes to the first item: a placeholder before it would be no item of a menu.
      Menu: { defaultProps: { shadow: 'none', position: 'bottom-end', withInitialFocusPlaceholder: false } },
      Popover: { defaultProps: { shadow: 'none' } },
      Notification: { defaultProps: { closeButtonProps: { 'aria-label': close } } },
      Modal: { defaultProps: { shadow: 'none', centered: true, closeButtonProps: { 'aria-label': close } }, styles: { title: { fontWeight: 600 } } },
      Tooltip: { defaultProps: { openDelay: 300, withinPortal: true } },
    },
  })
}

export const cssVariables: CSSVariablesResolver = theme => ({
  variables: { '--k-row': '2.25rem', '--k-sidebar': '13.5rem', '--k-topbar': '2.75rem', '--k-statusbar': '1.75rem' },
  light: {
    ...light, '--k-accent-text': String(theme.other['accentOnLight']), ...mantine('light'),
    '--mantine-primary-color-light': 'color-mix(in srgb, var(--mantine-primary-color-filled) 10%, var(--k-surface))',
  },
  dark: {
    ...dark, '--k-accent-text': String(theme.other['accentOnDark']), ...mantine('dark'),
    '--mantine-primary-color-light': 'color-mix(in srgb, var(--mantine-primary-color-filled) 25%, var(--k-surface))',
  },
})

/** Mantine's own variables, spoken in our tokens. */
function mantine(scheme: 'light' | 'dark'): Record<string, string> {
  return {
    '--mantine-color-body': 'var(--k-surface)', '--mantine-color-text': 'var(--k-text)', '--mantine-color-dimmed': 'var(--k-text-dim)',
    '--mantine-color-placeholder': 'var(--k-text-dim)', '--mantine-color-error': 'var(--k-bad)', '--mantine-color-anchor': 'var(--k-accent-text)',
    '--mantine-color-default': 'var(--k-surface)', '--mantine-color-default-hover': 'var(--k-row-hover)', '--mantine-color-default-color': 'var(--k-text)',
    '--mantine-color-default-border': scheme === 'light' ? '#c6ccd4' : '#414853',
    '--mantine-primary-color-light-color': 'var(--k-accent-text)', '--mantine-color-accent-light-color': 'var(--k-accent-text)', '--mantine-color-accent-text': 'var(--k-accent-text)',
    '--mantine-color-accent-outline': 'var(--k-accent-text)',
    '--mantine-color-gray-light-color': 'var(--k-text)', '--mantine-color-gray-text': 'var(--k-text-dim)',
    '--mantine-color-red-text': 'var(--k-bad)', '--mantine-color-red-light-color': 'var(--k-bad)', '--mantine-color-red-outline': 'var(--k-bad)', '--mantine-color-red-filled': '#b3261e', '--mantine-color-red-filled-hover': '#98201a',
    '--mantine-color-green-light-color': 'var(--k-ok)', '--mantine-color-yellow-light-color': 'var(--k-warn)', '--mantine-color-blue-light-color': 'var(--k-info)',
  }
}
