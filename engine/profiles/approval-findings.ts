import { GRANTABLE_ROLES } from '#engine/access/permissions.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { Finding, Fix } from '#engine/profiles/finding.ts'
import type { ProfileSource } from '#engine/profiles/profile-source.ts'
import { closestName } from './closest-name.ts'
import { findingAt, fixOf, type Saying, saying } from './finding-texts.ts'
import { valuesOf } from './formatted-values.ts'
import type { Profile } from './profile-document.ts'

/** A stage as the config of an approval states it: what names a role, by the format `keelson-role`, and what stands beside it as in ApprovalStage. */
export interface StatedStage {
  /** Its id, else its role. */
  readonly name: string
  readonly role: string
  readonly quorum: number
  readonly apart: boolean
  readonly at: Finding['at']
}

/** Stages of the profile's approval in their order; null where its pack does not say which of its settings are roles. */
export function stagesOf({ capabilities: { approval } }: Pick<Profile, 'capabilities'>, enabled: Iterable<KnownPack>): StatedStage[] | null {
  const pack = [...enabled].find(({ manifest }) => manifest.id === approval.pack)
  const schema = pack?.manifest.implements.find(({ contract }) => contract === 'approval-policy')?.config
  if (schema === undefined || !JSON.stringify(schema).includes('"keelson-role"')) return null
  return [...valuesOf('keelson-role', approval.config ?? {}, schema, ['capabilities', 'approval', 'config'])].map(({ value: role, path, beside: { id, quorum, apart } }) => ({
    name: typeof id === 'string' ? id : role, role, quorum: typeof quorum === 'number' ? quorum : 1, apart: apart === true, at: path,
  }))
}

/** Roles that there are not, and stages that the people of this site can never bring to their quorum: their orders would wait for ever. */
export function approvalFindings(profile: Profile, enabled: readonly KnownPack[], people: readonly (readonly string[])[] | undefined, source: ProfileSource): Finding[] {
  const stages = stagesOf(profile, enabled) ?? []
  const known = stages.filter(({ role }) => GRANTABLE_ROLES.includes(role))
  return [
    ...stages.filter(stage => !known.includes(stage)).map(({ role, at }) => findingAt(source, at, noSuchRole(role, at))),
    ...people === undefined ? [] : outOfReach(known, people).map(({ stage, said }) => ({ ...findingAt(source, stage.at, said), severity: 'warning' as const })),
  ]
}

function noSuchRole(name: string, path: Finding['at']): Saying {
  const meant = closestName(name, GRANTABLE_ROLES)
  return meant === null ? saying('no-such-role', { name, known: GRANTABLE_ROLES.join(', ') })
    : saying('misspelt-role', { name, meant }, [fixOf('set', { value: meant }, { op: 'set', path, value: meant })])
}

function outOfReach(stages: readonly StatedStage[], people: readonly (readonly string[])[]): { readonly stage: StatedStage; readonly said: Saying }[] {
  const reached: StatedStage[] = []
  return stages.flatMap(stage => {
    const { name, role, quorum } = stage
    const there = people.filter(roles => roles.includes(role)).length
    const left = there < quorum ? there : stage.apart ? mostOthers(stage, reached, people) : quorum
    // What is short is told once: the stages after it are looked at with whom it can have.
    reached.push({ ...stage, quorum: left })
    if (there < quorum) return [{ stage, said: there === 0 ? saying('stage-without-people', { stage: name, role }) : saying('stage-short-of-people', { stage: name, role, quorum, there }, [ask(stage, there)]) }]
    if (left >= quorum) return []
    return [{ stage, said: saying('stage-short-of-others', { stage: name, role, quorum, left }, [left > 0 ? ask(stage, left) : nearBy(stage)]) }]
  })
}

/** How many of those whom a stage needs can be people without a part in a stage before. */
function mostOthers(stage: StatedStage, before: readonly StatedStage[], people: readonly (readonly string[])[]): number {
  // Stages that stand apart, and any one before them, are decided by different people: each such row is looked at.
  const rows = before.map((first, index) => [first, ...before.slice(index + 1).filter(({ apart }) => apart)])
  let quorum = stage.quorum
  while (quorum > 0 && !rows.every(row => areDifferentPeople([...row, { ...stage, quorum }], people))) quorum -= 1
  return quorum
}

/** Whether every stage finds its quorum among people who decide no other of them: a matching, by augmenting paths. */
function areDifferentPeople(stages: readonly StatedStage[], people: readonly (readonly string[])[]): boolean {
  const asked = stages.flatMap(({ role, quorum }) => Array.from({ length: quorum }, () => role))
  const given = new Map<number, number>()
  const finds = (seat: number, tried: Set<number>): boolean => people.some((roles, person) => {
    if (tried.has(person) || !roles.includes(asked[seat] ?? '')) return false
    tried.add(person)
    const other = given.get(person)
    if (other !== undefined && !finds(other, tried)) return false
    given.set(person, seat)
    return true
  })
  return asked.every((_, seat) => finds(seat, new Set()))
}

function ask({ at }: StatedStage, value: number): Fix {
  const path = [...at.slice(0, -1), 'quorum']
  return fixOf('set-value', { path: path.join('.'), value }, { op: 'set', path, value })
}

function nearBy({ at }: StatedStage): Fix {
  const path = [...at.slice(0, -1), 'apart']
  return fixOf('remove-value', { path: path.join('.') }, { op: 'remove', path })
}
