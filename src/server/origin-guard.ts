import type { Refusal } from '#engine/core/refusal.ts'

/** Names under which the server may be reached; what else asks is a page that was tricked into asking. */
export interface OriginRules {
  /** Host names without port, lower case. */
  readonly hostNames: ReadonlySet<string>
}

export const LOOPBACK_NAMES: readonly string[] = ['127.0.0.1', 'localhost', '[::1]']

export interface AskedFrom {
  readonly host: string | null
  readonly origin: string | null
  /** `Sec-Fetch-Site`, which pages cannot set. */
  readonly fetchSite: string | null
  readonly method: string
}

/**
 * Refuses a name that leads here by DNS rebinding, and pages of other sites. API clients send no Origin and pass; a link
 * from elsewhere may open the console (GET), nothing more.
 */
export function originFault(asked: AskedFrom, rules: OriginRules): Refusal | null {
  const name = hostName(`http://${asked.host ?? ''}`)
  if (name === null || !rules.hostNames.has(name)) {
    return { code: 'KS-HTTP-HOST', message: 'This server does not answer to that name.', remedy: 'Use the address that the server printed, or start it with --public-url.' }
  }
  if (asked.method === 'GET' || asked.method === 'HEAD') return null
  const sameOrigin = asked.origin === null || hostOf(asked.origin) === asked.host?.toLowerCase()
  if (sameOrigin && (asked.fetchSite === null || asked.fetchSite === 'same-origin' || asked.fetchSite === 'none')) return null
  return { code: 'KS-HTTP-ORIGIN', message: 'Pages of other sites may not use this server.', remedy: 'Open the console at the address that the server printed.' }
}

function hostName(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : null
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host.toLowerCase() : null
}
