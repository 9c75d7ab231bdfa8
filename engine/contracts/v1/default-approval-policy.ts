import type { ApprovalAnswer, ApprovalPolicy } from './approval-policy.ts'

/** Answers only where a profile says `approval: { default: always-approve }`. */
export const defaultApprovalPolicy: ApprovalPolicy = {
  approve(): ApprovalAnswer {
    return { outcome: 'approved', explanation: [{ code: 'always-approve', values: {} }] }
  },
}
