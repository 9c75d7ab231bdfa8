import { describe, expect, test } from 'vitest'
import type { OpenPack } from '#engine/packs/composition.ts'
import type { PackHost } from '#engine/packs/pack-host.ts'
import { conformanceOf } from './conformance/index.ts'

/** The conformance suite of a pack as tests. */
export function describeConformance(pack: OpenPack, host: PackHost): void {
  describe(`${pack.manifest.id} keeps to its contracts`, () => {
    test.each(conformanceOf(pack, host))('$contract: $name', async ({ run }) => {
      expect(await run()).toEqual([])
    })
  })
}
