/**
 * Making media: open it, plan a change, commit the plan.
 *
 * @example
 *   const repository = await openRepository(folder)
 *   const changes = addPacks(repository.value, packs)
 *   const plan = planChanges(repository.value, changes.value, { keys, now, days: DAYS })
 *   await commitPlan(folder, plan.value)
 */
export { addPacks, delegate, findKey, firstRoot, keysOf, OWNER_ROLES, renewal, replaceKeys, revokePack, withdrawPublisherKey, type RoleKeys } from './edits.ts'
export { commitPlan } from './commit-plan.ts'
export { DAYS, planChanges, planFirst, type Changes, type Days } from './plan.ts'
export { withMediaLock } from './media-lock.ts'
export { openRepository, type Repository } from './repository.ts'
export { showMedia, type ShownMedia } from './show-media.ts'
export { newKey, openKeys, openPublicKey, saveKey, type NewKey, type SigningKey } from './signing-keys.ts'
