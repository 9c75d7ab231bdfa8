import { hash, verify } from '@node-rs/argon2'

/** argon2id with 19 MiB, two passes, one lane: the first of OWASP's recommended sets. argon2id is the library's default. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 } as const

/** A hash with the same parameters that no password has: its last part is zeros. */
const DECOY = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** PHC string of a password. The same password typed on another keyboard gives the same code points (NFKC). */
export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), PARAMETERS)
}

/**
 * Compares a password. With no stored hash the same work is done against a decoy, so that the time taken does not tell
 * whether a user exists.
 */
export async function passwordMatches(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? DECOY, password.normalize('NFKC'))
  return passwordHash !== null && matches
}
