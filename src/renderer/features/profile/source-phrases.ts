import type { TFunction } from 'i18next'

/** What CodeMirror says by itself, by its own English, which is what it asks for. */
const PHRASES = {
  'Find': 'find', 'Replace': 'replace', 'next': 'next', 'previous': 'previous', 'all': 'all', 'match case': 'matchCase', 'by word': 'byWord', 'regexp': 'regexp',
  'replace': 'replaceOne', 'replace all': 'replaceAll', 'close': 'close', 'current match': 'currentMatch', 'replaced $ matches': 'replacedMatches', 'replaced match on line $': 'replacedMatch',
  'on line': 'onLine', 'Fold line': 'foldLine', 'Unfold line': 'unfoldLine', 'folded code': 'folded', 'unfold': 'unfold', 'to': 'to', 'Folded lines': 'foldedLines', 'Unfolded lines': 'unfoldedLines',
  'Diagnostics': 'diagnostics', 'No diagnostics': 'noDiagnostics', 'Completions': 'completions', 'Go to line': 'goToLine', 'go': 'go', 'Selection deleted': 'deleted', 'Control character': 'control',
} as const

export function editorPhrases(t: TFunction): Record<string, string> {
  return Object.fromEntries(Object.entries(PHRASES).map(([english, key]) => [english, t(`profile-editor:code.${key}`)]))
}
