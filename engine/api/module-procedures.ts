import { nodesOf, type Principal } from '#engine/access/index.ts'
import type { Invocation } from '#engine/core/invocation.ts'
import { isWithin } from '#engine/core/organisation.ts'
import { RefusalError, type Refusal } from '#engine/core/refusal.ts'
import { packText } from '#engine/packs/pack-text.ts'
import { findCommand } from '#engine/pipeline/pack-commands.ts'
import type { SiteRuntime } from '#engine/runtime/site-runtime.ts'
import { unwrap, type Gated } from './procedures.ts'

/** What packs bring to do: their commands, and attributes of accounts and orders. */
export function moduleProcedures(gate: Gated, runtime: SiteRuntime) {
  const { commands } = gate
  return {
    commands: {
      'pack-command': commands['pack-command'].handler(async ({ input: { tenant: name, pack, command, input, orgpath }, context }) => {
        const tenant = runtime.tenant(name)
        const composition = await tenant.activeComposition()
        const { module, declared } = unwrap(findCommand(composition, pack, command))
        const nodes = nodesFor(context.principal, name, composition?.permissions[declared.permission] ?? [])
        const node = await nodeOf(runtime, name, orgpath ?? (nodes?.length === 1 ? nodes[0] : undefined) ?? null)
        allow(nodes, { tenant: name, node, permission: declared.permission, what: `${pack}.${command}` })
        const result = await tenant.packCommands.run({ given: { pack, command, input, about: { orgpath: node } }, invocation: context.invocation, nodes })
        if (!result.ok) throw new RefusalError(inWords(runtime, module.digest, result.refusal, context.invocation))
        return { events: [...result.value.events], position: result.value.position }
      }),
      'forget-person': commands['forget-person'].handler(async ({ input: { tenant, about }, context }) => unwrap(await runtime.tenant(tenant).forgetPerson(about, context.invocation))),
      'set-attributes': commands['set-attributes'].handler(async ({ input: { tenant, invocation: _invocation, ...input }, context }) =>
        unwrap(await runtime.tenant(tenant).run('set-attributes', input, context.invocation))),
    },
  }
}

/** A node of the organisation: the one named, else the root. */
async function nodeOf(runtime: SiteRuntime, tenant: string, orgpath: string | null): Promise<string> {
  const nodes = await runtime.reader.read(tenant, 'organisation', {})
  const node = nodes.find(({ path, parent }) => (orgpath === null ? parent === null : path === orgpath))
  if (node !== undefined) return node.path
  throw new RefusalError({ code: 'KS-ORG-UNKNOWN', message: `The organisation has no node ${orgpath ?? ''}.`, remedy: 'Name one of its nodes.', values: { orgpath } })
}

/** Where somebody has a permission of a pack: the profile says which roles have it, else the pack. Null: everywhere. */
function nodesFor(principal: Principal | null, tenant: string, roles: readonly string[]): readonly string[] | null {
  return principal === null ? [] : nodesOf(principal, tenant, role => role === 'owner' || roles.includes(role))
}

function allow(nodes: readonly string[] | null, asked: { readonly tenant: string; readonly node: string; readonly permission: string; readonly what: string }): void {
  const { tenant, node, permission, what } = asked
  if (nodes === null || nodes.some(each => isWithin(node, each))) return
  throw new RefusalError({ code: 'KS-ACCESS-DENIED', message: `You may not do "${what}".`, remedy: `Ask an administrator for a role that carries "${permission}".`, values: { permission, tenant } })
}

/** What a pack refuses, said by its own texts in the reader's language. */
function inWords(runtime: SiteRuntime, digest: string, refusal: Refusal, { locale }: Invocation): Refusal {
  const pack = refusal.code === 'KS-PACK-REFUSED' ? runtime.packs.ready(digest) : null
  const text = pack === null ? null : packText(pack, locale, { code: String(refusal.values?.['code']), values: refusal.values ?? {} })
  return text === null ? refusal : { ...refusal, message: text, values: { ...refusal.values, said: text } }
}
