import type { StepFailure } from '#engine/core/decisions/decision.ts'
import type { Step } from './answer-builder.ts'
import { copyReaction, type TargetKinds } from './answers/reactor-answer.ts'
import type { Asker } from './asker.ts'

const LONGEST_ANSWER = 1024 * 1024

/** Asks the one reactor of a batch about one event. */
export function reactToEvent(asker: Asker, targets: TargetKinds, blocked: StepFailure | undefined, event: string): Step {
  const failed = (failure: StepFailure): Step => ({ kind: 'reaction', ok: false, text: JSON.stringify(failure), inputDigest: null })
  if (blocked !== undefined) return failed(blocked)
  const asked = asker.ask({
    use: 0,
    input: () => ({ event: JSON.parse(event) as unknown }),
    copy: answer => copyReaction(answer, targets),
    longest: LONGEST_ANSWER,
  })
  return asked.ok ? { kind: 'reaction', ok: true, text: asked.text, inputDigest: null } : failed(asked.failure)
}
