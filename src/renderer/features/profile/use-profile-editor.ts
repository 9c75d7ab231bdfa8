import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding, PathKey } from '#engine/profiles/finding.ts'
import { useEngineQuery } from '../../app/queries.ts'
import { isRecord } from '../../app/value-schema.ts'
import type { ValueEditing } from '../../components/value-editing.ts'
import { type DocumentValue, readDocument } from './document-value.ts'
import { findingWords } from './finding-words.ts'
import { type PackCatalog, usePackCatalog } from './pack-catalog.ts'
import type { ProfileWork, WorkState } from './profile-work.ts'
import { type ProfileWords, useProfileWords } from './profile-words.ts'
import type { Schemas } from './schema-at.ts'
import { suggestions } from './suggestions.ts'
import { useFindings } from './use-findings.ts'

/** Everything that the parts of the editor share. */
export interface ProfileEditor {
  readonly tenant: string
  readonly work: ProfileWork
  readonly state: WorkState
  readonly document: DocumentValue
  readonly schemas: Schemas | null
  readonly catalog: PackCatalog
  readonly words: ProfileWords
  readonly findings: readonly Finding[]
  /** The findings are those of the text as it stands. */
  readonly checked: boolean
  readonly editing: ValueEditing
  readonly error: Error | null
  /** Takes over what is typed in a field and does not count yet. */
  flush(): void
  undo(): void
  redo(): void
}

const NO_SCHEMA = {}

export function useProfileEditor(tenant: string, work: ProfileWork, readOnly: boolean, say: (message: string) => void): ProfileEditor {
  const { t } = useTranslation()
  const state = useSyncExternalStore(work.subscribe, work.state)
  const document = useDocument(state.text)
  const catalog = usePackCatalog()
  const schema = useEngineQuery('profile-schema', {}, { staleMs: Infinity })
  const schemas = useMemo<Schemas>(() => ({ document: schema.data?.schema ?? NO_SCHEMA, config: catalog.config }), [schema.data, catalog.config])
  const words = useProfileWords(schemas, document.value)
  const { findings, checked } = useFindings(tenant, state.text)
  const [pending] = useState(() => new Set<() => void>())
  const editing = useMemo<ValueEditing>(() => {
    const byPath = new Map<string, string[]>()
    for (const finding of findings) {
      if (finding.severity === 'hint') continue
      byPath.set(finding.path, [...byPath.get(finding.path) ?? [], findingWords(finding, t, words).sentence])
    }
    return {
      epoch: state.epoch, readOnly: readOnly || !document.readable, words, pending,
      problems: path => byPath.get(path.join('.')) ?? [],
      ...suggestions(document.value, words, t),
      edit: (edits, about, field) => { work.edit(edits, about, field) },
    }
  }, [state.epoch, readOnly, document, words, pending, findings, t, work])
  const actions = useMemo(() => {
    const flush = (): void => { for (const each of [...pending]) each() }
    return {
      flush,
      undo() {
        flush()
        const about = work.undo()
        say(about === null ? t('profile-editor:nothingToUndo') : t('profile-editor:undone', { about }))
      },
      redo() {
        flush()
        const about = work.redo()
        say(about === null ? t('profile-editor:nothingToRedo') : t('profile-editor:redone', { about }))
      },
    }
  }, [pending, work, say, t])
  return {
    tenant, work, state, document, schemas: schema.data === undefined ? null : schemas, catalog, words, findings, checked, editing, error: schema.error ?? catalog.error, ...actions,
  }
}

function useDocument(text: string): DocumentValue {
  const last = useRef<DocumentValue | null>(null)
  const document = useMemo(() => readDocument(text, last.current), [text])
  useEffect(() => { if (document.readable) last.current = document }, [document])
  return document
}

/** The value at a path of a document. */
export function valueAt(value: unknown, path: readonly PathKey[]): unknown {
  let at = value
  for (const key of path) at = Array.isArray(at) ? at[Number(key)] : isRecord(at) ? at[key] : undefined
  return at
}
