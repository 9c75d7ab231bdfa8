import { describe, expect, it } from 'vitest'
import { checkLayers, diagram, layerOf } from './check-layers.ts'
import { layers } from './layers.ts'

const faults = (path: string, text: string) => checkLayers([{ path, text }]).map(fault => fault.message)

describe('layers', () => {
  it.each([
    ['engine/core/orders/submit-order.ts', "import { refuse } from '../refusal.ts'"],
    ['engine/core/orders/submit-order.ts', "import type { OrderView } from '#engine/contracts/v1/index.ts'"],
    ['engine/store/sqlite.ts', "import Database from 'better-sqlite3'"],
    ['engine/store/sqlite.ts', "import { readFileSync } from 'node:fs'"],
    ['engine/log/log-writer.ts', "import type { Statement } from '#engine/store/sqlite.ts'"],
    ['engine/log/log-writer.ts', "import { type Statement } from '#engine/store/sqlite.ts'"],
    ['extensions/notify/src/index.ts', "import { mulDiv } from '#engine/contracts/kit/arithmetic.ts'"],
    ['src/main/main.ts', "import { app } from 'electron'"],
  ])('lets %s say %s', (path, text) => {
    expect(faults(path, text)).toEqual([])
  })

  it.each([
    ['a file outside every layer', 'scratch/idea.ts', '', 'no layer'],
    ['a configuration nobody named', 'other.config.ts', '', 'no layer'],
    ['the core on the store', 'engine/core/orders/x.ts', "import { open } from '#engine/store/sqlite.ts'", 'does not name engine/store'],
    ['running code where only types are named', 'engine/log/x.ts', "import { open } from '#engine/store/sqlite.ts'", 'only its types'],
    ['running code beside a type', 'engine/log/x.ts', "import { type Statement, open } from '#engine/store/sqlite.ts'", 'only its types'],
    ['SQLite outside the store', 'engine/commands/x.ts', "import Database from 'better-sqlite3'", 'package better-sqlite3'],
    ['Electron in the engine', 'engine/api/x.ts', "import type { MessagePortMain } from 'electron'", 'package electron'],
    ['Node in a pack', 'extensions/notify/src/x.ts', "import { readFileSync } from 'node:fs'", 'node:fs'],
    ['the engine on a host', 'engine/api/x.ts', "import { serve } from '#src/server/serve.ts'", 'does not name src/server'],
    ['the engine on a pack', 'engine/packs/x.ts', "import { price } from '../../extensions/notify/src/index.ts'", 'does not name extensions'],
    ['a pack on its neighbour', 'extensions/notify/src/x.ts', "import { price } from '../../flat-discount/src/index.ts'", 'neighbour'],
    ['a screen on its neighbour', 'src/renderer/features/orders/x.tsx', "import { Ladder } from '../order/ladder.tsx'", 'neighbour'],
    ['a way around the door', 'engine/store/x.ts', "import { refuse } from '../core/refusal.ts'", 'write #engine/core/refusal.ts'],
    ['a lazy import', 'engine/core/x.ts', "export const open = () => import('#engine/store/sqlite.ts')", 'does not name engine/store'],
    ['an import of a computed name', 'engine/core/x.ts', 'export const open = (name: string) => import(name)', 'made at run time'],
    ['require', 'engine/commands/x.ts', "const Database = require('better-sqlite3')", 'package better-sqlite3'],
    ['a type in place', 'engine/core/x.ts', "export type Store = import('#engine/store/sqlite.ts').Store", 'does not name engine/store'],
    ['a re-export', 'engine/core/x.ts', "export * from '#engine/store/sqlite.ts'", 'does not name engine/store'],
    ['a file that cannot be parsed', 'engine/core/x.ts', 'import {', 'cannot be parsed'],
    ['a path out of the project', 'engine/core/x.ts', "import '../../../other/x.ts'", 'out of the project'],
  ])('refuses %s', (_what, path, text, message) => {
    expect(faults(path, text)).toEqual([expect.stringContaining(message)])
  })

  it('names only layers that exist, each once', () => {
    const names = layers.map(layer => layer.name)
    expect(names).toEqual([...new Set(names)])
    const named = layers.flatMap(layer => [...layer.imports, ...(layer.types ?? [])]).filter(name => !name.endsWith('/*'))
    expect(named.filter(name => !names.includes(name))).toEqual([])
  })

  it('has no circle among what runs', () => {
    const below = (name: string, seen: readonly string[]): void => {
      if (seen.includes(name)) throw new Error([...seen, name].join(' → '))
      for (const next of layers.find(layer => layer.name === name)?.imports ?? []) if (!next.endsWith('/*')) below(next, [...seen, name])
    }
    for (const layer of layers) expect(() => below(layer.name, [])).not.toThrow()
  })

  it('gives a file to the narrowest layer', () => {
    expect(layerOf('engine/api/contract/index.ts')?.name).toBe('engine/api/contract')
    expect(layerOf('engine/api/router.ts')?.name).toBe('engine/api')
    expect(diagram()).toContain('engine/contracts')
  })
})
