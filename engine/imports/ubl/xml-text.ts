import { TextDecoder } from 'node:util'

/** The bytes of an XML file are not text in the encoding they claim. */
export class NotText extends Error {
  override readonly name = 'NotText'
}

/** Decodes the bytes of an XML file, part by part: byte order mark, else the encoding of the declaration, else UTF-8. Throws NotText. */
export class XmlText {
  #decoder: TextDecoder | null = null
  #held: Uint8Array = new Uint8Array(0)

  push(bytes: Uint8Array): string {
    let part = bytes
    if (this.#decoder === null) {
      part = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes])
      // The declaration has to be seen whole, or known to be absent.
      if (part.length < DECLARATION_BYTES) {
        this.#held = Uint8Array.from(part)
        return ''
      }
    }
    return this.#decode(part, true)
  }

  end(): string {
    return this.#decode(this.#decoder === null ? this.#held : new Uint8Array(0), false)
  }

  #decode(part: Uint8Array, more: boolean): string {
    try {
      this.#decoder ??= new TextDecoder(encodingOf(part), { fatal: true })
      return this.#decoder.decode(part, { stream: more })
    } catch (error) {
      throw new NotText(error instanceof Error ? error.message : String(error))
    }
  }
}

const DECLARATION_BYTES = 256

function encodingOf(head: Uint8Array): string {
  const [a, b] = head
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  if (a === 0xfe && b === 0xff) return 'utf-16be'
  const declared = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(Buffer.from(head.subarray(0, DECLARATION_BYTES)).toString('latin1'))?.[1]
  return declared ?? 'utf-8'
}
