import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parse } from 'yaml'
import { type Profile, readProfile, resolveProfile } from '#engine/profiles/index.ts'
import { completeOrder, decisionsOf, differences, type ProfileCase, profileCasesSchema } from '../cases/index.ts'
import type { Composition, KnownPack } from '../composition.ts'
import { composedPacks } from '../composed-packs.ts'
import type { PackHost } from '../pack-host.ts'
import type { InstallCheck } from './install-progress.ts'

/** A profile of this site with its golden cases. */
export interface ProfileWithCases {
  /** `acme`, or `acme (tenant north)`. */
  readonly name: string
  readonly tenant: string | null
  readonly profile: Profile
  readonly cases: readonly ProfileCase[]
  /** Digests that it runs with now, by pack id. */
  readonly pins: ReadonlyMap<string, string>
}

/** Profiles that come with the product, with their cases, by folder. */
export function productProfiles(folder: string): ProfileWithCases[] {
  if (!existsSync(folder)) return []
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => basename(name) === 'profile.yaml').toSorted()
  return found.flatMap((name): ProfileWithCases[] => {
    const file = join(folder, name)
    const read = readProfile(readFileSync(file, 'utf8'))
    return read.ok ? [{ name: dirname(name), tenant: null, profile: read.value, cases: casesIn(join(dirname(file), 'cases')), pins: new Map() }] : []
  })
}

function casesIn(folder: string): ProfileCase[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).filter(name => /\.(ya?ml|json)$/.test(name)).toSorted()
    .flatMap(name => profileCasesSchema.parse(parse(readFileSync(join(folder, name), 'utf8'))).cases)
}

/** A profile as it would be with the candidates. */
export interface Candidate {
  readonly profile: Profile
  readonly chosen: ReadonlyMap<string, string>
}

interface Site { readonly packs: readonly KnownPack[]; readonly candidates: readonly KnownPack[]; readonly engineVersion: string }

/**
 * Runs the cases of a profile as it is and as it would be. A case counts that would not pass then, unless it fails now already
 * and just so: that is not the candidate's doing.
 */
export async function checkProfileCases(given: ProfileWithCases, candidate: Candidate, site: Site, host: PackHost): Promise<InstallCheck> {
  const resolve = (profile: Profile, preferred: ReadonlyMap<string, string>, packs: readonly KnownPack[]): Composition =>
    resolveProfile(profile, { packs, engineVersion: site.engineVersion, preferred }, given.tenant ?? given.name, 1)
  const before = resolve(given.profile, given.pins, site.packs)
  const after = resolve(candidate.profile, candidate.chosen, [...site.packs, ...site.candidates])
  const check = (outcome: InstallCheck['outcome'], code: string, differing: number, details: readonly string[]): InstallCheck => ({
    step: 'profile-cases', subject: given.name, outcome, code, values: { cases: given.cases.length, differing, tenant: given.tenant }, details,
  })
  if (digestsOf(before) === digestsOf(after) && given.profile.digest === candidate.profile.digest) return check('passed', 'profile-not-affected', 0, [])
  const were = await runProfileCases(given.profile, before, given.cases, host)
  const would = await runProfileCases(candidate.profile, after, given.cases, host)
  const regressions = given.cases.flatMap(({ title }, index) => {
    const [first] = (would[index] ?? []).filter(each => were[index]?.includes(each) !== true)
    return first === undefined ? [] : [`${title}: ${first}`]
  })
  return regressions.length === 0 ? check('passed', 'profile-cases-passed', 0, []) : check('refused', 'KS-PACK-PROFILE-CASES', regressions.length, regressions.slice(0, 20))
}

function digestsOf(composition: Composition): string {
  return composedPacks(composition).map(({ pack, digest }) => `${pack} ${digest}`).join('\n')
}

/** Where each case comes out other than it should. */
export async function runProfileCases(profile: Profile, composition: Composition, cases: readonly ProfileCase[], host: PackHost): Promise<(readonly string[])[]> {
  const exposures = cases.map(({ exposure }) => exposure ?? { openMinor: 0, openOrders: 0 })
  const decided = await host.decide(composition, cases.map(({ order }, key) => ({
    key, from: 'submitted', view: JSON.stringify(completeOrder({ orgpath: profile.organisation[0]?.path, ...order })), exposure: exposures[key] ?? { openMinor: 0, openOrders: 0 }, price: null,
  })))
  return cases.map(({ expect }, index) => differences(expect, decisionsOf(decided[index])))
}
