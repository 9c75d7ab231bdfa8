import { strToU8, unzipSync, zipSync } from 'fflate'
import { z } from 'zod'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { sha256Hex } from '#engine/core/digest.ts'
import { ok, refuse, RefusalError, type Result } from '#engine/core/refusal.ts'
import type { OpenPack, PackShows } from './composition.ts'
import { SQL_NAME } from './declaration-schemas.ts'
import { manifestSchema, packFileName } from './manifest-schema.ts'
import { packCatalogSchema } from './pack-catalog.ts'
import { uiModuleProblems, uiModuleSchema } from './ui-module-schema.ts'

/** What a pack may weigh: far above any real one, far below what hurts. */
export const KPACK_LIMITS = { packedBytes: 8 * 1024 * 1024, unpackedBytes: 32 * 1024 * 1024, manifestBytes: 1024 * 1024, files: 1000 } as const

/** Languages whose texts every pack brings. */
export const PACK_LOCALES = ['en', 'de', 'ar'] as const

const CATALOG = 'catalog.json'

/** Faults of a screen that one refusal names. */
const MOST_PROBLEMS = 30

const hashList = z.strictObject({
  algorithm: z.literal('sha256'),
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
})

const localeTexts = z.record(z.string(), z.string().min(1))

/**
 * Makes a `.kpack` of the pack's files: a zip with sorted names, one fixed time and a hash list, so that the same files
 * give the same bytes on every machine. Throws RefusalError where the result could not be opened again.
 */
export function buildKpack(files: ReadonlyMap<string, Uint8Array>): { bytes: Uint8Array; digest: string } {
  const names = [...files.keys()].filter(name => name !== 'hashes.json').toSorted()
  const hashes = Object.fromEntries(names.map(name => [name, sha256Hex(files.get(name) ?? new Uint8Array())]))
  const list = strToU8(`${JSON.stringify({ algorithm: 'sha256', files: hashes }, null, 2)}\n`)
  const entries = Object.fromEntries([...names.map(name => [name, files.get(name)] as const), ['hashes.json', list] as const])
  // The zip format keeps local time: local midnight is the same bytes in every time zone.
  const bytes = zipSync(entries as Record<string, Uint8Array>, { mtime: new Date(1980, 0, 1), level: 9 })
  const opened = openKpack(bytes)
  if (!opened.ok) throw new RefusalError(opened.refusal)
  return { bytes, digest: opened.value.digest }
}

/**
 * Opens and verifies the bytes of a `.kpack`; `expectedDigest` is the digest that they are known by. Nothing of the pack
 * is executed. Refuses with KS-PACK-TOO-LARGE, -BOMB, -MANIFEST-SIZE, -NOT-A-PACK, -FILE-NAME, -FILE-TWICE, -LINK, -MODIFIED, -MANIFEST,
 * -SQL-NAME, -INCOMPLETE and -UI.
 */
export function openKpack(bytes: Uint8Array, expectedDigest?: string): Result<OpenPack> {
  if (bytes.byteLength > KPACK_LIMITS.packedBytes) return tooLarge(`the file has ${bytes.byteLength} bytes`)
  const digest = sha256Hex(bytes)
  if (expectedDigest !== undefined && digest !== expectedDigest) {
    return modified('The pack is not the one that was installed.', { expected: expectedDigest, found: digest })
  }
  const unzipped = unzip(bytes)
  if (!unzipped.ok) return unzipped
  const files = unzipped.value
  const hashesOk = checkHashes(files)
  if (!hashesOk.ok) return hashesOk
  const manifest = readManifest(files)
  if (!manifest.ok) return manifest
  const complete = checkComplete(manifest.value, files)
  if (!complete.ok) return complete
  const known = { digest, manifest: manifest.value, shows: showsOf(manifest.value, files), files }
  if (!files.has(CATALOG)) return ok(known)
  const catalog = readJson(files, CATALOG, packCatalogSchema)
  return catalog.ok ? ok({ ...known, catalog: catalog.value }) : catalog
}

