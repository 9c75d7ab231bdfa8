import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { mediaRefusal } from '#engine/packs/media/index.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import {
  addPacks, commitPlan, DAYS, delegate, findKey, firstRoot, keysOf, openPublicKey, openRepository, OWNER_ROLES, planChanges, planFirst, renewal, replaceKeys, revokePack, showMedia,
  withdrawPublisherKey, withMediaLock, type Changes, type Days, type Repository, type RoleKeys,
} from '#engine/packs/media/publish/index.ts'
import { RefusalError } from '#engine/core/refusal.ts'
import { UsageError, type Call, type Command, type OptionSpec, type Outcome } from '../command.ts'
import { KeyFolders, must } from '../key-folder.ts'
import { count, facts, table } from '../output.ts'
import { existingFile } from './import.ts'

type OwnerRole = typeof OWNER_ROLES[number]

const KEYS: OptionSpec = { type: 'string', multiple: true, placeholder: 'KEYDIR', about: 'folder of private keys; else the one beside the media, DIR-keys' }
const DAYS_GOOD: OptionSpec = { type: 'string', placeholder: 'N', about: 'for how many days the media is good; else a year' }
const threshold = (of: string): OptionSpec => ({ type: 'string', placeholder: 'N', about: `how many keys must sign ${of}; else 1` })

export const mediaInit: Command = {
  name: 'media init', about: 'Make signed media in a folder; with demo keys where none are named', positionals: 'DIR', fewest: 1, most: 1,
  options: { keys: KEYS, threshold: threshold('its root and its packs'), days: DAYS_GOOD },
  run: init,
}

export const mediaAdd: Command = {
  name: 'media add', about: 'Put packs on media and sign it', positionals: 'DIR PACK.kpack…', fewest: 2, most: 100,
  options: { keys: KEYS, days: DAYS_GOOD },
  run: call => change(call, repository => addPacks(repository, call.arguments.positionals.slice(1).map(file => {
    const bytes = readFileSync(existingFile(file))
    return { bytes, pack: must(openKpack(bytes)) }
  }))),
}

export const mediaSign: Command = {
  name: 'media sign', about: 'Sign media anew, so that it stays good, with what publishers added since', positionals: 'DIR', fewest: 1, most: 1,
  options: { keys: KEYS, days: DAYS_GOOD },
  run: call => change(call, (repository, folders) => renewal(repository, folders.keys, Date.now(), DAYS)),
}

export const mediaRotateRoot: Command = {
  name: 'media rotate-root', about: 'Replace the keys of the root, or of the roles named', positionals: 'DIR', fewest: 1, most: 1,
  options: { keys: KEYS, role: { type: 'string', multiple: true, placeholder: 'ROLE', about: `${OWNER_ROLES.join(', ')}; else root` }, days: DAYS_GOOD },
  run: call => {
    const roles = ownerRoles(call)
    return change(call, (repository, folders) => replaceKeys(repository, replacements(repository, folders, roles, null)))
  },
}

export const mediaRevoke: Command = {
  name: 'media revoke', about: 'Withdraw a version of a pack, or a key', positionals: 'DIR [ID@VERSION]', fewest: 1, most: 2,
  options: { 'keys': KEYS, 'key': { type: 'string', placeholder: 'KEY', about: 'the beginning of a key\'s id, as "media show" shows it' }, 'why': { type: 'string', placeholder: 'TEXT', about: 'told to whoever has the pack' }, 'days': DAYS_GOOD },
  run: call => {
    const [, pack] = call.arguments.positionals
    const key = call.arguments.text('key')
    if ((pack === undefined) === (key === undefined)) throw new UsageError('Say ID@VERSION of a pack, or --key.')
    if (pack !== undefined) return change(call, repository => revokePack(repository, pack, call.arguments.text('why') ?? 'withdrawn by its publisher'))
    return change(call, (repository, folders) => revokeKey(repository, folders, key ?? ''))
  },
}

export const mediaDelegate: Command = {
  name: 'media delegate', about: 'Let a publisher sign for packs of their own', positionals: 'DIR PUBLISHER', fewest: 2, most: 2,
  options: {
    'keys': KEYS, 'public-key': { type: 'string', multiple: true, placeholder: 'PEM', about: 'public keys of the publisher; else a key pair is made' },
    'namespace': { type: 'string', multiple: true, placeholder: 'PUBLISHER/PACK', about: 'what they may speak for; else PUBLISHER/*' }, 'threshold': threshold('for them'), 'days': DAYS_GOOD,
  },
  run: call => {
    const publisher = call.arguments.positional(1)
    const files = call.arguments.list('public-key')
    const needed = call.arguments.integer('threshold', 1, 9) ?? 1
    if (files.length > 0 && files.length < needed) throw new UsageError(`--threshold ${needed} needs as many --public-key.`)
    const names = call.arguments.list('namespace')
    return change(call, (repository, folders) => {
      const keys = files.length > 0 ? files.map(file => must(openPublicKey(existingFile(file)))) : folders.make(publisher, needed)
      return delegate(repository, publisher, { keys, threshold: needed }, names.length > 0 ? names : [`${publisher}/*`])
    })
  },
}

export const mediaShow: Command = {
  name: 'media show', about: 'Show the fingerprint, keys, packs and age of media', positionals: 'DIR', fewest: 1, most: 1, options: {},
  run: async call => shown(must(await openRepository(mediaFolder(call))), {}, []),
}

