import type { Finding } from '#engine/contracts/v1/index.ts'
import { AnswerError, asRecord, assertOnly, list, property } from './copy.ts'
import { explanationOf, lineIdCount, mostExplanations } from './explanation.ts'

const KEYS = ['code', 'lineId', 'values', 'severity']

/** Copies and checks what a validation rule answered. Throws AnswerError. */
export function copyFindings(answer: unknown, lineIds: ReadonlySet<string>): Finding[] {
  const record = asRecord(answer)
  const findings = list(record, 'findings', mostExplanations(lineIds.size), element => copyFinding(element, lineIds))
  assertOnly(record, 1, ['findings'])
  return findings
}

function copyFinding(value: unknown, lineIds: ReadonlySet<string>): Finding {
  const record = asRecord(value)
  const explanation = explanationOf(record, lineIds)
  const severity = property(record, 'severity')
  if (severity !== 'error' && severity !== 'warning') throw new AnswerError('severity', 'must be "error" or "warning"')
  assertOnly(record, 3 + lineIdCount(record), KEYS)
  return { ...explanation, severity }
}
