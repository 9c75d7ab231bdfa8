import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Composition } from '#engine/packs/composition.ts'
import { deprecationsOf, deprecationText } from '#engine/packs/contract-versions.ts'
import { checkProfile, invalidProfile, readProfile, resolveProfile } from '#engine/profiles/index.ts'
import { productFolder } from '#src/server/product-folder.ts'
import { packsOfSite } from '../bundled-packs.ts'
import { TENANT, type Command, type Outcome } from '../command.ts'
import { withEngine } from '../open-engine.ts'
import { count } from '../output.ts'
import { existingFile } from './import.ts'

export const checkProfileFile: Command = {
  name: 'profile check', about: 'Check a profile against the packs that come with Keelson and those of the data folder, with the line and the fix of each fault', positionals: 'FILE', fewest: 1, most: 1,
  options: {},
  run: call => Promise.resolve(check(call.arguments.positional(0), call.dataFolder)),
}

export const publishProfile: Command = {
  name: 'profile publish', about: 'Publish a profile for a tenant and make it the active one', positionals: 'FILE', fewest: 1, most: 1,
  options: { tenant: TENANT },
  run: async call => {
    const tenant = call.arguments.required('tenant')
    const file = existingFile(call.arguments.positional(0))
    const document = readFileSync(file, 'utf8')
    const cases = casesBeside(file)
    const result = await withEngine(call, client => client.commands['publish-profile']({ tenant, document, ...(cases.length === 0 ? {} : { cases }) }))
    return { value: result, text: `Version ${result.version ?? ''} of the profile of ${tenant} is active.${cases.length === 0 ? '' : ` ${count(cases.length, 'file', 'files')} of cases came with it.`}` }
  },
}

/** Golden cases that stand in `cases/` beside a profile. */
function casesBeside(profile: string): string[] {
  const folder = join(dirname(profile), 'cases')
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter(name => /\.(ya?ml|json)$/.test(name)).toSorted().map(name => readFileSync(join(folder, name), 'utf8'))
}

function check(file: string, dataFolder: string): Outcome {
  const { version } = productFolder()
  const read = readProfile(readFileSync(existingFile(file), 'utf8'))
  const available = { packs: packsOfSite(dataFolder), engineVersion: version }
  const findings = read.ok ? checkProfile(read.value, available) : read.findings
  const lines = findings.map(({ severity, line, column, message, fix }) => `${file}:${line}:${column}: ${severity === 'error' ? '' : `${severity}: `}${message} ${fix}`)
  const errors = findings.filter(({ severity }) => severity === 'error')
  if (read.ok && errors.length === 0) {
    const warnings = warningsOf(resolveProfile(read.value, available, read.value.id, 1))
    return { value: { ok: true, findings, warnings }, text: [...lines, `${file} is in order.`, ...warnings].join('\n') }
  }
  const { refusal } = invalidProfile(errors)
  return {
    value: { ok: false, findings }, failure: { ...refusal, message: `${file} has ${count(errors.length, 'problem', 'problems')}.` },
    text: lines.join('\n'),
  }
}

/** Packs of the profile that are on a contract version that goes. */
function warningsOf({ validation, pricing, approval, reactors, modules }: Composition): string[] {
  const uses = [...validation, pricing, approval, ...reactors].map(({ pack, contract, contractVersion: version }) => ({ pack, parts: [{ contract, version }] }))
  const brought = modules.map(({ pack, manifest }) => ({ pack, parts: manifest.implements }))
  const all = [...uses, ...brought].flatMap(({ pack, parts }) => deprecationsOf(parts).map(each => `Warning: ${pack} uses ${deprecationText(each)}.`))
  return [...new Set(all)]
}
