import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mediaWith, pricePack, profileWith } from '#test/support/install-media.ts'
import { sourceEngine } from '#test/support/source-engine.ts'
import type { BenchResult } from './bench-result.ts'

const MOST_MS = 10_000
const PACK_BYTES = 5 * 1024 * 1024
const CASES = 200

/** A pack of 5 MB with 200 cases, on a site with three tenants that take it up, beside the profiles of the product. */
export async function run(): Promise<BenchResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-install-bench-'))
  const { engine, client } = await sourceEngine(join(folder, 'data'))
  try {
    const media = await mediaWith(pricePack())
    const { fingerprint } = await client.commands['open-media']({ folder: media.folder })
    await client.commands['trust-root']({ folder: media.folder, fingerprint })
    const install = async (tenants: string[]): Promise<number> => {
      const begun = performance.now()
      const started = await client.commands['start-install']({ folder: media.folder, tenants })
      for await (const view of await client.streams.install({ install: started.install })) if (view.state === 'failed') throw new Error(view.error?.message)
      return performance.now() - begun
    }
    await install([])
    const tenants = ['north', 'south', 'west']
    for (const tenant of tenants) await client.commands['create-tenant']({ tenant, profile: profileWith(tenant) })
    // What does not compress, so that the file is as large as its content.
    const ballast = new Map([['ui/ballast.json', new TextEncoder().encode(JSON.stringify(randomBytes(PACK_BYTES * 0.99).toString('base64')))]])
    await media.add([pricePack({ version: '1.1.0', surcharge: 1, cases: CASES, files: ballast })])
    const tookMs = await install(tenants)
    return [{ name: `install: ${CASES} cases, 5 MB, 3 tenants`, value: Math.round(tookMs), unit: 'ms', ratio: null, floor: MOST_MS }]
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
