import { ok, refuse, type Result } from '#engine/core/refusal.ts'

/** True for a name or address that cannot leave this machine, as in a URL or of a socket. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').replace(/^::ffff:/, '').toLowerCase()
  return bare === 'localhost' || bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare)
}

/**
 * The address of a central as a person entered it. Signatures keep anybody from changing events on their way, only TLS keeps
 * others from reading them: plain http leaves this machine only where a person said so.
 */
export function checkCentralAddress(central: string, allowPlainHttp: boolean): Result<string> {
  if (!/^https?:\/\/[^\s]+$/.test(central) || !URL.canParse(central)) {
    return refuse('KS-SYNC-ADDRESS', 'The address of central must begin with http:// or https://.', 'Enter it as central prints it, e.g. https://central.example:7119')
  }
  const { protocol, hostname } = new URL(central)
  return protocol === 'https:' || isLoopback(hostname) || allowPlainHttp ? ok(central) : plainHttp(hostname)
}

function plainHttp(host: string): Result<never> {
  return refuse(
    'KS-SYNC-PLAIN-HTTP', `With http:// everybody between this site and ${host} could read the orders that it sends.`,
    'Enter the https:// address of central. Where the network itself is protected (a VPN, a cable), say so: keelson enrol URL --code CODE --allow-plain-http', { host },
  )
}
