/**
 * An expected "no": a code to read over a phone, a sentence, and what to do about it. Refusals are values of the result
 * union inside the engine and become typed errors at its edges; bugs throw instead.
 */
export interface Refusal {
  readonly code: `KS-${string}`
  readonly message: string
  readonly remedy: string
  /** Facts for the text in the reader's language. */
  readonly values?: Readonly<Record<string, string | number | boolean | null>>
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function refuse(
  code: `KS-${string}`, message: string, remedy: string, values?: Refusal['values'],
): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: values === undefined ? { code, message, remedy } : { code, message, remedy, values } }
}

/** A refusal on its way through code that cannot return one (streams, callbacks). */
export class RefusalError extends Error {
  override readonly name = 'RefusalError'
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}
