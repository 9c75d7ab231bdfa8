import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import type { Finding } from '#engine/profiles/finding.ts'
import { useEngineQuery, type QueryOutput } from '../../app/queries.ts'
import { useAttributes } from '../../app/pack-attributes.ts'
import type { Suggestion, ValueEditing } from '../../components/value-editing.ts'
import { type DocumentValue, readDocument } from './document-value.ts'
import { findingWords } from './finding-words.ts'
import type { PackCatalog } from './pack-catalog.ts'
import { withoutLeftovers } from './leftovers.ts'
import type { ProfileWork, WorkState } from './profile-work.ts'
import { type ProfileWords, useProfileWords } from './profile-words.ts'
import { ruleFields } from './rule-fields.tsx'
import type { Schemas } from './schema-at.ts'
import { suggestions } from './suggestions.ts'
import { useFindings } from './use-findings.ts'

/** A setting as it counts, with where it comes from. */
export type EffectiveValue = QueryOutput<'effective-profile'>['values'][number]

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
  /** Every setting as it counts; null until the engine has said, or where it cannot. */
  readonly effective: { readonly values: readonly EffectiveValue[] | null; readonly site: Readonly<Record<string, unknown>>; readonly error: Error | null }
  /** Takes over what is typed in a field and does not count yet. */
  flush(): void
  undo(): void
  redo(): void
}

/** A document with thousands of accounts takes long to read again: not between two words. */
const LARGE_CHARACTERS = 100_000
const NO_SCHEMA = {}
const NO_VALUES = {}

export interface OpenedProfile {
  readonly tenant: string
  readonly work: ProfileWork
  readonly document: DocumentValue
  readonly catalog: PackCatalog
  readonly readOnly: boolean
}

export function useProfileEditor({ tenant, work, document, catalog, readOnly }: OpenedProfile, say: (message: string) => void): ProfileEditor {
  const { t } = useTranslation()
  const state = useSyncExternalStore(work.subscribe, work.state)
  const attributes = useAttributeNames()
  const schema = useEngineQuery('profile-schema', {}, { staleMs: Infinity })
  const schemas = useMemo<Schemas>(() => ({ document: schema.data?.schema ?? NO_SCHEMA, config: catalog.config }), [schema.data, catalog.config])
  const words = useProfileWords(schemas, document.value)
  const { findings, checked, settled } = useFindings(tenant, state.text)
  const layers = useEngineQuery('effective-profile', { tenant, document: settled }, { keepPrevious: true, staleMs: 60_000 })
  const byPlace = useMemo(() => new Map(layers.data?.values.map(each => [each.path, each])), [layers.data])
  const editing = useMemo<ValueEditing>(() => {
    const byPath = new Map<string, string[]>()
    for (const finding of findings) {
      if (finding.severity === 'hint') continue
      byPath.set(finding.path, [...byPath.get(finding.path) ?? [], findingWords(finding, t, words).sentence])
    }
    return {
      epoch: state.epoch, readOnly: readOnly || !document.readable, words, pending: work.pending, pauseMs: state.text.length > LARGE_CHARACTERS ? 2000 : 300,
      problems: path => byPath.get(path.join('.')) ?? [],
      note(path) {
        const counts = byPlace.get(path.join('.'))
        if (counts === undefined || counts.from === 'profile' || typeof counts.value === 'object') return null
        // A box that nobody touched shows by itself what counts.
        if (typeof counts.value === 'boolean' && counts.from !== 'site') return null
        return t(`profile-editor:note.${counts.from}`, { value: typeof counts.value === 'boolean' ? t(counts.value ? 'profile-editor:yes' : 'profile-editor:no') : words.option(path, {}, counts.value as string) })
      },
      draw: ruleFields,
      ...suggestions(document.value, { catalog, attributes }, words, t),
      edit: (edits, about, field) => { work.edit(withoutLeftovers(edits, document.value, schemas), about, field) },
    }
  }, [state.epoch, state.text.length, readOnly, document, words, findings, byPlace, catalog, attributes, schemas, t, work])
  const actions = useMemo(() => {
    return {
      flush() { work.flush() },
      undo() {
        work.flush()
        const about = work.undo()
        say(about === null ? t('profile-editor:nothingToUndo') : t('profile-editor:undone', { about }))
      },
      redo() {
        work.flush()
        const about = work.redo()
        say(about === null ? t('profile-editor:nothingToRedo') : t('profile-editor:redone', { about }))
      },
    }
  }, [work, say, t])
  return {
    // No form before it can offer all that there is to choose.
    tenant, work, state, document, schemas: schema.data === undefined || (!catalog.known && catalog.error === null) ? null : schemas, catalog, words, findings, checked, editing, error: schema.error ?? catalog.error, ...actions,
    effective: { values: layers.data?.values ?? null, site: layers.data?.site ?? NO_VALUES, error: layers.error },
  }
}

/** Attributes of the packs of the document that a person fills in. */
function useAttributeNames(): readonly Suggestion[] {
  const order = useAttributes('order')
  const line = useAttributes('line')
  return useMemo(() => [order, line].flatMap(({ fields, words }) => fields.map(({ name }) => ({ value: name, label: words.label(name) }))), [order, line])
}

/** What a work says now. */
export function useDocument(work: ProfileWork): DocumentValue {
  const { text } = useSyncExternalStore(work.subscribe, work.state)
  const last = useRef<DocumentValue | null>(null)
  const document = useMemo(() => readDocument(text, last.current), [text])
  useEffect(() => { if (document.readable) last.current = document }, [document])
  return document
}
