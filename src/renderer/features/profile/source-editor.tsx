import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from '@codemirror/autocomplete'
import { defaultKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { Annotation, Compartment, EditorState, type Extension, Prec, type Text } from '@codemirror/state'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding, PathKey } from '#engine/profiles/finding.ts'
import { useEditor } from './editor-context.ts'
import { findingWords, fixWords } from './finding-words.ts'
import classes from './profile.module.css'
import { profileCompletion } from './source-completion.ts'
import { editorPhrases } from './source-phrases.ts'

/** Marks changes that come from elsewhere, so that they do not go round. */
const fromOutside = Annotation.define<boolean>()

const LOOK = EditorView.theme({
  '&': { color: 'var(--k-text)', backgroundColor: 'var(--k-surface)', fontSize: '0.8125rem', height: '100%' },
  '&.cm-focused': { outline: '2px solid var(--k-accent-text)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--k-text)' },
  '.cm-gutters': { backgroundColor: 'var(--k-surface-2)', color: 'var(--k-text-dim)', borderInlineEnd: '1px solid var(--k-line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--k-row-hover)' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground, ::selection': { backgroundColor: 'var(--k-row-selected)' },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'var(--k-warn-soft)', outline: '1px solid var(--k-warn)' },
  '.cm-matchingBracket': { backgroundColor: 'var(--k-info-soft) !important', outline: '1px solid var(--k-info)' },
  '.cm-tooltip, .cm-panels': { backgroundColor: 'var(--k-surface-2)', color: 'var(--k-text)', border: '1px solid var(--k-line-strong)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--mantine-primary-color-filled)', color: '#fff' },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: '#fff' },
  '.cm-completionDetail': { color: 'var(--k-text-dim)', fontStyle: 'normal', fontFamily: 'var(--mantine-font-family)' },
  '.cm-completionInfo, .cm-diagnostic': { fontFamily: 'var(--mantine-font-family)', maxWidth: '26rem' },
  '.cm-diagnostic-error': { borderInlineStart: '3px solid var(--k-bad)' }, '.cm-diagnostic-warning': { borderInlineStart: '3px solid var(--k-warn)' }, '.cm-diagnostic-info': { borderInlineStart: '3px solid var(--k-info)' },
  '.cm-diagnosticAction': { backgroundColor: 'var(--mantine-primary-color-filled)', color: '#fff', borderRadius: '4px', padding: '3px 8px', minHeight: '24px' },
  '.cm-panels input, .cm-panels button': { backgroundColor: 'var(--k-surface)', backgroundImage: 'none', color: 'var(--k-text)', border: '1px solid var(--k-line-strong)', borderRadius: '4px', minHeight: '24px' },
  '.cm-panels button[name=close]': { minWidth: '24px' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--k-surface-3)', color: 'var(--k-text)', border: '1px solid var(--k-line-strong)' },
})

const COLOURS = syntaxHighlighting(HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--k-info)' },
  { tag: [tags.string, tags.content], color: 'var(--k-text)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--k-ok)' },
  { tag: tags.comment, color: 'var(--k-text-dim)', fontStyle: 'italic' },
  { tag: tags.invalid, color: 'var(--k-bad)' },
]))

