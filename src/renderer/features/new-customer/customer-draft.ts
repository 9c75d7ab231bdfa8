import { useSyncExternalStore } from 'react'
import type { QueryInput } from '../../app/queries.ts'

export type Beginning = QueryInput<'prepare-customer'>['beginning']
export type Edits = NonNullable<QueryInput<'prepare-customer'>['edits']>

/** What a person entered on the way to a new customer; neither Back nor a reload loses it. */
export interface CustomerDraft {
  readonly beginning: Beginning | null
  /** Of the file that the document came in. */
  readonly file: string | null
  readonly title: string
  readonly tenant: string
  /** Of its orders, where somebody chose one; else as the profile that it begins with. */
  readonly currency: string | null
  /** Fixes of findings, one after the other. */
  readonly fixes: readonly Edits[]
}

const EMPTY: CustomerDraft = { beginning: null, file: null, title: '', tenant: '', currency: null, fixes: [] }
const KEY = 'keelson.new-customer'
/** A longer document is kept only while the page stays. */
const STORED_AT_MOST = 1_000_000

let draft: CustomerDraft = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as CustomerDraft | null ?? EMPTY
const listeners = new Set<() => void>()

/** The customer as the engine is told of it. */
export function customerOf({ tenant, title, currency }: CustomerDraft): NonNullable<QueryInput<'prepare-customer'>['customer']> {
  return { tenant, title: title.trim(), ...(currency === null ? {} : { currency }) }
}

export function changeDraft(change: Partial<CustomerDraft>): void {
  draft = { ...draft, ...change }
  const text = JSON.stringify(draft)
  if (text.length <= STORED_AT_MOST) sessionStorage.setItem(KEY, text)
  else sessionStorage.removeItem(KEY)
  for (const listener of [...listeners]) listener()
}

export function forgetDraft(): void {
  changeDraft(EMPTY)
}

export function useCustomerDraft(): CustomerDraft {
  return useSyncExternalStore(listener => {
    listeners.add(listener)
    return () => { listeners.delete(listener) }
  }, () => draft)
}
