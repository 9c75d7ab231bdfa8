import { RefusalError } from '#engine/core/refusal.ts'
import type { KnownPack } from '#engine/packs/composition.ts'
import { compareProfiles, diffLines, readProfile, type Profile } from '#engine/profiles/index.ts'

/** One of two profile texts that are compared. */
export type Side = { readonly version: number } | { readonly document: string } | { readonly draftId: string } | { readonly proposal: string }

const CONTEXT = 3
const MOST_LINES = 4000

/** Two profile texts, compared in words and line by line. */
export function comparedTexts(before: string, after: string, packs: readonly KnownPack[]) {
  const [from, to] = [profileIn(before), profileIn(after)]
  const changes = compareProfiles(from, to, packs).map(change => ({ ...change, values: { ...change.values }, setting: settingAt(change.kind === 'removed' ? from : to, change.at) }))
  const lines = nearChanges(before, after)
  return { changes, lines: lines.slice(0, MOST_LINES), cut: lines.length > MOST_LINES }
}

function profileIn(text: string): Profile {
  const read = readProfile(text)
  if (!read.ok) throw new RefusalError(read.refusal)
  return read.value
}

/** The pack that a value is a setting of: the nearest section above it that names one, with the value below its `config`. */
function settingAt(profile: Profile, at: readonly (string | number)[]): { readonly pack: string; readonly path: string[] } | null {
  const config = at.indexOf('config')
  if (config < 0) return null
  let section: unknown = profile
  for (const key of at.slice(0, config)) section = (section as Readonly<Record<string | number, unknown>> | undefined)?.[key]
  const pack = (section as { readonly pack?: unknown } | undefined)?.pack
  return typeof pack === 'string' ? { pack, path: at.slice(config + 1).filter(key => typeof key === 'string') } : null
}

interface ShownLine { readonly kind: 'same' | 'removed' | 'added' | 'gap'; readonly text: string; readonly before: number | null; readonly after: number | null }

/** Lines that differ, with some around them. */
function nearChanges(before: string, after: string): ShownLine[] {
  const lines = diffLines(before, after)
  const near = new Uint8Array(lines.length)
  for (const [at, { kind }] of lines.entries()) if (kind !== 'same') near.fill(1, Math.max(0, at - CONTEXT), at + CONTEXT + 1)
  return lines.flatMap((line, at): ShownLine[] => {
    if (near[at] === 1) return [line]
    return at > 0 && near[at - 1] === 1 && near.includes(1, at) ? [{ kind: 'gap', text: '', before: null, after: null }] : []
  })
}
