import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { schemaErrors } from './json-schema.ts'
import { profileJsonSchema } from './profile-json-schema.ts'

const text = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

it('is published beside the guide; keelson profile schema prints it', () => {
  expect(JSON.parse(text('resources/guide/profile.schema.json'))).toEqual(profileJsonSchema())
})

it.each(['acme', 'beta', 'delta', 'gamma', 'purchasing'])('takes the sample profile %s, and not with a key that it does not know', name => {
  const profile = parse(text(`profiles/${name}/profile.yaml`)) as object
  expect(schemaErrors(profile, profileJsonSchema())).toEqual([])
  expect(schemaErrors({ ...profile, colour: 'blue' }, profileJsonSchema())).toMatchObject([{ keyword: 'additionalProperties' }])
})
