import { createContext, use, useMemo, type ReactNode } from 'react'
import { mayIn, type Permission, type Session, type SessionTenant } from './permissions.ts'

export interface TenantSession {
  readonly session: Session
  readonly user: NonNullable<Session['user']>
  readonly tenant: string
  readonly title: string
  /** Of the person, in this tenant. */
  readonly roles: readonly string[]
  /** Whether the person has that permission in this tenant. The engine decides; this only hides. */
  may(permission: Permission): boolean
}

const Context = createContext<TenantSession | null>(null)

export function TenantSessionProvider({ session, user, tenant, children }: {
  session: Session; user: NonNullable<Session['user']>; tenant: SessionTenant; children: ReactNode
}): ReactNode {
  const value = useMemo<TenantSession>(() => ({
    session, user, tenant: tenant.tenant, title: tenant.title, roles: tenant.roles, may: permission => mayIn(tenant, permission),
  }), [session, user, tenant])
  return <Context value={value}>{children}</Context>
}

/** Who works in which tenant. Only below `/t/$tenant`. */
export function useTenant(): TenantSession {
  const value = use(Context)
  if (value === null) throw new Error('useTenant is used outside of a tenant page')
  return value
}
