import type { HostUse, UseFigures } from '#engine/sandbox/protocol.ts'

/** How a part of a pack did over the last hour. */
export interface PackFigure {
  readonly pack: string
  readonly version: string
  readonly digest: string
  readonly contract: HostUse['contract']
  readonly asked: number
  /** Answers that broke the contract, errors, and what ended its worker. */
  readonly failed: number
  /** Of those, what ended its worker or the process. */
  readonly incidents: number
  readonly meanMs: number
  /** Of the calls that were measured, one in a few. */
  readonly longestMs: number
  /** Time that one subject may take through everyone who is asked about it. */
  readonly budgetMs: number
  /** The longest call as a share of that; from `WARN_SHARE` on somebody should look, well before it is stopped. */
  readonly share: number
}

export const WARN_SHARE = 0.5

const BUCKET_MS = 60_000
const BUCKETS = 60

interface Bucket { readonly minute: number; asked: number; failed: number; incidents: number; measured: number; ms: number; longestMs: number }
interface Kept { readonly use: HostUse; buckets: Bucket[] }

/** Figures of each (pack version, contract) by the minute, for an hour. They are of this run of the engine: what must last is in the log. */
export class PackFigures {
  readonly #budgetMs: number
  readonly #now: () => number
  readonly #kept = new Map<string, Kept>()

  constructor(budgetMs: number, now: () => number) {
    this.#budgetMs = budgetMs
    this.#now = now
  }

  asked(use: HostUse, { asked, failed, measured, ms, longestMs }: UseFigures): void {
    if (asked === 0) return
    const bucket = this.#bucket(use)
    bucket.asked += asked
    bucket.failed += failed
    bucket.measured += measured
    bucket.ms += ms
    bucket.longestMs = Math.max(bucket.longestMs, longestMs)
  }

  incident(use: HostUse): void {
    const bucket = this.#bucket(use)
    bucket.asked++
    bucket.failed++
    bucket.incidents++
  }

  list(): PackFigure[] {
    const oldest = this.#minute() - BUCKETS
    return [...this.#kept.values()].map(({ use: { pack, version, digest, contract }, buckets }) => {
      const sum = { asked: 0, failed: 0, incidents: 0, measured: 0, ms: 0, longestMs: 0 }
      for (const bucket of buckets) {
        if (bucket.minute <= oldest) continue
        for (const key of ['asked', 'failed', 'incidents', 'measured', 'ms'] as const) sum[key] += bucket[key]
        sum.longestMs = Math.max(sum.longestMs, bucket.longestMs)
      }
      const { asked, failed, incidents, longestMs } = sum
      return {
        pack, version, digest, contract, asked, failed, incidents, longestMs, budgetMs: this.#budgetMs,
        meanMs: sum.measured === 0 ? 0 : sum.ms / sum.measured, share: longestMs / this.#budgetMs,
      }
    })
  }

  #bucket(use: HostUse): Bucket {
    const key = `${use.digest} ${use.contract}`
    const minute = this.#minute()
    let kept = this.#kept.get(key)
    if (kept === undefined) this.#kept.set(key, (kept = { use, buckets: [] }))
    const last = kept.buckets.at(-1)
    if (last?.minute === minute) return last
    const bucket: Bucket = { minute, asked: 0, failed: 0, incidents: 0, measured: 0, ms: 0, longestMs: 0 }
    kept.buckets = [...kept.buckets.filter(each => each.minute > minute - BUCKETS), bucket]
    return bucket
  }

  #minute(): number {
    return Math.floor(this.#now() / BUCKET_MS)
  }
}
