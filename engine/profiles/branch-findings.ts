import type { Finding, PathKey } from '#engine/profiles/finding.ts'
import type { ProfileSource } from '#engine/profiles/profile-source.ts'
import { closestName } from './closest-name.ts'
import { findingAt, fixOf, saying } from './finding-texts.ts'
import { valuesOf } from './formatted-values.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Profile } from './profile-document.ts'

interface Place {
  readonly profile: Profile
  readonly at: readonly PathKey[]
  readonly source: ProfileSource
}

/** Config values of the format `keelson-branch` name a node of the organisation; one that is not there would never apply, and nobody would be told. */
export function branchFindings(config: unknown, schema: JsonSchema, { profile: { organisation }, at, source }: Place): Finding[] {
  const known = organisation.map(({ path }) => path)
  return [...valuesOf('keelson-branch', config, schema, at)].filter(({ value }) => !known.includes(value)).map(({ value, path }) => {
    const meant = closestName(value, known)
    return findingAt(source, path, meant === null ? saying('no-such-branch', { name: value, known: known.join(', ') })
      : saying('misspelt-branch', { name: value, meant }, [fixOf('set', { value: meant }, { op: 'set', path, value: meant })]))
  })
}
