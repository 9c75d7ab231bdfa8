import { sha256Hex } from '#engine/core/digest.ts'

/** Secrets in a profile's text, by the name under which the site keeps each: what is published goes into the log, and to central. */
export function secretsIn(text: string): Map<string, string> {
  return new Map([...text.matchAll(/whsec_[A-Za-z0-9+/]{32,88}={0,2}/g)].map(([secret]) => [sha256Hex(secret).slice(0, 16), secret]))
}

export function withoutSecrets(text: string): string {
  let source = text
  for (const [name, secret] of secretsIn(text)) source = source.replaceAll(secret, `kept:${name}`)
  return source
}