async function init(call: Call): Promise<Outcome> {
  const folder = mediaFolder(call)
  if (existsSync(join(folder, 'metadata/timestamp.json'))) throw new RefusalError(mediaRefusal('KS-MEDIA-EXISTS', { folder }))
  const needed = call.arguments.integer('threshold', 1, 9) ?? 1
  const days = daysOf(call)
  const { demo } = KeyFolders.prepare(call, folder)
  const folders = await KeyFolders.open(call, folder)
  const role = (name: OwnerRole, threshold: number): RoleKeys => {
    const known = folders.of(name)
    // One key more than must sign: losing one then loses nothing.
    return { threshold, keys: known.length >= threshold ? known : [...known, ...folders.make(name, (threshold === 1 ? 1 : threshold + 1) - known.length)] }
  }
  const roles = { root: role('root', needed), targets: role('targets', needed), snapshot: role('snapshot', 1), timestamp: role('timestamp', 1) }
  const plan = must(planFirst(firstRoot(randomBytes(16).toString('hex'), roles), { keys: folders.keys, now: Date.now(), days }))
  await folders.save()
  const repository = await commitPlan(folder, plan)
  return shown(repository, { keys: folders.first, demoKeys: demo }, [
    `Keys: ${folders.first}${demo ? ', for trying out: their passphrase lies beside them' : ''}. Keep them off the stick.`,
  ])
}

/** Opens media and keys, makes the change, signs and writes it. */
async function change(call: Call, edit: (repository: Repository, folders: KeyFolders) => Edited): Promise<Outcome> {
  const folder = mediaFolder(call)
  const days = daysOf(call)
  // Before anybody is asked for a passphrase.
  must(await openRepository(folder))
  const folders = await KeyFolders.open(call, folder)
  return await withMediaLock(folder, async () => {
    const repository = must(await openRepository(folder))
    const edited = edit(repository, folders)
    const plan = must(planChanges(repository, 'ok' in edited ? must(edited) : edited, { keys: folders.keys, now: Date.now(), days }))
    await folders.save()
    const written = await commitPlan(folder, plan)
    return shown(written, { waiting: plan.waiting }, plan.waiting.map(name => `What ${name} signed counts from the next "keelson media sign" of the media's owner on.`))
  })
}

type Edited = Changes | ReturnType<typeof addPacks>

function revokeKey(repository: Repository, folders: KeyFolders, beginning: string): Changes {
  const { keyId, ownerRoles: roles, publishers } = must(findKey(repository, beginning))
  const publishing = publishers.length === 0 ? {} : withdrawPublisherKey(repository, keyId)
  return roles.length === 0 ? publishing : { ...replaceKeys(repository, replacements(repository, folders, roles, keyId)), ...publishing }
}

/** New keys for roles: in place of all that they have, or of one. */
function replacements(repository: Repository, folders: KeyFolders, roles: readonly OwnerRole[], instead: string | null): Partial<Record<OwnerRole, RoleKeys>> {
  const root = repository.walked.root.signed
  return Object.fromEntries(roles.map(role => {
    const present = keysOf(root, role)
    const kept = instead === null ? [] : present.filter(key => key.keyId !== instead)
    return [role, { keys: [...kept, ...folders.make(role, present.length - kept.length)], threshold: root.roles[role]?.threshold ?? 1 }]
  }))
}

function shown(repository: Repository, more: Readonly<Record<string, unknown>>, notes: readonly string[]): Outcome {
  const value = showMedia(repository, Date.now())
  const { age, fingerprint, packs, revoked, roles } = value
  return {
    value: { folder: repository.folder, ...value, ...more },
    text: [
      facts([['Media', repository.folder], ['Fingerprint', fingerprint], ['Signed', `${age.signedAt} (${count(age.ageDays, 'day', 'days')} ago)`], ['Good until', `${age.expiresAt}${age.expired ? ' (expired)' : ''}`]]),
      table(roles, [
        { title: 'Role', of: row => row.role }, { title: 'Version', right: true, of: row => row.version ?? '' }, { title: 'Expires', of: row => row.expiresAt ?? '' },
        { title: 'Signatures', of: row => `${row.threshold} of ${row.keys.length}` }, { title: 'Keys', of: row => row.keys.map(key => key.slice(0, 12)).join(' ') },
        { title: 'Speaks for', of: row => row.nameSpace?.join(', ') ?? '' }, { title: 'Waiting', of: row => row.waiting === null ? '' : `version ${row.waiting}` },
      ], ''),
      table(packs, [
        { title: 'Pack', of: row => row.id }, { title: 'Version', of: row => row.version }, { title: 'Publisher', of: row => row.publisher },
        { title: 'Bytes', right: true, of: row => row.bytes }, { title: 'Signed by', of: row => row.signedBy === 'targets' ? 'owner' : row.signedBy }, { title: 'Digest', of: row => row.digest.slice(0, 16) },
      ], 'There are no packs on it.'),
      ...revoked.map(({ publisher, id, version, why }) => `Withdrawn: ${publisher}/${id} ${version}: ${why}`), ...notes,
    ].join('\n\n'),
  }
}

function ownerRoles(call: Call): OwnerRole[] {
  const named = call.arguments.list('role')
  const roles = OWNER_ROLES.filter(role => named.length === 0 ? role === 'root' : named.includes(role))
  if (named.some(name => !(OWNER_ROLES as readonly string[]).includes(name))) throw new UsageError(`--role must be ${OWNER_ROLES.join(', ')}.`)
  return roles
}

function mediaFolder(call: Call): string {
  return resolve(call.arguments.positional(0))
}

function daysOf(call: Call): Days {
  const days = call.arguments.integer('days', 1, 3650)
  return days === undefined ? DAYS : { ...DAYS, targets: Math.max(days, DAYS.targets), snapshot: days, timestamp: days }
}
