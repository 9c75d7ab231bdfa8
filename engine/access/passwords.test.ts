import { expect, test } from 'vitest'
import { hashPassword, passwordMatches } from './passwords.ts'

test('passwords are kept as argon2id with the recommended cost, salted', async () => {
  const [first, second] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')])
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(first).not.toBe(second)
})

test('a password typed as composed or decomposed characters is the same', async () => {
  expect(await passwordMatches(await hashPassword('Größe 12 Zoll'), 'Gro\u0308ße 12 Zoll')).toBe(true)
})

test('no password matches a user that does not exist', async () => {
  expect(await passwordMatches(null, 'a password that nobody has')).toBe(false)
})
