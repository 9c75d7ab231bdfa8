import type { ApprovalAnswer, ApprovalStage } from '#engine/contracts/v1/index.ts'
import { AnswerError, asRecord, assertOnly, integer, list, optionalProperty, property, text } from './copy.ts'
import { copyExplanation, mostExplanations } from './explanation.ts'

const MOST_STAGES = 20
const MOST_QUORUM = 20

/** Copies and checks what an approval policy answered. Throws AnswerError. */
export function copyApproval(answer: unknown, lineIds: ReadonlySet<string>): ApprovalAnswer {
  const record = asRecord(answer)
  const outcome = property(record, 'outcome')
  const explanation = list(record, 'explanation', mostExplanations(lineIds.size), element => copyExplanation(element, lineIds))
  if (outcome === 'approved' || outcome === 'rejected') {
    assertOnly(record, 2, ['outcome', 'explanation'])
    return { outcome, explanation }
  }
  if (outcome !== 'ask') throw new AnswerError('outcome', 'must be "approved", "rejected" or "ask"')
  const stages = list(record, 'stages', MOST_STAGES, copyStage)
  assertOnly(record, 3, ['outcome', 'stages', 'explanation'])
  if (stages.length === 0) throw new AnswerError('stages', 'must name at least one stage')
  const twice = stages.find((stage, i) => stages.findIndex(other => other.id === stage.id) !== i)
  if (twice !== undefined) throw new AnswerError('stages', `names "${twice.id}" twice`)
  return { outcome, stages, explanation }
}

function copyStage(element: unknown): ApprovalStage {
  const record = asRecord(element)
  const quorum = copyQuorum(record)
  const apart = optionalProperty(record, 'apart')
  if (apart !== undefined && typeof apart !== 'boolean') throw new AnswerError('apart', 'must be true or false')
  const stage = {
    id: text(record, 'id', 100), role: text(record, 'role', 100),
    ...(quorum === undefined ? {} : { quorum }), ...(apart === undefined ? {} : { apart }),
  }
  assertOnly(record, Object.keys(stage).length, ['id', 'role', 'quorum', 'apart'])
  return stage
}

function copyQuorum(record: object): number | undefined {
  if (optionalProperty(record, 'quorum') === undefined) return undefined
  const quorum = integer(record, 'quorum')
  if (quorum < 1 || quorum > MOST_QUORUM) throw new AnswerError('quorum', `must be between 1 and ${MOST_QUORUM}`)
  return quorum
}
