import { useEffect, useState, useSyncExternalStore } from 'react'
import { OutOfReachError } from '../../app/client.ts'
import { ask, invocation, issue, queryClient, type QueryOutput } from '../../app/queries.ts'
import { refusalCode } from '../../app/refusal.ts'
import { type DraftApi, type DraftEvents, type DraftState, DraftSync, type StoredDraft } from './draft-sync.ts'
import { ProfileWork } from './profile-work.ts'

export type DraftPage = QueryOutput<'profile-draft'>

export function storedDraft({ id, revision, base, source, changedBy }: DraftPage): StoredDraft {
  return { id, revision, base, source, changedBy: changedBy.name ?? changedBy.id }
}

function engineDrafts(tenant: string): DraftApi {
  return {
    begin: document => issue('begin-profile-draft', { tenant, document, invocation: invocation() }),
    save: draft => issue('save-profile-draft', { tenant, ...draft, invocation: invocation() }),
    load: async draftId => storedDraft(await ask('profile-draft', { tenant, draftId })),
    isChanged: error => refusalCode(error) === 'KS-DRAFT-CHANGED',
    isLost: error => error instanceof OutOfReachError,
  }
}

export interface ProfileDraft {
  readonly work: ProfileWork
  readonly sync: DraftSync
  readonly state: DraftState
}

/** A draft in this window, or the active version until the first change makes a draft of it. Made once for each that is opened. */
export function useProfileDraft(tenant: string, source: string, draft: DraftPage | null, events: DraftEvents): ProfileDraft {
  const [{ work, sync }] = useState(() => {
    const made = new ProfileWork(source)
    return { work: made, sync: new DraftSync(made, draft === null ? null : storedDraft(draft), { api: engineDrafts(tenant), events }) }
  })
  const state = useSyncExternalStore(sync.subscribe, sync.state)
  useEffect(() => {
    const stop = sync.start()
    return () => {
      stop()
      // Opened again, it is what it is by then.
      void queryClient.invalidateQueries({ predicate: query => query.queryKey[0] === 'profile-draft' || query.queryKey[0] === 'profile-drafts' })
    }
  }, [sync])
  return { work, sync, state }
}