/** Its files were checked to be complete. */
function showsOf(manifest: PackManifest, files: ReadonlyMap<string, Uint8Array>): PackShows {
  const screens = manifest.implements.find(({ contract }) => contract === 'ui-module')
  const entry = screens === undefined ? undefined : files.get(screens.entry)
  const ui = entry === undefined ? null : uiModuleSchema.safeParse(JSON.parse(textOf(entry)))
  const texts = files.get('locales/en.json')
  return { menu: ui?.data?.menu?.map(({ id }) => id) ?? [], texts: texts === undefined ? {} : localeTexts.parse(JSON.parse(textOf(texts))) }
}

/** The texts that a pack brings for its codes; English where it has none in that language. */
export function packTexts(pack: OpenPack, locale: string): Readonly<Record<string, string>> {
  const file = pack.files.get(`locales/${locale}.json`) ?? pack.files.get('locales/en.json')
  return file === undefined ? {} : localeTexts.parse(JSON.parse(textOf(file)))
}

function unzip(bytes: Uint8Array): Result<Map<string, Uint8Array>> {
  const names = new Set<string>()
  let unpackedBytes = 0
  let bad: Result<never> | null = null
  // fflate inflates into a buffer of the stated size and never beyond it, so the stated sizes bound what is unpacked;
  // a wrong one fails the hash list.
  const admit = ({ name, originalSize }: { name: string; originalSize: number }): boolean => {
    if (bad !== null) return false
    unpackedBytes += originalSize
    if (names.size >= KPACK_LIMITS.files) bad = tooLarge(`it holds more than ${KPACK_LIMITS.files} files`)
    else if (name === 'manifest.json' && originalSize > KPACK_LIMITS.manifestBytes) {
      bad = refuse('KS-PACK-MANIFEST-SIZE', 'The manifest of the pack is larger than the 1 MB that it may have.', 'Install nothing of it. Ask the publisher where it came from.')
    } else if (unpackedBytes > KPACK_LIMITS.unpackedBytes) {
      bad = refuse('KS-PACK-BOMB', 'Unpacked, the pack is larger than the 32 MB that packs may have.', 'Install nothing of it. Ask the publisher where it came from.')
    }
    else if (names.has(name.toLowerCase())) {
      bad = refuse('KS-PACK-FILE-TWICE', `The pack holds two files under one name: ${JSON.stringify(name.slice(0, 100))}.`,
        'Ask the publisher for a pack that was built with the pack tools.', { file: name.slice(0, 100) })
    } else if (!packFileName.safeParse(name).success) {
      bad = refuse('KS-PACK-FILE-NAME', `The pack holds a file under a name that is not allowed: ${JSON.stringify(name.slice(0, 100))}.`,
        'Ask the publisher for a pack that was built with the pack tools.', { file: name.slice(0, 100) })
    }
    names.add(name.toLowerCase())
    return bad === null
  }
  const link = linkIn(bytes)
  if (link !== null) {
    return refuse('KS-PACK-LINK', `The pack holds a link to a file, not a file: ${JSON.stringify(link.slice(0, 100))}.`,
      'Ask the publisher for a pack that was built with the pack tools.', { file: link.slice(0, 100) })
  }
  try {
    const files = new Map(Object.entries(unzipSync(bytes, { filter: admit })))
    return bad ?? ok(files)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return refuse('KS-PACK-NOT-A-PACK', `The file is no pack: ${why}.`, 'Copy the .kpack file again from its source; it may have been cut off.', { why })
  }
}

const DIRECTORY_END = 0x06054b50
const DIRECTORY_ENTRY = 0x02014b50
const MADE_ON_UNIX = 3
const FILE_KIND = 0o170000
const SYMBOLIC_LINK = 0o120000

/** The first entry of a zip's directory that is a symbolic link. It would be read as a file; no pack has a use for one. */
function linkIn(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let end = bytes.byteLength - 22
  while (end >= 0 && view.getUint32(end, true) !== DIRECTORY_END) end--
  if (end < 0) return null
  for (let at = view.getUint32(end + 16, true); at + 46 <= end && view.getUint32(at, true) === DIRECTORY_ENTRY;) {
    const nameLength = view.getUint16(at + 28, true)
    const isLink = view.getUint8(at + 5) === MADE_ON_UNIX && ((view.getUint32(at + 38, true) >>> 16) & FILE_KIND) === SYMBOLIC_LINK
    if (isLink) return new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength))
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return null
}

