import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import type { KeelsonClient } from '#engine/api/contract/index.ts'
import type { ContractName } from '#engine/contracts/v1/index.ts'
import type { EngineLog } from '#engine/engine.ts'
import { buildKpack } from '#engine/packs/kpack.ts'
import type { Engine } from '#engine/start-engine.ts'
import { RESOURCES, sourceEngine } from './source-engine.ts'
import { until } from './until.ts'

const silent: EngineLog = { info: () => undefined, warn: () => undefined, error: () => undefined }

export interface TestEngine {
  readonly folder: string
  readonly client: KeelsonClient
  /** What the product brings: packs, profiles, mappings. */
  readonly resources: string
  /** Adds a pack to what the product brings, so that a profile can name it. */
  addPack(id: string, contract: ContractName, code: string): void
  /** The same API for somebody who signed in. */
  as(token: string): KeelsonClient
  restart(): Promise<void>
  stop(): Promise<void>
  end(): Promise<void>
}

/** A whole engine, with its threads and its pack host as a process, on a temporary folder. */
export async function testEngine(log: EngineLog = silent): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'keelson-engine-'))
  const resources = join(folder, 'resources')
  cpSync(RESOURCES, resources, { recursive: true })
  let engine: Engine | null = null
  let client: KeelsonClient | null = null
  const start = async (): Promise<void> => {
    ({ engine, client } = await sourceEngine(join(folder, 'data'), { log, resourcesFolder: resources }))
  }
  await start()
  const stop = async (): Promise<void> => {
    await engine?.close()
    engine = null
  }
  return {
    folder: join(folder, 'data'),
    resources,
    get client() {
      if (client === null) throw new Error('the engine does not run')
      return client
    },
    as: token => {
      if (engine === null) throw new Error('the engine does not run')
      return createRouterClient(engine.router, { context: { authorization: `Bearer ${token}`, local: null, locale: null } })
    },
    addPack: (id, contract, code) => {
      const entry = `code/${contract}.js`
      const manifest = {
        manifest: 1, id, version: '1.0.0', publisher: 'test', title: id, description: id, engine: '*',
        implements: [{ contract, version: 'v1', entry, config: { type: 'object' }, ...(contract === 'reactor' ? { reads: ['keelson.order.confirmed.v1'] } : {}) }],
      }
      const text = (value: string) => new TextEncoder().encode(value)
      const { bytes } = buildKpack(new Map([['manifest.json', text(JSON.stringify(manifest))], [entry, text(code)], ...['en', 'de', 'ar'].map(l => [`locales/${l}.json`, text('{}')] as const)]))
      writeFileSync(join(resources, 'packs', `${id}-1.0.0.kpack`), bytes)
    },
    restart: async () => {
      await stop()
      await start()
    },
    stop,
    end: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Waits until nothing of a tenant moves by itself any more: a replay of nothing does just that. */
export async function settled(client: KeelsonClient, tenant: string): Promise<void> {
  await until(async () => (await client.queries['site-status']({})).tenants.find(each => each.tenant === tenant)?.pending === 0)
}
