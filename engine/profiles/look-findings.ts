import { ORDER_COLUMNS, SITE_ENTRIES, WORK_ENTRIES } from '#engine/core/console-parts.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import type { Finding, PathKey } from '#engine/profiles/finding.ts'
import type { ProfileSource } from '#engine/profiles/profile-source.ts'
import { stagesOf } from './approval-findings.ts'
import { closestName } from './closest-name.ts'
import type { ConsoleTexts } from './console-texts.ts'
import { messageArguments } from './message-arguments.ts'
import { findingAt, fixOf, saying } from './finding-texts.ts'
import type { Profile } from './profile-document.ts'
import type { Available } from './resolve-profile.ts'

/** Entries of the menu and columns that the profile lists and that nothing brings: they would silently not be there. */
export function lookFindings({ look, capabilities }: Profile, enabled: readonly KnownPack[], { packs: available, texts }: Pick<Available, 'packs' | 'texts'>, source: ProfileSource): Finding[] {
  const entries = enabled.flatMap(({ manifest, shows }) => (shows?.menu ?? []).map(id => `${manifest.id}.${id}`))
  const listed = (key: 'navigation' | 'columns', known: readonly string[]): Finding[] => (look?.[key] ?? []).flatMap((name, index, all) => {
    const at = ['look', key, index]
    if (all.indexOf(name) < index) return [findingAt(source, at, saying('twice', { value: name }, [removal(name, at)]))]
    // Nobody is asked to approve anything: the entry would lead to a list that stays empty.
    if (key === 'navigation' && name === 'approvals' && capabilities.approval.pack === undefined) {
      return [{ ...findingAt(source, at, saying('approvals-not-enabled', {}, [removal(name, at)])), severity: 'warning' as const }]
    }
    return known.includes(name) ? [] : [notBrought(name, at, known, available, source)]
  })
  return [
    ...approvalsUnlisted(look?.navigation, stagesOf({ capabilities }, enabled), capabilities.approval.pack !== undefined, source),
    ...listed('navigation', [...WORK_ENTRIES, ...SITE_ENTRIES, ...entries]),
    ...listed('columns', [...ORDER_COLUMNS, ...enabled.flatMap(attributesOf)]),
    ...(texts === undefined ? [] : wordingFindings(look?.wording ?? {}, textsWith(texts, enabled), source)),
  ]
}

/** People are asked, and the menu does not lead them to what waits; where a pack does not say whom it asks, it may ask anybody. */
function approvalsUnlisted(navigation: readonly string[] | undefined, stages: readonly unknown[] | null, byPack: boolean, source: ProfileSource): Finding[] {
  if (navigation === undefined || navigation.includes('approvals') || !byPack || stages?.length === 0) return []
  const path = ['look', 'navigation']
  const afterOrders = navigation.indexOf('orders') + 1
  const list = fixOf('add', { key: 'approvals' }, { op: 'add', path, value: 'approvals' }, { op: 'move', path: [...path, navigation.length], to: afterOrders })
  return [{ ...findingAt(source, path, saying('approvals-not-listed', {}, [list])), severity: 'warning' }]
}

/** The texts of the console and of the packs that the profile enables. */
function textsWith(texts: ConsoleTexts, enabled: readonly KnownPack[]): ConsoleTexts {
  return new Map([...texts, ...enabled.flatMap(({ manifest, shows }) => Object.entries(shows?.texts ?? {}).map(([key, text]) => [`${manifest.id}:${key}`, text] as const))])
}

/** Words for a text that there is not would never be seen; a value that it has not, or a brace too many, would be. */
function wordingFindings(wording: NonNullable<NonNullable<Profile['look']>['wording']>, texts: ConsoleTexts, source: ProfileSource): Finding[] {
  return Object.entries(wording).flatMap(([key, said]): Finding[] => {
    const path = ['look', 'wording', key]
    const instead = texts.get(key)
    if (instead === undefined) {
      const meant = closestName(key, [...texts.keys()])
      return [findingAt(source, path, meant === null ? saying('no-such-text', { key }, [removal(key, path)])
        : saying('misspelt-text', { key, meant }, [fixOf('rename', { key, meant }, { op: 'rename', path, to: meant }), removal(key, path)]), 'key')]
    }
    const known = messageArguments(instead) ?? new Set()
    return (typeof said === 'string' ? [[path, said] as const] : Object.entries(said).map(([locale, text = '']) => [[...path, locale], text] as const)).flatMap(([at, text]): Finding[] => {
      const used = messageArguments(text)
      if (used === null) return [findingAt(source, at, saying('text-unreadable', { key }, [removal(key, path)]))]
      const unknown = [...used].find(name => !known.has(name))
      return unknown === undefined ? [] : [findingAt(source, at, saying(known.size === 0 ? 'text-takes-no-values' : 'text-value-unknown', { key, name: unknown, known: [...known].join(', ') }))]
    })
  })
}

function notBrought(name: string, at: readonly PathKey[], known: readonly string[], available: readonly KnownPack[], source: ProfileSource): Finding {
  const [pack = ''] = name.split('.')
  const there = name.includes('.') ? available.find(each => each.manifest.id === pack) : undefined
  const meant = closestName(name, known)
  if (there !== undefined && !known.some(each => each.startsWith(`${pack}.`))) {
    const enable = fixOf('add', { key: pack }, { op: 'add', path: ['capabilities', 'modules'], value: { pack, version: `^${there.manifest.version}` } })
    return findingAt(source, at, saying('module-not-enabled', { name, pack }, [removal(name, at), enable]))
  }
  return findingAt(source, at, meant === null ? saying('nothing-brings', { name, known: known.join(', ') }, [removal(name, at)])
    : saying('nothing-brings-misspelt', { name, meant }, [fixOf('set', { value: meant }, { op: 'set', path: at, value: meant }), removal(name, at)]))
}

function removal(name: string, path: readonly PathKey[]) {
  return fixOf('remove', { key: name }, { op: 'remove', path })
}

function attributesOf({ manifest }: KnownPack): string[] {
  return (manifest.attributes ?? []).map(({ name }) => `${manifest.id}.${name}`)
}
