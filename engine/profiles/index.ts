export { CAPABILITIES } from './capabilities.ts'
export type { Profile } from './profile-document.ts'
export { invalidProfile, readProfile } from './read-profile.ts'
export { checkProfile, resolveProfile } from './resolve-profile.ts'
