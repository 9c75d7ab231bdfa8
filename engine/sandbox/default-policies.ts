import { defaultApprovalPolicy } from '#engine/contracts/v1/default-approval-policy.ts'
import { defaultValidationRule } from '#engine/contracts/v1/default-validation-rule.ts'
import type { ApprovalInput, ValidationInput } from '#engine/contracts/v1/index.ts'

/** The defaults that a profile may name instead of a pack, by the entry that its composition gives them. */
export const DEFAULT_POLICIES: Readonly<Record<string, ((input: unknown, config: unknown) => unknown) | undefined>> = {
  'default:accept-all': (input, config) => defaultValidationRule.validate(input as ValidationInput, config),
  'default:always-approve': (input, config) => defaultApprovalPolicy.approve(input as ApprovalInput, config),
}
