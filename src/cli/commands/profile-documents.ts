import { readFileSync } from 'node:fs'
import { compareProfiles, decodeProfile, inspectProfile, invalidProfile, migrateProfile, profileJsonSchema, readConsoleTexts, readProfile } from '#engine/profiles/index.ts'
import type { Finding } from '#engine/profiles/finding.ts'
import { unifiedDiff } from '#engine/profiles/text-diff.ts'
import { RefusalError, type Result } from '#engine/core/refusal.ts'
import { productFolder } from '#src/server/product-folder.ts'
import { packsOfSite } from '../bundled-packs.ts'
import { TENANT, UsageError, type Call, type Command, type Outcome } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count } from '../output.ts'
import { existingFile } from './import.ts'

export const profileValidate: Command = {
  name: 'profile validate', about: 'Check a profile against the packs that come with Keelson and those of the data folder, with the line and the fix of each fault', positionals: 'FILE', fewest: 1, most: 1,
  options: {},
  run: call => Promise.resolve(validate(call.arguments.positional(0), call.dataFolder)),
}

export const profileMigrate: Command = {
  name: 'profile migrate', about: 'Print a profile as it is written today: from an older schema, or from the short form in which customers are first described', positionals: 'FILE', fewest: 1, most: 1,
  options: {},
  run: call => {
    const { text: document, from } = unwrap(migrateProfile(textOf(call.arguments.positional(0))))
    return Promise.resolve({ value: { from, document }, text: document.trimEnd() })
  },
}

export const profileSchema: Command = {
  name: 'profile schema', about: 'Print the JSON Schema of the profile document', positionals: '', fewest: 0, most: 0, options: {},
  run: () => Promise.resolve({ value: profileJsonSchema(), text: JSON.stringify(profileJsonSchema(), null, 2) }),
}

export const profileDiff: Command = {
  name: 'profile diff', about: 'Say what is different in a later profile: two files, or two versions of a tenant', positionals: 'BEFORE AFTER', fewest: 2, most: 2,
  options: { tenant: { ...TENANT, about: 'BEFORE and AFTER are versions of its profile' }, text: { type: 'boolean', about: 'also line by line' } },
  run: async call => {
    const [before, after] = await bothTexts(call)
    const packs = packsOfSite(call.dataFolder)
    const changes = compareProfiles(unwrap(readProfile(before)), unwrap(readProfile(after)), packs)
    const lines = unifiedDiff(before, after)
    return {
      value: { changes: changes.map(({ path, kind, before: was, after: is, title, message }) => ({ path, kind, before: was, after: is, title, message })), text: lines },
      text: [...(changes.length === 0 ? ['They say the same.'] : changes.map(({ message }) => message)), ...(call.arguments.flag('text') && lines !== '' ? ['', lines] : [])].join('\n'),
    }
  },
}

async function bothTexts(call: Call): Promise<readonly [string, string]> {
  const [first, second] = [call.arguments.positional(0), call.arguments.positional(1)]
  const tenant = call.arguments.text('tenant')
  if (tenant === undefined) return [unwrap(migrateProfile(textOf(first))).text, unwrap(migrateProfile(textOf(second))).text]
  const [before, after] = [versionNumber(first), versionNumber(second)]
  return await withEngine(call, async client => [
    (await client.queries['profile-version']({ tenant, version: before })).source, (await client.queries['profile-version']({ tenant, version: after })).source,
  ])
}

function versionNumber(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`With --tenant, BEFORE and AFTER are numbers of versions, not ${text}.`)
  return Number(text)
}

function validate(name: string, dataFolder: string): Outcome {
  const file = existingFile(name)
  const { version: engineVersion, resources } = productFolder()
  const available = { packs: packsOfSite(dataFolder), engineVersion, texts: readConsoleTexts(resources) }
  const { profile, findings } = inspectProfile(readFileSync(file), available)
  const errors = findings.filter(({ severity }) => severity === 'error')
  const lines = findings.map(({ severity, line, column, message, fix }) => `${name}:${line}:${column}: ${severity === 'error' ? '' : `${severity}: `}${message} ${fix}`)
  const said = { ok: errors.length === 0, findings: findings.map(findingJson) }
  if (profile !== null && errors.length === 0) {
    return { value: said, text: [...lines, `${name} is in order.`].join('\n') }
  }
  return { value: said, failure: { ...invalidProfile(errors).refusal, message: `${name} has ${count(errors.length, 'problem', 'problems')}.` }, text: lines.join('\n') }
}

function findingJson({ severity, code, line, column, path, message, fix, fixes }: Finding) {
  return { line, column, path, message, fix, severity, code, fixes: fixes.map(({ label, edits }) => ({ label, edits })) }
}

function textOf(name: string): string {
  const decoded = decodeProfile(readFileSync(existingFile(name)))
  if ('finding' in decoded) throw new RefusalError(invalidProfile([decoded.finding]).refusal)
  return decoded.text
}

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal)
  return result.value
}