function checkHashes(files: ReadonlyMap<string, Uint8Array>): Result<void> {
  const list = readJson(files, 'hashes.json', hashList)
  if (!list.ok) return list
  const listed = list.value.files
  for (const [name, content] of files) {
    if (name === 'hashes.json') continue
    if (!Object.hasOwn(listed, name)) return modified(`The pack holds a file that its hash list does not name: ${name}.`, { file: name })
    if (listed[name] !== sha256Hex(content)) return modified(`A file of the pack is not the one that was published: ${name}.`, { file: name })
  }
  const missing = Object.keys(listed).find(name => !files.has(name))
  return missing === undefined ? ok(undefined) : modified(`A file is missing from the pack: ${missing}.`, { file: missing })
}

function readManifest(files: ReadonlyMap<string, Uint8Array>): Result<PackManifest> {
  return readJson(files, 'manifest.json', manifestSchema)
}

function checkComplete(manifest: PackManifest, files: ReadonlyMap<string, Uint8Array>): Result<void> {
  const code = [...manifest.implements.map(part => part.entry), manifest.lifeCycle].filter((name): name is string => name !== undefined && name !== '')
  const needed = [...code, ...PACK_LOCALES.map(locale => `locales/${locale}.json`)]
  const missing = needed.find(name => !files.has(name))
  if (missing !== undefined) {
    return refuse('KS-PACK-INCOMPLETE', `The pack ${manifest.id} ${manifest.version} lacks ${missing}.`,
      'Ask the publisher for a complete pack.', { pack: manifest.id, file: missing })
  }
  const texts: Record<string, Readonly<Record<string, string>>> = {}
  for (const locale of PACK_LOCALES) {
    const read = readJson(files, `locales/${locale}.json`, localeTexts)
    if (!read.ok) return read
    texts[locale] = read.value
  }
  return checkScreens(manifest, files, texts)
}

/** A screen that names what is not there would break in front of a person, long after the install. */
function checkScreens(manifest: PackManifest, files: ReadonlyMap<string, Uint8Array>, texts: Parameters<typeof uiModuleProblems>[2]): Result<void> {
  for (const { contract, entry } of manifest.implements) {
    if (contract !== 'ui-module') continue
    const ui = readJson(files, entry, uiModuleSchema)
    if (!ui.ok) return ui.refusal.code === 'KS-PACK-MANIFEST' ? badScreens(entry, String(ui.refusal.values?.['why'])) : ui
    const problems = uiModuleProblems(ui.value, manifest, texts)
    if (problems.length > 0) return badScreens(entry, [...new Set(problems)].slice(0, MOST_PROBLEMS).join('; '))
  }
  return ok(undefined)
}

function badScreens(entry: string, why: string): Result<never> {
  return refuse('KS-PACK-UI', `${entry} does not fit the pack: ${why}.`, 'Ask the publisher for a pack whose screens fit; its author sees every fault with keelson pack build.', { file: entry, why })
}

function readJson<T>(files: ReadonlyMap<string, Uint8Array>, name: string, schema: z.ZodType<T>): Result<T> {
  const file = files.get(name)
  const remedy = 'Ask the publisher for a pack that was built with the pack tools.'
  if (file === undefined) return refuse('KS-PACK-NOT-A-PACK', `The file is no pack: it has no ${name}.`, remedy, { file: name, why: `it has no ${name}` })
  let value: unknown
  try {
    value = JSON.parse(textOf(file))
  } catch (error) {
    const why = `it is no JSON: ${error instanceof Error ? error.message : String(error)}`
    return refuse('KS-PACK-MANIFEST', `${name} of the pack is not valid: ${why}.`, remedy, { file: name, why })
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return ok(parsed.data)
  const [issue] = parsed.error.issues
  const code = issue?.code === 'custom' && issue.params?.['refusal'] === SQL_NAME ? SQL_NAME : 'KS-PACK-MANIFEST'
  const why = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim()
  return refuse(code, `${name} of the pack is not valid: ${why}.`, remedy, { file: name, why })
}

function textOf(file: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(file)
}

function modified(message: string, values: Readonly<Record<string, string>>): Result<never> {
  return refuse('KS-PACK-MODIFIED', message, 'Install the pack again from its original media.', values)
}

function tooLarge(what: string): Result<never> {
  return refuse('KS-PACK-TOO-LARGE', `The pack is larger than packs may be: ${what}.`, 'Check that the file is a pack; ask its publisher for a smaller one.', { why: what })
}
