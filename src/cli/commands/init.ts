import { existsSync, readFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import { UsageError, type Call, type Command, type Outcome } from '../command.ts'
import { withNewEngine, type Recover } from '../open-engine.ts'
import { table } from '../output.ts'
import { followJob } from '../follow-job.ts'

export const init: Command = {
  name: 'init', about: 'Make the demo site, or a tenant with its profile', positionals: '', fewest: 0, most: 0,
  options: {
    'demo': { type: 'boolean', about: 'tenants with real orders in them' },
    'tenant': { type: 'string', placeholder: 'TENANT', about: 'short name of the tenant, lower case' },
    'profile': { type: 'string', placeholder: 'FILE', about: 'profile (YAML), or the name of one that comes with Keelson' },
    'site-name': { type: 'string', placeholder: 'NAME', about: 'what the site is called; else the name of this machine' },
    'user': { type: 'string', placeholder: 'NAME', about: 'the first administrator; else "administrator"' },
    'password-stdin': { type: 'boolean', about: 'read the administrator\'s password from standard input; else one is made' },
  },
  run: call => call.arguments.flag('demo') ? initDemo(call) : initTenant(call),
}

interface SignIn {
  readonly user: string
  readonly password: string
  readonly roles: readonly string[]
}

async function initDemo(call: Call): Promise<Outcome> {
  return await withNewEngine(call, async (client, recover) => made(await setUpDemo(client, recover, call)))
}

/** Makes the demo site and waits until its orders are decided. */
export async function setUpDemo(client: KeelsonClient, recover: Recover, call: Pick<Call, 'progress'>): Promise<{ tenants: string[]; signIn: SignIn[] }> {
  const result = await client.commands['set-up-site']({ kind: 'demo' })
  for (const tenant of result.tenants) {
    const { rows } = await client.queries.jobs({ tenant })
    for (const job of rows) {
      if (job.state === 'queued' || job.state === 'running') await followJob(client, recover, tenant, job.id, call.progress)
    }
  }
  return result
}

async function initTenant(call: Call): Promise<Outcome> {
  const args = call.arguments
  if (args.text('tenant') === undefined) throw new UsageError('Say --demo, or --tenant and --profile.')
  const tenant = args.required('tenant')
  const profile = readProfile(args.required('profile'))
  const given = args.flag('password-stdin') ? readPassword() : null
  return await withNewEngine(call, async client => {
    const { setUpNeeded } = await client.queries.session({})
    if (!setUpNeeded) {
      await client.commands['create-tenant']({ tenant, profile })
      return made({ tenants: [tenant], signIn: [] })
    }
    const user = args.text('user') ?? 'administrator'
    const password = given ?? madePassword()
    const result = await client.commands['set-up-site']({
      kind: 'new', siteName: args.text('site-name') ?? hostname().slice(0, 100), tenant, profile, user, password,
    })
    const signIn = [{ user, password, roles: ['administrator', 'operator'] }]
    return made({ tenants: result.tenants, signIn: given === null ? signIn : [] })
  })
}

function made(result: { tenants: string[]; signIn: SignIn[] }): Outcome {
  const tenants = `Ready: ${result.tenants.join(', ')}.`
  return { value: result, text: result.signIn.length === 0 ? tenants : `${tenants}\n\n${signInTable(result.signIn)}` }
}

export function signInTable(signIn: readonly SignIn[]): string {
  return table(signIn, [
    { title: 'Sign in as', of: row => row.user }, { title: 'Password', of: row => row.password }, { title: 'Roles', of: row => row.roles.join(', ') },
  ], '')
}

/** The text of a profile file, or the name of an included profile as it is. */
export function readProfile(fileOrName: string): string {
  if (existsSync(fileOrName)) return readFileSync(fileOrName, 'utf8')
  if (/^[a-z][a-z0-9-]*(\/[a-z][a-z0-9-]*)?$/.test(fileOrName)) return fileOrName
  throw new UsageError(`There is no file ${fileOrName}.`)
}

/** One line from standard input. */
export function readPassword(): string {
  const line = readFileSync(0, 'utf8').split(/\r?\n/, 1)[0] ?? ''
  if (line === '') throw new UsageError('Standard input holds no password.')
  return line
}

/** 80 random bits in groups that can be typed. */
export function madePassword(): string {
  return (randomBytes(10).toString('hex').match(/.{5}/g) ?? []).join('-')
}
