import type { PackUi } from './pack-ui.tsx'
import { formFields, type FormField } from './schema-form.ts'

export type AttributesOn = PackUi['attributes'][number]['on']
export type AttributeValue = string | number | boolean

/** Attributes that a person may set on an order, a line or an account, as fields named `<pack>.<name>`. */
export function attributeFields(packs: readonly PackUi[], on: AttributesOn): FormField[] {
  const declared = packs.flatMap(({ pack, attributes }) => attributes.filter(each => each.on === on && each.editable).map(each => ({ ...each, name: `${pack}.${each.name}` })))
  return formFields({
    type: 'object', properties: Object.fromEntries(declared.map(({ name, schema }) => [name, schema])), required: declared.filter(({ required }) => required).map(({ name }) => name),
  })
}
