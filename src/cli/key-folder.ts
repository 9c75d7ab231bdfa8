import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { mediaRefusal } from '#engine/packs/media/index.ts'
import { newKey, openKeys, saveKey, type NewKey, type SigningKey } from '#engine/packs/media/publish/index.ts'
import { RefusalError, type Result } from '#engine/core/refusal.ts'
import { askSecret } from './ask-secret.ts'
import type { Call } from './command.ts'

/** Where the passphrase of demo keys lies, beside them. */
const DEMO_PASSPHRASE = 'passphrase.txt'

/** The folders of private keys that a call names, opened. New keys go into the first. */
export class KeyFolders {
  readonly first: string
  readonly keys: SigningKey[] = []
  readonly #unsaved: NewKey[] = []
  #passphrase = ''

  private constructor(first: string) {
    this.first = first
  }

  /** Where nobody names a folder it is the one beside the media, which `media init` makes. */
  static async open(call: Call, media: string): Promise<KeyFolders> {
    const [first, ...others] = keyFolders(call, media)
    const folders = new KeyFolders(first)
    for (const folder of [first, ...others]) {
      if (!existsSync(folder)) throw new RefusalError(mediaRefusal('KS-MEDIA-KEY-FOLDER', { folder }))
      const passphrase = await passphraseOf(folder)
      if (folder === first) folders.#passphrase = passphrase
      folders.keys.push(...must(openKeys(folder, passphrase)))
    }
    return folders
  }

  /** Makes the folder for the keys of new media; where nobody names one they are demo keys, with a passphrase beside them. */
  static prepare(call: Call, media: string): { readonly demo: boolean } {
    const demo = call.arguments.list('keys').length === 0
    const [folder] = keyFolders(call, media)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const passphrase = join(folder, DEMO_PASSPHRASE)
    if (demo && !existsSync(passphrase)) writeFileSync(passphrase, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 })
    return { demo }
  }

  /** Makes as many new keys for a role as asked, each under the next free name. They are in no file until `save`. */
  make(role: string, count: number): SigningKey[] {
    const made: NewKey[] = []
    for (let number = 1; made.length < count; number++) {
      const name = `${role}-${number}`
      if (existsSync(join(this.first, `${name}.pem`)) || this.keys.some(key => key.name === name)) continue
      made.push(must(newKey(name, this.#passphrase)))
    }
    this.keys.push(...made)
    this.#unsaved.push(...made)
    return made
  }

  /** Writes new keys; before the media that needs them, and only once that is sure to be signed. */
  async save(): Promise<void> {
    for (const key of this.#unsaved.splice(0)) await saveKey(this.first, key)
  }

  /** Keys that were made for a role, by their names. */
  of(role: string): SigningKey[] {
    return this.keys.filter(key => key.name.replace(/-\d+$/, '') === role)
  }
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new RefusalError(result.refusal)
  return result.value
}

async function passphraseOf(folder: string): Promise<string> {
  const file = join(folder, DEMO_PASSPHRASE)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  const given = process.env['KEELSON_KEY_PASSPHRASE'] ?? await ask(folder)
  if (given === null || given === '') throw new RefusalError(mediaRefusal('KS-MEDIA-PASSPHRASE', { folder }))
  return given
}

/** Asks twice where no key is there yet that a slip of the finger would be noticed by. */
async function ask(folder: string): Promise<string | null> {
  const given = await askSecret(`Passphrase of the keys in ${folder}: `)
  const isNew = !existsSync(folder) || !readdirSync(folder).some(file => file.endsWith('.pem'))
  if (given === null || !isNew || given === await askSecret('Once more: ')) return given
  throw new RefusalError(mediaRefusal('KS-MEDIA-PASSPHRASE-DIFFERS', {}))
}

function keyFolders(call: Call, media: string): readonly [string, ...string[]] {
  const [first = `${media}-keys`, ...others] = call.arguments.list('keys').map(folder => resolve(folder))
  const onMedia = [first, ...others].find(folder => isInside(folder, media))
  if (onMedia !== undefined) throw new RefusalError(mediaRefusal('KS-MEDIA-KEYS-ON-MEDIA', { folder: onMedia }))
  return [first, ...others]
}

function isInside(folder: string, media: string): boolean {
  const path = relative(media, folder)
  return path === '' || (!path.startsWith('..') && resolve(media, path) === folder)
}
