/** Where packs and the core ask the same of the organisation, they ask it by one rule. */
export { isWithin } from '#engine/contracts/kit/matches-pattern.ts'
