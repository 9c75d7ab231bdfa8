import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { READABLE_EVENTS } from '#engine/packs/readable-events.ts'

const text = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')

it('the guide lists every event of accounts, orders, decisions and imports that the core writes, and no other', () => {
  const written = [...text('engine/log/event-types.ts').matchAll(/^ {2}'(keelson\.(?:account|order|decision|import)\.[a-z-]+\.v\d+)':/gm)].map(([, type]) => type)
  const listed = [...text('resources/guide/events.md').matchAll(/^\| `(keelson\.[a-z.-]+\.v\d+)` \|/gm)].map(([, type]) => type)
  expect(written.length).toBeGreaterThan(15)
  expect(new Set(listed)).toEqual(new Set(written))
  // What a build warns about by; it knows versions of former times beside these.
  expect(listed.filter(type => !READABLE_EVENTS.has(String(type)))).toEqual([])
})
