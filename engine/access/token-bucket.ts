/** A bucket of permits: `capacity` at once, one more every `refillMs`. */
export interface TokenBucketLimits {
  readonly capacity: number
  readonly refillMs: number
}

export interface TokenBucket {
  readonly tokens: number
  /** Milliseconds since the epoch. */
  readonly at: number
}

export function fullBucket(limits: TokenBucketLimits, now: number): TokenBucket {
  return { tokens: limits.capacity, at: now }
}

/** What is in the bucket at `now`. A clock that went backwards refills nothing. */
export function refilled(bucket: TokenBucket, limits: TokenBucketLimits, now: number): TokenBucket {
  const gained = Math.max(0, now - bucket.at) / limits.refillMs
  return { tokens: Math.min(limits.capacity, bucket.tokens + gained), at: now }
}

/** Takes one permit. Where there is none, says how long until there is; nothing is taken then. */
export function takeToken(bucket: TokenBucket, limits: TokenBucketLimits, now: number): { taken: boolean; bucket: TokenBucket; waitMs: number } {
  const current = refilled(bucket, limits, now)
  if (current.tokens >= 1) return { taken: true, bucket: { ...current, tokens: current.tokens - 1 }, waitMs: 0 }
  return { taken: false, bucket: current, waitMs: Math.ceil((1 - current.tokens) * limits.refillMs) }
}
