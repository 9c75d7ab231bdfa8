import { statSync } from 'node:fs'
import type { PackManifest } from '#engine/contracts/v1/index.ts'
import { type Refusal, RefusalError } from '#engine/core/refusal.ts'
import { casesOf, runCases } from '#engine/packs/cases/index.ts'
import type { OpenPack } from '#engine/packs/composition.ts'
import { deprecationsOf, deprecationText } from '#engine/packs/contract-versions.ts'
import { openKpack } from '#engine/packs/kpack.ts'
import { createPackHost, type PackHostClient } from '#engine/packs/pack-host-client.ts'
import type { StartPackHost } from '#engine/packs/pack-host.ts'
import { unknownReads, unknownReadText } from '#engine/packs/readable-events.ts'
import { conformanceOf, explainedTexts, type Finding } from '#engine/testing/conformance/index.ts'
import { buildPack } from './build-pack.ts'
import { typeErrors } from './check-types.ts'
import { openPackFile } from './open-pack-file.ts'

/** What became of one thing that was looked at. */
export interface TestedItem {
  readonly part: 'types' | 'conformance' | 'case'
  /** Contract that it belongs to; `pack` where it is about the whole. */
  readonly contract: string
  readonly title: string
  readonly ok: boolean
  /** What is wrong, a line each. */
  readonly problems: readonly string[]
  readonly details?: unknown
  /** For a case: what was expected and what came, and how the pack explains it. */
  readonly expected?: unknown
  readonly actual?: unknown
  readonly explanation?: readonly string[]
}

export interface PackTest {
  readonly id: string
  readonly version: string
  readonly digest: string
  readonly manifest: PackManifest
  readonly items: readonly TestedItem[]
  /** What is no fault, and its author should know. */
  readonly warnings: readonly string[]
}

/**
 * Tests a pack's folder (types, build, conformance, cases) or a `.kpack` (conformance, cases), in a pack host of its own.
 * Throws RefusalError where there is nothing to test: what cannot be built or opened.
 */
export async function testPack(path: string, start: StartPackHost): Promise<PackTest> {
  const isFolder = statSync(path).isDirectory()
  const errors = isFolder ? await typeErrors(path) : []
  const pack = isFolder ? opened((await buildPack(path)).bytes) : openPackFile(path)
  const host = createPackHost({
    tenant: 'test', start, clock: { now: () => 0 }, loadPack: digest => Promise.resolve(digest === pack.digest ? pack : null),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  })
  try {
    const types: TestedItem[] = isFolder ? [{ part: 'types', contract: 'pack', title: 'is typed as the contracts say', ok: errors.length === 0, problems: errors }] : []
    const unknown = unknownReads(pack.manifest)
    const reads: TestedItem = { part: 'conformance', contract: 'pack', title: 'reads events that there are', ok: unknown.length === 0, problems: unknown.map(unknownReadText) }
    const items = [...types, reads, ...await testConformance(pack, host), ...await testCases(pack, host)]
    return { id: pack.manifest.id, version: pack.manifest.version, digest: pack.digest, manifest: pack.manifest, items, warnings: deprecationsOf(pack.manifest.implements).map(deprecationText) }
  } finally {
    await host.close()
  }
}

async function testConformance(pack: OpenPack, host: PackHostClient): Promise<TestedItem[]> {
  const items: TestedItem[] = []
  for (const { contract, name, run } of conformanceOf(pack, host)) {
    const findings = await run()
    items.push({ part: 'conformance', contract, title: name, ok: findings.length === 0, problems: findings.map(({ message }) => message), ...detailsOf(findings) })
  }
  return items
}

function detailsOf(findings: readonly Finding[]): { details?: unknown } {
  const details = findings.find(each => each.details !== undefined)?.details
  return details === undefined ? {} : { details }
}

async function testCases(pack: OpenPack, host: PackHostClient): Promise<TestedItem[]> {
  const cases = casesOf(pack)
  if (!cases.ok) throw new RefusalError(cases.refusal)
  // A pack that misbehaves in one case is asked about the next all the same.
  host.readmit(pack.digest)
  const results = await runCases(pack, cases.value, host)
  return results.map(({ case: { contract, title, expect }, ok, differences, actual }) => ({
    part: 'case', contract, title, ok, problems: differences, expected: expect, actual, explanation: ok ? [] : explainedTexts(pack, actual),
  }))
}

function opened(bytes: Uint8Array): OpenPack {
  const pack = openKpack(bytes)
  if (!pack.ok) throw new RefusalError(pack.refusal)
  return pack.value
}

/** KS-PACK-TEST with the counts, where anything failed. */
export function failureOf({ id, version, items }: PackTest): Refusal | null {
  const failed = items.filter(({ ok }) => !ok).length
  if (failed === 0) return null
  return {
    code: 'KS-PACK-TEST', message: `${id} ${version} failed ${failed} of ${items.length} tests.`,
    remedy: 'Correct the pack or the cases; the report says where they differ.', values: { failed, tests: items.length },
  }
}
