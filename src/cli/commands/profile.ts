import { readFileSync } from 'node:fs'
import type { Composition } from '#engine/packs/composition.ts'
import { deprecationsOf, deprecationText } from '#engine/packs/contract-versions.ts'
import { checkProfile, invalidProfile, readConsoleTexts, readProfile, resolveProfile } from '#engine/profiles/index.ts'
import { productFolder } from '#src/server/product-folder.ts'
import { packsOfSite } from '../bundled-packs.ts'
import type { Command, Outcome } from '../command.ts'
import { count } from '../output.ts'
import { existingFile } from './import.ts'

export const checkProfileFile: Command = {
  name: 'profile check', about: 'Check a profile against the packs that come with Keelson and those of the data folder, with the line and the fix of each fault', positionals: 'FILE', fewest: 1, most: 1,
  options: {},
  run: call => Promise.resolve(check(call.arguments.positional(0), call.dataFolder)),
}

function check(file: string, dataFolder: string): Outcome {
  const { version } = productFolder()
  const read = readProfile(readFileSync(existingFile(file), 'utf8'))
  const available = { packs: packsOfSite(dataFolder), engineVersion: version, texts: readConsoleTexts(productFolder().resources) }
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
