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
    return this.#encoding === null ? asciiText(part) : this.#open(this.#encoding).decode(part)
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
      if (isAscii(part)) return asciiText(part)
      const first = part.findIndex(byte => byte >= 0x80)
      const width = sequenceBytes(part[first] ?? 0)
      if (first + width > part.length) {
        this.#held = Uint8Array.from(part.subarray(first))
        return asciiText(part.subarray(0, first))
      }
      // One sequence decides, not all that happens to have arrived: the outcome must not hang on how parts are cut.
      this.#encoding = isUtf8(part.subarray(first, first + width)) ? 'utf-8' : 'windows-1252'
    }
    return this.#open(this.#encoding).decode(part, { stream: true })
  }

  #open(encoding: CsvEncoding): TextDecoder {
    this.#decoder ??= new TextDecoder(encoding, { ignoreBOM: true })
    return this.#decoder
  }
}

/** Bytes of the UTF-8 sequence that a byte begins; 1 where it begins none. */
function sequenceBytes(lead: number): number {
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xc2 && lead < 0xe0 ? 2 : 1
}

function asciiText(part: Uint8Array): string {
  return Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('latin1')
}
