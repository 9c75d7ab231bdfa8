import type { ApprovalStage } from '#engine/contracts/v1/index.ts'
import { ok, refuse, type Result } from '../refusal.ts'

/** An approval that is asked for: its stages, the one to be decided next, and what people gave so far. */
export interface AwaitedApproval {
  readonly stages: readonly ApprovalStage[]
  readonly open: string | null
  /** Since when the open stage waits, epoch milliseconds. */
  readonly since: number
  readonly given: readonly { readonly stage: string; readonly by: string }[]
}

/** A person before an approval. */
export interface Approver {
  readonly id: string
  readonly roles: readonly string[]
  /** They submitted the order as it is now. */
  readonly submitted: boolean
}

export function beginApproval(stages: readonly ApprovalStage[], since: number): AwaitedApproval {
  return { stages, open: stages[0]?.id ?? null, since, given: [] }
}

/** The approval after one more person gave a stage: the next stage opens once the quorum is reached; `open` is null after the last. */
export function afterApproval(awaited: AwaitedApproval, stage: string, by: string, timeMs: number): AwaitedApproval {
  const given = [...awaited.given, { stage, by }]
  if (missing({ ...awaited, given }, stage) > 0) return { ...awaited, given }
  const next = awaited.stages[awaited.stages.findIndex(({ id }) => id === stage) + 1]
  return { ...awaited, given, open: next?.id ?? null, since: timeMs }
}

/** How many people a stage still needs. */
export function missing({ stages, given }: AwaitedApproval, stage: string): number {
  const quorum = stages.find(({ id }) => id === stage)?.quorum ?? 1
  return Math.max(0, quorum - given.filter(each => each.stage === stage).length)
}

/** Whether a person may decide a stage, or why not: its role, once only, and apart from those who came before where the stage says so. */
export function mayApprove(reference: string, awaited: AwaitedApproval | null, stageId: string, person: Approver): Result<ApprovalStage> {
  const stage = awaited?.stages.find(({ id }) => id === stageId)
  if (awaited === null || stage === undefined || awaited.open !== stageId) {
    return refuse('KS-APPROVAL-NOT-OPEN', `Stage "${stageId}" of order ${reference} is not waiting for a decision.`,
      'Look at the order as it is now.', { reference, stage: stageId })
  }
  if (!person.roles.includes(stage.role)) {
    return refuse('KS-APPROVAL-ROLE', `Stage "${stageId}" of order ${reference} is decided by someone with the role ${stage.role}.`,
      'Ask a person who has that role.', { reference, stage: stageId, role: stage.role })
  }
  const before = awaited.given.filter(({ by }) => by === person.id)
  if (before.some(each => each.stage === stageId)) {
    return refuse('KS-APPROVAL-TWICE', `You have approved stage "${stageId}" of order ${reference} already; it needs ${missing(awaited, stageId)} more.`,
      'Wait for another person to approve it.', { reference, stage: stageId, missing: missing(awaited, stageId) })
  }
  if (stage.apart === true && (person.submitted || before.length > 0)) {
    return refuse('KS-APPROVAL-APART', `Stage "${stageId}" of order ${reference} is decided by someone who neither submitted it nor approved an earlier stage.`,
      'Ask another person with that role.', { reference, stage: stageId })
  }
  return ok(stage)
}
