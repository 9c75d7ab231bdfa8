import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'

export type CsvEncoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be'

/**
 * Bytes of a CSV file to text, part by part. A byte order mark decides; else the first bytes beyond ASCII do: valid UTF-8
 * or Windows-1252 (which has Latin-1 inside). Until then both read the same, so nothing has to be read twice. What cannot
 * be decoded becomes U+FFFD, and rows that hold it are refused.
 */
export class TextDecoding {
  #decoder: TextDecoder | null = null
  #encoding: CsvEncoding | null
  #held: Uint8Array = new Uint8Array(0)
  #started = false

  constructor(encoding: CsvEncoding | null) {
    this.#encoding = encoding
  }

  /** The encoding, or null while only ASCII has been seen. */
  get encoding(): CsvEncoding | null {
    return this.#encoding
  }

  push(bytes: Uint8Array): string {
    let part = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
    this.#held = part.subarray(0, 0)
    if (!this.#started) {
      // Three bytes at most decide whether there is a mark.
      if (part.length < 3) {
        this.#held = Uint8Array.from(part)
        return ''
      }
      part = this.#readMark(part)
    }
    return this.#decode(part)
  }

  end(): string {
    let part = this.#held
    this.#held = part.subarray(0, 0)
    if (!this.#started) part = this.#readMark(part)
    if (this.#encoding === null && !isAscii(part)) this.#encoding = isUtf8(part) ? 'utf-8' : 'windows-1252'
    if (this.#encoding === null) return Buffer.from(part).toString('latin1')
    return this.#open(this.#encoding).decode(part)
  }

  #readMark(part: Uint8Array): Uint8Array {
    this.#started = true
    const [a, b, c] = part
    if (a === 0xef && b === 0xbb && c === 0xbf) {
      this.#encoding = 'utf-8'
      return part.subarray(3)
    }
    if (a === 0xff && b === 0xfe) {
      this.#encoding = 'utf-16le'
      return part.subarray(2)
    }
    if (a === 0xfe && b === 0xff) {
      this.#encoding = 'utf-16be'
      return part.subarray(2)
    }
    return part
  }

  #decode(part: Uint8Array): string {
    if (this.#encoding === null) {
      if (isAscii(part)) return Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1')
      const whole = part.subarray(0, part.length - unfinishedBytes(part))
      if (isAscii(whole)) {
        this.#held = Uint8Array.from(part.subarray(whole.length))
        return Buffer.from(whole).toString('latin1')
      }
      this.#encoding = isUtf8(whole) ? 'utf-8' : 'windows-1252'
    }
    return this.#open(this.#encoding).decode(part, { stream: true })
  }

  #open(encoding: CsvEncoding): TextDecoder {
    this.#decoder ??= new TextDecoder(encoding, { ignoreBOM: true })
    return this.#decoder
  }
}

/** Bytes at the end that may be the start of a UTF-8 sequence that goes on in the next part. */
function unfinishedBytes(part: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= part.length; back += 1) {
    const byte = part[part.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return back < needs ? back : 0
    }
  }
  return 0
}
