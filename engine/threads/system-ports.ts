import { randomFillSync } from 'node:crypto'
import type { Clock, Ids } from '#engine/core/ports.ts'

export const systemClock: Clock = { now: () => Date.now() }

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const RANDOM_BYTES = 10
const POOL_BYTES = RANDOM_BYTES * 512

/**
 * ULIDs (https://github.com/ulid/spec) that rise within this process: 48 bits of time, 80 random bits that count up within
 * a millisecond. Randomness is taken from a pool: one call of the operating system for 512 ids.
 */
export function ulids(clock: Clock = systemClock): Ids {
  const pool = new Uint8Array(POOL_BYTES)
  let at = POOL_BYTES
  let lastMs = 0
  let time = ''
  // 16 digits of 5 bits.
  const digits = new Uint8Array(16)
  const shuffle = (): void => {
    if (at >= POOL_BYTES) {
      randomFillSync(pool)
      at = 0
    }
    let bits = 0
    let held = 0
    let digit = 0
    for (let i = 0; i < RANDOM_BYTES; i++) {
      bits = (bits << 8) | (pool[at++] as number)
      held += 8
      while (held >= 5) {
        held -= 5
        digits[digit++] = (bits >>> held) & 31
      }
    }
  }
  const countUp = (): void => {
    for (let i = 15; i >= 0; i--) {
      if (digits[i] === 31) digits[i] = 0
      else {
        digits[i] = (digits[i] as number) + 1
        return
      }
    }
  }
  return {
    next() {
      // A clock that goes back does not: ids of this process never fall.
      const now = Math.max(lastMs, clock.now())
      if (now === lastMs) countUp()
      else {
        lastMs = now
        time = ''
        for (let rest = now, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = ALPHABET.charAt(rest % 32) + time
        shuffle()
      }
      let id = time
      for (let i = 0; i < 16; i++) id += ALPHABET.charAt(digits[i] as number)
      return id
    },
  }
}
