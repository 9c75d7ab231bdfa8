import { isRecord } from '#engine/core/plain-values.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { Condition } from '#engine/packs/pack-catalog.ts'
import { CAPABILITIES, type ProfileSection, sectionFor } from './capabilities.ts'
import { choicesIn, namedValues, PRODUCT_CHOICES, schemaAt } from './choices.ts'
import { compareNumbers, stepFrom, unknown, type Unknown, type View } from './condition.ts'
import type { Constraint } from './constraint.ts'

/** What a profile decides: who answers in a section, whether it names a pack, the value of a place. */
export interface Variable {
  readonly key: string
  readonly domain: readonly unknown[]
}

/** Some value that no constraint names. */
export const OTHER = 'another value'

interface Answer { readonly pack: string | null; readonly version: string | null; readonly default: string | null }

/** Places whose value the product's schema asks for. */
const ALWAYS_THERE: readonly string[] = ['capabilities.confirmation']

/**
 * Every profile that a site could have, as far as constraints can tell them apart: variables with the values that are named
 * somewhere, one that is not, and none at all.
 */
export class ProfileSpace {
  readonly variables: ReadonlyMap<string, Variable>
  readonly #sections: ReadonlyMap<string, ProfileSection>

  constructor(packs: readonly KnownPack[], constraints: readonly Pick<Constraint, 'when' | 'then'>[]) {
    const named = namedValues(constraints)
    const ids = [...new Set(packs.map(({ manifest }) => manifest.id))]
    const versionsOf = (id: string): string[] => [...new Set(packs.filter(({ manifest }) => manifest.id === id).map(({ manifest }) => manifest.version))]
    this.#sections = new Map(packs.map(({ manifest }) => [manifest.id, sectionFor(manifest)]))
    const variables = new Map<string, Variable>()
    const add = (key: string, domain: readonly unknown[]): void => { variables.set(key, { key, domain }) }
    for (const { name, packs: many, defaults } of CAPABILITIES.filter(each => each.packs === 'one')) {
      const answers = ids.filter(id => many === 'one' && this.#sections.get(id) === name).flatMap(pack => versionsOf(pack).map((version): Answer => ({ pack, version, default: null })))
      add(`section ${name}`, [...answers, ...defaults.map((each): Answer => ({ pack: null, version: null, default: each }))])
    }
    for (const id of ids) if (!this.#isSlot(this.#sections.get(id))) add(`pack ${id}`, [null, ...versionsOf(id)])
    for (const [address, values] of named) {
      const [root, section = '', third = '', ...keys] = address.split('.')
      if (root === 'packs' && third === 'config') this.#addConfig(add, variables, packs.filter(({ manifest }) => manifest.id === section), keys, values)
      else if (root === 'capabilities' && this.#isSlot(section) && third === 'config') {
        for (const id of ids.filter(each => this.#sections.get(each) === section)) this.#addConfig(add, variables, packs.filter(({ manifest }) => manifest.id === id), keys, values)
      } else if (!this.#isSlot(section) || root !== 'capabilities') {
        const choices = PRODUCT_CHOICES[address]
        add(`value ${address}`, [...ALWAYS_THERE.includes(address) ? [] : [undefined], ...choices ?? [...withNeighbours(values), OTHER]])
      }
    }
    this.variables = variables
  }

  /** The variables that decide whether a condition holds. */
  variablesOf(condition: Condition): readonly string[] {
    if ('pack' in condition) return this.#presence(condition.pack)
    return [condition.path, ...(condition.same === undefined ? [] : [condition.same])].flatMap(address => this.#variablesAt(address))
  }

  /** A profile of which only these values are known. */
  view(values: ReadonlyMap<string, unknown>): View {
    const of = (key: string): unknown => !this.variables.has(key) ? undefined : values.has(key) ? values.get(key) : unknown
    const pack = (id: string): string | null | Unknown => {
      const section = this.#sections.get(id)
      if (section === undefined) return null
      if (!this.#isSlot(section)) return of(`pack ${id}`) as string | null | Unknown
      const answer = of(`section ${section}`) as Answer | Unknown
      return answer === unknown ? unknown : answer.pack === id ? answer.version : null
    }
    const config = (id: string, keys: readonly string[]): unknown => {
      const version = pack(id)
      return version === unknown ? unknown : version === null ? undefined : of(configKey(id, keys))
    }
    return {
      pack,
      value: address => {
        const [root, name = '', third = '', ...keys] = address.split('.')
        if (root === 'packs') return third === 'config' ? config(name, keys) : pack(name) ?? undefined
        if (root !== 'capabilities' || !this.#isSlot(name)) return of(`value ${address}`)
        const answer = of(`section ${name}`) as Answer | Unknown
        if (answer === unknown) return unknown
        if (third === 'pack' || third === 'default' || third === 'version') return answer[third] ?? undefined
        return answer.pack === null ? undefined : config(answer.pack, keys)
      },
    }
  }

  #addConfig(add: (key: string, domain: readonly unknown[]) => void, known: ReadonlyMap<string, Variable>, versions: readonly KnownPack[], keys: readonly string[], values: readonly unknown[]): void {
    const schemas = versions.flatMap(({ manifest }) => manifest.implements).map(({ config }) => config)
    const [first] = versions
    const schema = schemas.map(each => schemaAt(each, keys)).find(each => each !== null)
    if (first === undefined || schema === undefined || schema === null) return
    const key = configKey(first.manifest.id, keys)
    const all = [...new Map([...known.get(key)?.domain ?? [], ...values].map(value => [JSON.stringify(value), value])).values()].filter(value => value !== undefined && value !== OTHER)
    const choices = choicesIn(schema)
    const isRequired = keys.length === 1 && schemas.every(each => Array.isArray(each['required']) && each['required'].includes(keys[0]))
    add(key, [...isRequired ? [] : [undefined], ...choices.length > 0 ? choices : [...withNeighbours(all).filter(value => fits(schema, value)), OTHER]])
  }

  #variablesAt(address: string): readonly string[] {
    const [root, name = '', third, ...keys] = address.split('.')
    if (root === 'packs') return [...this.#presence(name), configKey(name, keys)].filter(key => this.variables.has(key))
    if (root !== 'capabilities' || !this.#isSlot(name)) return this.variables.has(`value ${address}`) ? [`value ${address}`] : []
    const configs = third === 'config' ? [...this.#sections].filter(([, section]) => section === name).map(([id]) => configKey(id, keys)) : []
    return [`section ${name}`, ...configs.filter(key => this.variables.has(key))]
  }

  #presence(id: string): readonly string[] {
    const section = this.#sections.get(id)
    return section === undefined ? [] : [this.#isSlot(section) ? `section ${section}` : `pack ${id}`]
  }

  #isSlot(section: string | undefined): boolean {
    return section === 'pricing' || section === 'approval'
  }
}

function configKey(pack: string, keys: readonly string[]): string {
  return `config ${pack} ${keys.join('.')}`
}

/**
 * Named values, and what lies beside them: constraints tell numbers apart that are below, between and above those that they name;
 * where lists with one entry each are named, one list may have them all.
 */
function withNeighbours(values: readonly unknown[]): readonly unknown[] {
  const beside = values.filter((value): value is string | number => compareNumbers(value, 0) !== null).flatMap(value => {
    const half = typeof value === 'number' ? [value - 0.5, value + 0.5] : [`${value}${value.includes('.') ? '' : '.0'}5`]
    return [stepFrom(value, -1), stepFrom(value, 1), ...half]
  })
  const lists = values.filter(value => Array.isArray(value))
  const all = [...values, ...beside, ...lists.length < 2 ? [] : [lists.flat()]]
  return [...new Map(all.map(value => [JSON.stringify(value), value])).values()]
}

/** Whether a named value is of the type and within the bounds of a schema; what a pattern says is the profile's to meet. */
function fits(schema: Readonly<Record<string, unknown>>, value: unknown): boolean {
  const types = [schema['type']].flat().filter(type => type !== undefined)
  const type = Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value
  const typed = types.length === 0 || types.includes(type) || (type === 'number' && types.includes('integer') && Number.isInteger(value))
  const { minimum, maximum } = schema
  return typed && !(typeof value === 'number' && ((typeof minimum === 'number' && value < minimum) || (typeof maximum === 'number' && value > maximum)))
}
