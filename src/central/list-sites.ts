import type { Clock } from '#engine/core/ports.ts'
import { fingerprint } from '#engine/sync/keys.ts'
import type { CentralStore, StreamSummary } from './central-store.ts'

/** What headquarters sees of its sites: heads, how far each is behind, and forks. */
export interface SiteOverview {
  readonly site: string
  readonly name: string
  readonly fingerprint: string
  readonly enrolledAt: string
  readonly lastSeenAt: string
  readonly silentForMs: number
  readonly streams: readonly {
    readonly tenant: string
    readonly epoch: number
    readonly sequence: number
    readonly hash: string
    readonly state: 'open' | 'quarantined'
    /** Events that the site had and central had not, when the site last sent; 0 for an epoch that a newer one ended. */
    readonly behind: number
    readonly receivedAt: string
    readonly forks: readonly { readonly sequence: number; readonly knownHash: string; readonly otherHash: string; readonly seenAt: string }[]
  }[]
}

export async function listSites(store: CentralStore, clock: Clock): Promise<{ readonly sites: readonly SiteOverview[] }> {
  const [sites, streams] = [await store.sites(), await store.streams()]
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  return {
    sites: sites.map((site) => ({
      site: site.site, name: site.name, fingerprint: fingerprint(site.publicKey), enrolledAt: site.enrolledAt, lastSeenAt: site.lastSeenAt,
      silentForMs: Math.max(0, clock.now() - Date.parse(site.lastSeenAt)),
      streams: streams.filter((stream) => stream.site === site.site).map((stream) => ({
        tenant: stream.tenant, epoch: stream.head.epoch, sequence: stream.head.sequence, hash: hex(stream.head.hash), state: stream.state,
        behind: isEnded(stream, streams) ? 0 : Math.max(0, stream.siteHead.sequence - stream.head.sequence), receivedAt: stream.receivedAt,
        forks: stream.forks.map((fork) => ({ sequence: fork.sequence, knownHash: hex(fork.knownHash), otherHash: hex(fork.otherHash), seenAt: fork.seenAt })),
      })),
    })),
  }
}

function isEnded(stream: StreamSummary, all: readonly StreamSummary[]): boolean {
  return all.some((other) => other.site === stream.site && other.tenant === stream.tenant && other.head.epoch > stream.head.epoch)
}
