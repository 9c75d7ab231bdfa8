import { permissionsOf, rolesIn, tenantsOf, type Principal } from '#engine/access/index.ts'
import type { Actor } from '#engine/core/invocation.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { setUpSite } from './set-up-site.ts'
import { siteStatus } from './site-status.ts'
import { unwrap, type Gated } from './procedures.ts'

/** The site itself: sessions, users, set-up, status, sync. */
export function siteProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands, queries } = gate
  return {
    commands: {
      'sign-in': commands['sign-in'].handler(async ({ input }) => {
        const { token, expiresAt } = unwrap(await runtime.access.signIn(input.user, input.password))
        return { token, expiresAt: new Date(expiresAt).toISOString() }
      }),
      'sign-out': commands['sign-out'].handler(async ({ context }) => {
        if (context.principal !== null) await runtime.access.signOut(context.principal)
        return {}
      }),
      'set-up-site': commands['set-up-site'].handler(async ({ input, context }) => await setUpSite(runtime, input, context.invocation)),
      'create-user': commands['create-user'].handler(async ({ input }) => ({ id: unwrap(await runtime.access.createUser(input)).id })),
      'change-password': commands['change-password'].handler(async ({ input, context }) => {
        unwrap(await runtime.access.changePassword(signedIn(context.principal), input.current, input.next))
        return {}
      }),
      'save-preferences': commands['save-preferences'].handler(async ({ input, context }) => {
        await runtime.access.savePreferences(signedIn(context.principal), input)
        return {}
      }),
      'enrol-site': commands['enrol-site'].handler(async ({ input }) => {
        const { enrolment, fingerprint } = unwrap(await runtime.pusher.enrol(input))
        return { central: enrolment.central, fingerprint }
      }),
      'sync-now': commands['sync-now'].handler(async () => {
        const { pushed, pending, refusal } = await runtime.pusher.pushNow()
        if (refusal !== null) throw new RefusalError(refusal)
        return { pushed, pending }
      }),
    },
    queries: {
      'session': queries.session.handler(({ context }) => session(runtime, context.principal, context.actor)),
      'site-status': queries['site-status'].handler(() => siteStatus(runtime)),
      'users': queries.users.handler(() => runtime.site.users().map(user => ({
        id: user.id, name: user.name, roles: [...new Set(user.grants.flatMap(g => g.roles))], tenants: [...new Set(user.grants.map(g => g.tenant))],
        createdAt: new Date(user.createdAt).toISOString(),
      }))),
    },
  }
}

function signedIn(principal: Principal | null): Principal {
  if (principal === null) throw new RefusalError({ code: 'KS-ACCESS-SIGN-IN', message: 'Nobody is signed in, or the session has ended.', remedy: 'Sign in and try again.' })
  return principal
}

async function session(runtime: SiteRuntime, principal: Principal | null, actor: Actor) {
  const user = principal === null ? null : await runtime.access.userOf(principal)
  const names = runtime.tenants().map(t => t.tenant)
  const demo = runtime.site.site().demo
  return {
    setUpNeeded: !runtime.isSetUp(),
    user: principal === null ? null : { id: principal.id, name: principal.name, roles: [...new Set([...actor.roles, ...principal.grants.flatMap(g => g.roles)])] },
    tenants: principal === null ? [] : await Promise.all(tenantsOf(principal, names).map(async name => {
      const profile = (await runtime.tenant(name).activeProfile())?.profile
      const ofPacks = Object.entries((await runtime.tenant(name).activeComposition())?.permissions ?? {})
      const roles = rolesIn(principal, name)
      return { tenant: name, title: profile?.title ?? name, roles, permissions: [...permissionsOf(roles), ...ofPacks.flatMap(([permission, given]) => (roles.some(role => role === 'owner' || given.includes(role)) ? [permission] : []))] }
    })),
    preferences: user?.preferences ?? { locale: null, theme: null, density: null },
    demoSignIn: demo === null || principal !== null ? null : (JSON.parse(demo) as { user: string; password: string; roles: string[] }[]),
  }
}