/** The document as text. Tab leaves it: nothing in it needs that key. */
export function SourceEditor({ target }: { target: { readonly path: readonly PathKey[]; readonly at: number } | null }): ReactNode {
  const { t, i18n } = useTranslation()
  const editor = useEditor()
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const newest = useRef(editor)
  useEffect(() => { newest.current = editor })
  const help = useId()
  const { findings, checked, state, words, work, editing, schemas } = editor
  /** What was typed last found nothing to offer. */
  const unanswered = useRef(false)

  useEffect(() => {
    if (host.current === null) return undefined
    const made = new EditorView({ parent: host.current, state: EditorState.create({ doc: newest.current.state.text, extensions: extensions(newest, t, help, none => { unanswered.current = none }) }) })
    view.current = made
    return () => {
      view.current = null
      made.destroy()
    }
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- made anew with the language; everything else is read when it is needed
  }, [i18n.language, help, work])

  useEffect(() => {
    const at = view.current
    if (at !== null) takeOver(at, state.text)
  }, [state.text, i18n.language])

  useEffect(() => {
    view.current?.dispatch({ effects: readOnly.reconfigure(EditorState.readOnly.of(editing.readOnly && editor.document.readable)) })
  }, [editing.readOnly, editor.document.readable, i18n.language])

  useEffect(() => {
    const at = view.current
    // Findings of another text would stand at the wrong lines; CodeMirror moves the old ones along until then.
    if (at === null || !checked) return
    at.dispatch(setDiagnostics(at.state, findings.map(finding => diagnostic(finding, at.state.doc))))
    function diagnostic(finding: Finding, doc: Text): Diagnostic {
      const { sentence, remedy } = findingWords(finding, t, words)
      return {
        ...rangeOf(finding, doc), severity: finding.severity === 'hint' ? 'info' : finding.severity, message: `${sentence} ${remedy}`.trim(),
        actions: finding.fixes.map(fix => ({ name: fixWords(fix, t, words), apply: () => { work.edit(fix.edits, fixWords(fix, t, words)) } })),
      }
    }
  }, [findings, checked, words, t, work, i18n.language])

  // Whoever typed before the schemas had come is offered what fits as they come.
  useEffect(() => {
    if (!unanswered.current || view.current?.hasFocus !== true) return
    unanswered.current = false
    startCompletion(view.current)
  }, [schemas])

  useEffect(() => {
    const at = view.current
    if (at === null || target === null) return
    const { line } = newest.current.document.source.position(target.path)
    const { from } = at.state.doc.line(Math.min(line, at.state.doc.lines))
    at.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
    at.focus()
  }, [target])

  return (
    <div className={classes['sourcePane']}>
      <div className={classes['source']} ref={host} dir="ltr" />
      <p className={classes['sourceHelp']} id={help}>{t('profile-editor:sourceHelp')}</p>
    </div>
  )
}

const readOnly = new Compartment()

function extensions(editor: { readonly current: ReturnType<typeof useEditor> }, t: ReturnType<typeof useTranslation>['t'], help: string, nothing: (none: boolean) => void): Extension[] {
  return [
    lineNumbers(), foldGutter(), lintGutter(), highlightActiveLine(), highlightSelectionMatches(), bracketMatching(), closeBrackets(), indentOnInput(), indentUnit.of('  '),
    yaml(), COLOURS, LOOK, EditorView.lineWrapping, search({ top: true }), readOnly.of([]),
    autocompletion({ override: [profileCompletion(() => editor.current, t, nothing)], icons: false, defaultKeymap: false, interactionDelay: 0 }),
    EditorState.phrases.of(editorPhrases(t)),
    EditorView.contentAttributes.of({ 'aria-label': t('profile-editor:source'), 'aria-describedby': help, spellcheck: 'false', tabindex: '0' }),
    // One way back for forms and source: the editor keeps none of its own.
    Prec.high(keymap.of([
      { key: 'Mod-z', run: () => { editor.current.undo(); return true } },
      { key: 'Mod-Shift-z', run: () => { editor.current.redo(); return true } },
      { key: 'Mod-y', run: () => { editor.current.redo(); return true } },
    ])),
    keymap.of([...completionKeymap, ...closeBracketsKeymap, ...searchKeymap, ...foldKeymap, ...lintKeymap, ...defaultKeymap]),
    EditorView.updateListener.of(update => {
      if (update.docChanged && !update.transactions.some(each => each.annotation(fromOutside) === true)) editor.current.work.type(update.state.doc.toString(), t('profile-editor:source'))
    }),
  ]
}

/** Another text, as the one change that it is: the cursor and what is folded stay where they are. */
function takeOver(view: EditorView, text: string): void {
  const before = view.state.doc.toString()
  if (before === text) return
  let from = 0
  while (from < before.length && from < text.length && before[from] === text[from]) from += 1
  let end = 0
  while (end < before.length - from && end < text.length - from && before.at(-1 - end) === text.at(-1 - end)) end += 1
  view.dispatch({ changes: { from, to: before.length - end, insert: text.slice(from, text.length - end) }, annotations: fromOutside.of(true) })
}

/** From where a finding stands to the end of its word. */
function rangeOf({ line, column }: Finding, doc: Text): { from: number; to: number } {
  const at = doc.line(Math.max(1, Math.min(line, doc.lines)))
  const from = Math.min(at.from + column - 1, at.to)
  const word = /^[^\s,{}[\]]+/.exec(at.text.slice(from - at.from))?.[0].length ?? 0
  return { from, to: Math.min(at.to, from + word) }
}
