import type { QueryOutput } from '../../app/queries.ts'
import type { ImportDraft } from './import-draft.ts'

/** What dry run and import are called with: an included mapping by its name, one that a person changed as data. */
export function importInput(tenant: string, draft: ImportDraft, found: QueryOutput<'recognise-import'>): {
  tenant: string; uploadId: string; companions?: string[]; map?: string | Record<string, unknown>
} {
  const changed = draft.mapping ?? (found.mapName === null ? found.mapping : null)
  const map = changed === null ? found.mapName : { ...changed }
  return {
    tenant, uploadId: draft.file.uploadId,
    ...(draft.companions.length === 0 ? {} : { companions: draft.companions.map(file => file.uploadId) }),
    ...(map === null || found.format === 'ubl' ? {} : { map }),
  }
}
