export { Access, localPrincipal, userNameKey, SESSION_IDLE_MS, SESSION_LONGEST_MS, type AccessPorts, type NewUser } from './access.ts'
export { authorise, mayAlso, rolesIn, tenantsOf, type AccessRequest, type Principal } from './authorise.ts'
export { GRANTABLE_ROLES, permissionsOf, type Grant, type Permission } from './permissions.ts'
export type { SessionRecord, SessionStore, UserPreferences, UserRecord, UserStore } from './ports.ts'
