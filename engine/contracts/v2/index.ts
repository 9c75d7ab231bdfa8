export type * from './pricing-policy.ts'
