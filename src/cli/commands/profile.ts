import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { RefusalError } from '#engine/core/refusal.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import { checkProfile, invalidProfile, readProfile } from '#engine/profiles/index.ts'
import { productFolder } from '#src/server/product-folder.ts'
import { TENANT, type Command, type Outcome } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count } from '../output.ts'
import { existingFile } from './import.ts'

export const checkProfileFile: Command = {
  name: 'profile check', about: 'Check a profile against the packs that come with Keelson, with the line and the fix of each fault', positionals: 'FILE', fewest: 1, most: 1,
  options: {},
  run: call => Promise.resolve(check(call.arguments.positional(0))),
}

export const publishProfile: Command = {
  name: 'profile publish', about: 'Publish a profile for a tenant and make it the active one', positionals: 'FILE', fewest: 1, most: 1,
  options: { tenant: TENANT },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const document = readFileSync(existingFile(call.arguments.positional(0)), 'utf8')
    const result = await withEngine(call, client => client.commands['publish-profile']({ tenant, document }))
    return { value: result, text: `Version ${result.version} of the profile of ${tenant} is active.` }
  },
}

function check(file: string): Outcome {
  const { resources, version } = productFolder()
  const read = readProfile(readFileSync(existingFile(file), 'utf8'))
  const problems = read.ok ? checkProfile(read.value, { packs: packsIn(join(resources, 'packs')), engineVersion: version }) : read.problems
  if (problems.length === 0) return { value: { ok: true, problems }, text: `${file} is in order.` }
  const { refusal } = invalidProfile(problems)
  return {
    value: { ok: false, problems }, failure: { ...refusal, message: `${file} has ${count(problems.length, 'problem', 'problems')}.` },
    text: problems.map(({ line, column, message, fix }) => `${file}:${line}:${column}: ${message}. ${fix}`).join('\n'),
  }
}

function packsIn(folder: string) {
  const files = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.kpack')) : []
  return files.map(name => {
    const opened = openKpack(readFileSync(join(folder, name)))
    if (!opened.ok) throw new RefusalError(opened.refusal)
    return opened.value
  })
}
