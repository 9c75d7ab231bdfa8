import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { applyEdits } from '#engine/profiles/edits.ts'
import { inspectProfile, migrateProfile } from '#engine/profiles/index.ts'
import { bundledPacks } from '#src/cli/bundled-packs.ts'

const available = { packs: bundledPacks(), engineVersion: '0.1.0' }

describe.each([
  ['acme.yaml', '1:1 short-form, 4:18 pack-missing-others, 5:14 pack-missing-others, 7:7 integration-unused, 8:7 integration-unused, 10:10 pack-missing-others, 11:13 pack-missing, 12:7 pack-missing'],
  ['beta.yaml', '1:1 short-form, 3:18 config-missing-key, 4:14 pack-missing-others, 5:18 integration-unused, 6:27 pack-missing'],
  ['gamma.json', '1:1 short-form, 1:73 pack-missing-others, 1:111 pack-missing-others, 1:150 integration-unused, 1:190 pack-missing-others, 1:225 pack-missing'],
])('the customer of %s, as described at first', (name, found) => {
  const text = readFileSync(new URL(`../data/short-form/${name}`, import.meta.url), 'utf8')

  it('is found wanting in the lines of the description, with what could stand there instead', () => {
    const { profile, findings } = inspectProfile(text, available)
    expect(profile).not.toBeNull()
    const names = findings.filter(({ code }) => code.startsWith('pack-missing'))
    expect(names.length).toBeGreaterThan(1)
    for (const { fixes } of names) expect(fixes.length).toBeGreaterThan(0)
    expect(findings.map(({ line, column, code }) => `${line}:${column} ${code}`).join(', ')).toBe(found)
  })

  it('becomes a profile, and one that can be published by clicks alone', () => {
    const migrated = migrateProfile(text)
    if (!migrated.ok) throw new Error(migrated.refusal.message)
    let document = migrated.value.text
    for (let click = 0; click < 10; click++) {
      const error = inspectProfile(document, available).findings.find(({ severity }) => severity === 'error')
      if (error === undefined) break
      const edited = applyEdits(document, error.fixes[0]?.edits ?? [])
      expect(edited).toMatchObject({ ok: true })
      if (edited.ok) document = edited.value
    }
    expect(inspectProfile(document, available).findings.filter(({ severity }) => severity === 'error')).toEqual([])
  })
})
