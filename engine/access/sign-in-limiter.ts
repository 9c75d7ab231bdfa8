import { fullBucket, refilled, takeToken, type TokenBucket, type TokenBucketLimits } from './token-bucket.ts'

/** Wrong passwords for one name: five at once, then one a minute. */
const PER_NAME: TokenBucketLimits = { capacity: 5, refillMs: 60_000 }
/** All sign-ins of the site: each costs 50 ms and 19 MiB, so a flood of them must not starve the engine. */
const PER_SITE: TokenBucketLimits = { capacity: 40, refillMs: 250 }
const MOST_NAMES = 10_000

/** Slows down guessing of passwords. Lives in memory: a restart costs an attacker more than it gives. */
export class SignInLimiter {
  readonly #names = new Map<string, TokenBucket>()
  #site: TokenBucket | null = null

  /** Milliseconds to wait before the next attempt may be made; 0 lets this one through and counts it. */
  attempt(nameKey: string, now: number): number {
    const site = takeToken(this.#site ?? fullBucket(PER_SITE, now), PER_SITE, now)
    if (!site.taken) return site.waitMs
    const name = takeToken(this.#names.get(nameKey) ?? fullBucket(PER_NAME, now), PER_NAME, now)
    this.#site = name.taken ? site.bucket : this.#site
    this.#remember(nameKey, name.bucket, now)
    return name.waitMs
  }

  /** A right password clears the name. */
  succeeded(nameKey: string): void {
    this.#names.delete(nameKey)
  }

  #remember(nameKey: string, bucket: TokenBucket, now: number): void {
    this.#names.set(nameKey, bucket)
    if (this.#names.size <= MOST_NAMES) return
    for (const [key, old] of this.#names) {
      if (refilled(old, PER_NAME, now).tokens >= PER_NAME.capacity) this.#names.delete(key)
    }
    // Still too many: the oldest goes, so that invented names cannot fill the memory.
    const oldest = this.#names.keys().next()
    if (this.#names.size > MOST_NAMES && !oldest.done) this.#names.delete(oldest.value)
  }
}
