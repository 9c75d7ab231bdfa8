import type { Actor } from '#engine/core/invocation.ts'
import { isWithin } from '#engine/core/organisation.ts'
import { ok, refuse, type Result } from '#engine/core/refusal.ts'
import { PROCEDURE_RULES, roleCarries, type Grant, type Permission } from './permissions.ts'

/** Who stands behind a call, and what was granted to them. */
export interface Principal {
  /** User id, or `cli:<os user>`. */
  readonly id: string
  readonly name: string
  readonly kind: Actor['kind']
  readonly method: Actor['method']
  readonly grants: readonly Grant[]
  /** SHA-256 of the session's token; null for local callers. */
  readonly sessionHash: string | null
}

export interface AccessRequest {
  /** `<group>/<name>` as in the contract. */
  readonly procedure: string
  /** Null: nobody is signed in. */
  readonly principal: Principal | null
  /** Tenant that the input names, or null. */
  readonly tenant: string | null
  /** Organisation node of what is touched. Absent means the whole tenant, which a narrower grant does not cover. */
  readonly orgpath?: string | null
  readonly siteIsSetUp: boolean
}

const NOBODY: Actor = { id: 'nobody', kind: 'user', method: 'none', roles: [] }

/** The one place where a command or query is allowed. Pure; anything not foreseen is refused. */
export function authorise(request: AccessRequest): Result<Actor> {
  const rule = PROCEDURE_RULES.get(request.procedure)
  if (rule === undefined) return denied(request, 'no rule')
  if (rule.scope === 'public') return ok(actorOf(request))
  if (rule.scope === 'set-up' && !request.siteIsSetUp) return ok(actorOf(request))
  if (request.principal === null) {
    return refuse('KS-ACCESS-SIGN-IN', 'Nobody is signed in, or the session has ended.', 'Sign in and try again.')
  }
  if (rule.scope === 'self') return ok(actorOf(request))
  const scope = rule.scope === 'set-up' ? rule.then : rule.scope
  if ((scope === 'tenant' || scope === 'part') && request.tenant === null) return refuse('KS-ACCESS-NO-TENANT', 'The input names no tenant.', 'Name it, as text: { "tenant": … }.')
  const grants = request.principal.grants.filter(grant => covers(grant, scope, request))
  const allowed = grants.some(grant => grant.roles.some(role => roleCarries(role, rule.permission)))
  return allowed ? ok(actorOf(request)) : denied(request, rule.permission)
}

/** Roles that a person has over a node of a tenant (null: those they have for every tenant). */
export function rolesIn(principal: Pick<Principal, 'grants'>, tenant: string | null, orgpath: string | null = null): string[] {
  const scope = tenant === null ? 'site' : 'tenant'
  const grants = principal.grants.filter(grant => covers(grant, scope, { tenant, orgpath }))
  return [...new Set(grants.flatMap(grant => grant.roles))].toSorted()
}

/** Nodes of a tenant over which a person has a role that carries something, each with all below it; null: the whole tenant. */
export function nodesOf(principal: Principal, tenant: string, carries: (role: string) => boolean): readonly string[] | null {
  const grants = principal.grants.filter(grant => covers(grant, 'part', { tenant }) && grant.roles.some(carries))
  return grants.some(grant => grant.orgpath === '/') ? null : [...new Set(grants.map(grant => grant.orgpath))]
}

/** Of the tenants of the site, those in which a person may do something. */
export function tenantsOf(principal: Principal, all: readonly string[]): string[] {
  return all.filter(tenant => principal.grants.some(grant => grant.tenant === '*' || grant.tenant === tenant))
}

/** Whether an actor that was authorised before may do one thing more, such as see personal fields. */
export function mayAlso(actor: Actor, permission: Permission): boolean {
  return actor.kind === 'system' || actor.roles.some(role => roleCarries(role, permission))
}

function covers(grant: Grant, scope: 'tenant' | 'part' | 'any' | 'site', on: { tenant: string | null; orgpath?: string | null }): boolean {
  if (scope === 'any') return true
  if (scope === 'site') return grant.tenant === '*' && grant.orgpath === '/'
  if (grant.tenant !== '*' && grant.tenant !== on.tenant) return false
  return scope === 'part' || isWithin(on.orgpath ?? '/', grant.orgpath)
}

function actorOf({ principal, tenant, orgpath }: AccessRequest): Actor {
  if (principal === null) return NOBODY
  return { id: principal.id, kind: principal.kind, method: principal.method, roles: rolesIn(principal, tenant, orgpath ?? null) }
}

function denied({ procedure, tenant }: AccessRequest, permission: string): Result<never> {
  const name = procedure.split('/')[1] ?? procedure
  const where = tenant === null ? 'on this site' : `in tenant ${tenant}`
  return refuse('KS-ACCESS-DENIED', `You may not do "${name}" ${where}.`,
    `Ask an administrator for a role that carries "${permission}".`, { procedure, permission, tenant })
}
