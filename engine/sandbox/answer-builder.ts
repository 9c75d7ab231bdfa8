import { packTexts } from './text-column.ts'
import { type AnswerColumns, STEP_KINDS, type StepKind } from './protocol.ts'

/** What one step came to, inside the worker. `text` is the decision, or the StepFailure, in JSON. */
export interface Step {
  readonly kind: StepKind
  readonly ok: boolean
  readonly text: string
  /** SHA-256 of the input; null where nothing was asked. */
  readonly inputDigest: Uint8Array | null
}

const DIGEST_BYTES = 32

export function toColumns(orders: readonly (readonly Step[])[], { nondeterministic, figures }: Pick<AnswerColumns, 'nondeterministic' | 'figures'>): AnswerColumns {
  const steps = orders.flat()
  const inputDigests = new Uint8Array(steps.length * DIGEST_BYTES)
  for (const [s, step] of steps.entries()) {
    if (step.inputDigest !== null) inputDigests.set(step.inputDigest, s * DIGEST_BYTES)
  }
  return {
    counts: Uint8Array.from(orders, order => order.length),
    kinds: Uint8Array.from(steps, step => STEP_KINDS.indexOf(step.kind)),
    oks: Uint8Array.from(steps, step => (step.ok ? 1 : 0)),
    inputDigests,
    texts: packTexts(steps.map(step => step.text)),
    nondeterministic,
    figures,
  }
}
