import { Ajv2020 } from 'ajv/dist/2020.js'
import { AJV_OPTIONS } from '#engine/core/json-formats.ts'
import type { ContractImplementation } from '#engine/contracts/v1/index.ts'
import type { PackCase } from '#engine/packs/cases/index.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { PACK_LOCALES, packTexts } from '#engine/packs/kpack.ts'
import { uiModuleProblems, uiModuleSchema } from '#engine/packs/ui-module-schema.ts'
import type { ConformanceCheck, Finding } from './check.ts'

const ajv = () => new Ajv2020(AJV_OPTIONS)

/** The promises of what a pack only declares: configs, attributes, screens. */
export function declarationChecks(pack: OpenPack, cases: readonly PackCase[]): readonly ConformanceCheck[] {
  return pack.manifest.implements.flatMap((part): ConformanceCheck[] => {
    const check = (name: string, run: () => readonly Finding[]): ConformanceCheck => ({ contract: part.contract, name, run: () => Promise.resolve(run()) })
    switch (part.contract) {
      case 'validation-rule': case 'pricing-policy': case 'approval-policy':
        return [check('takes the configs that its cases show', () => configFindings(part, cases.filter(each => each.contract === part.contract)))]
      case 'data-extension':
        return [check('declares attributes that are texts, numbers or booleans', () => attributeFindings(pack))]
      case 'ui-module':
        return [check('shows only what the pack has, in every language', () => screenFindings(pack, part))]
      default:
        return []
    }
  })
}

function configFindings({ config: schema }: ContractImplementation, cases: readonly PackCase[]): Finding[] {
  const validator = ajv()
  const validate = validator.compile(schema)
  return cases.flatMap(({ title, config }) => (validate(config) ? [] : [{ message: `${title}: ${validator.errorsText(validate.errors, { dataVar: 'config' })}`, details: config }]))
}

/** A value of another kind could neither be shown, nor imported from a column. */
function attributeFindings({ manifest }: OpenPack): Finding[] {
  const others = [{ a: 1 }, ['a']]
  return (manifest.attributes ?? []).flatMap(({ on, name, schema }) => {
    const validate = ajv().compile(schema)
    return others.some(value => validate(value)) ? [{ message: `${name} on ${on} takes lists or objects: give its schema a type, or an enum` }] : []
  })
}

function screenFindings(pack: OpenPack, { entry }: ContractImplementation): Finding[] {
  const parsed = uiModuleSchema.safeParse(JSON.parse(new TextDecoder().decode(pack.files.get(entry))))
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => ({ message: `${entry}: ${path.join('.')} ${message}` }))
  const texts = Object.fromEntries(PACK_LOCALES.map(locale => [locale, packTexts(pack, locale)]))
  return uiModuleProblems(parsed.data, pack.manifest, texts).map(message => ({ message: `${entry}: ${message}` }))
}
