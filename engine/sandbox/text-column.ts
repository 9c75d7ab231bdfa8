/**
 * Many texts as one block of UTF-8 bytes: what crosses between the engine, the pack host and its workers.
 * `ends[i]` is the byte after text i, so text i begins at `ends[i - 1]` (0 for the first).
 */
export interface TextColumn {
  readonly bytes: Uint8Array
  readonly ends: Uint32Array
}

export function packTexts(texts: readonly string[]): TextColumn {
  const ends = new Uint32Array(texts.length)
  let end = 0
  for (let i = 0; i < texts.length; i++) {
    end += Buffer.byteLength(texts[i] as string)
    ends[i] = end
  }
  // Its own memory, never a slice of Node's shared pool: a slice would be sent with the whole pool around it.
  const bytes = Buffer.allocUnsafeSlow(end)
  let start = 0
  for (const text of texts) start += bytes.write(text, start)
  return { bytes, ends }
}

/** Reads a column without copying it; each text is decoded when it is asked for. */
export class ColumnReader {
  readonly length: number
  readonly #bytes: Buffer
  readonly #ends: Uint32Array

  constructor(column: TextColumn) {
    this.#bytes = Buffer.from(column.bytes.buffer, column.bytes.byteOffset, column.bytes.byteLength)
    this.#ends = column.ends
    this.length = column.ends.length
  }

  text(i: number): string {
    return this.#bytes.toString('utf8', this.#start(i), this.#ends[i])
  }

  /** A view of the text's bytes, not a copy. */
  bytes(i: number): Uint8Array {
    return this.#bytes.subarray(this.#start(i), this.#ends[i])
  }

  #start(i: number): number {
    return i === 0 ? 0 : (this.#ends[i - 1] as number)
  }
}
